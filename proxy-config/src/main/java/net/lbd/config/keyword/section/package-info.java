/**
 * The keyword tables of the sections that are neither {@code global} nor proxies. Everything here is
 * immutable.
 */
package net.lbd.config.keyword.section;
