/**
 * The daemon {@code lbd} and its control command {@code lbctl}; here only what both share: which
 * version this is.
 */
package net.lbd.cli;
