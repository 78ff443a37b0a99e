/**
 * Advice about configurations that load and yet most likely do not do what their author wants, with
 * Exchange in mind: each lint looks at the checked configuration, and at the lines where the model has
 * no place for something, and says what it noticed under a code of its own ({@code LBX…}). Entry type:
 * {@link net.lbd.config.lint.Linter}. A comment {@code # lbd: ignore LBX013} on the line that a message
 * shows silences it. Stateless but for the diagnostics of one load.
 */
package net.lbd.config.lint;
