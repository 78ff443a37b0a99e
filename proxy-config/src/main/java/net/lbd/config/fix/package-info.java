/**
 * Mends in the text of a configuration what can be mended without asking: words without effect, and
 * words that are read as something else. Entry type: {@link net.lbd.config.fix.Mender}. Pure functions.
 */
package net.lbd.config.fix;
