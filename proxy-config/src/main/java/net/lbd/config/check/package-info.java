/**
 * Drafts to the model, with every check that needs more than one line: references, modes, samples,
 * certificates, duplicates. Entry type: {@link net.lbd.config.check.ConfigChecker}. Instances belong to
 * one load and one thread.
 */
package net.lbd.config.check;
