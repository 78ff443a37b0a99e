/**
 * Comparing samples with the patterns of an ACL. Entry type: {@link net.lbd.core.pattern.PatternSet}, one
 * for each {@code acl} line, made by {@link net.lbd.core.pattern.PatternSets}. Everything here is
 * immutable and shared by all event loops; matching allocates nothing.
 */
package net.lbd.core.pattern;
