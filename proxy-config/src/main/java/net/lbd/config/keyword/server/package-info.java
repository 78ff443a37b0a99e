/**
 * The keyword tables of {@code server} and {@code default-server} lines. Everything here is immutable.
 */
package net.lbd.config.keyword.server;
