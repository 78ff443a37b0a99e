/**
 * The immutable result of reading a configuration: what the runtime is built from. Entry type:
 * {@link net.lbd.config.model.Configuration}. Every reference is resolved and every default applied;
 * each part knows the line it comes from. All types here are immutable and safe for any thread.
 *
 * <p>Single-valued directives and the parameters of {@code bind} and {@code server} lines are
 * {@link net.lbd.config.model.Setting}s (typed, with their origin, in
 * {@link net.lbd.config.model.Settings}); whatever has structure of its own is a record.
 */
package net.lbd.config.model;
