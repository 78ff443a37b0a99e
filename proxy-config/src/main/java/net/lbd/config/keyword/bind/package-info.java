/**
 * The keyword tables of {@code bind} lines. Everything here is immutable.
 */
package net.lbd.config.keyword.bind;
