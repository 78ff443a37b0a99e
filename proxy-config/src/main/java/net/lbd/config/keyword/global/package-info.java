/**
 * The keyword tables of {@code global}. Everything here is immutable.
 */
package net.lbd.config.keyword.global;
