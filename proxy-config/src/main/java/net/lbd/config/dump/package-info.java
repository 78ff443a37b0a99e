/**
 * The effective configuration as text: conditionals decided, variables replaced, {@code defaults}
 * written out where they apply. Entry type: {@link net.lbd.config.dump.ConfigurationDump}. Stateless.
 */
package net.lbd.config.dump;
