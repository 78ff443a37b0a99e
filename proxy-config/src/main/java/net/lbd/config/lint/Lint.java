package net.lbd.config.lint;

/** One thing to look for. Implementations are stateless rows of the family classes of this package. */
@FunctionalInterface
interface Lint {

    void look(LintScope scope);
}
