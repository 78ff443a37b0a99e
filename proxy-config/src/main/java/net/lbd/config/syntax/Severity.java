package net.lbd.config.syntax;

/** How much a {@link Diagnostic} matters. */
public enum Severity {
    /** The configuration cannot be used. */
    ERROR("ALERT", "error"),
    /** The configuration can be used, but probably does not do what its author wants. */
    WARNING("WARNING", "warning"),
    /** Worth knowing: a word that this version reads but cannot carry out. */
    NOTICE("NOTICE", "note");

    private final String label;
    private final String sarifLevel;

    Severity(String label, String sarifLevel) {
        this.label = label;
        this.sarifLevel = sarifLevel;
    }

    /** HAProxy's word for it, as in {@code [ALERT]}. */
    public String label() {
        return label;
    }

    /** SARIF's word for it (SARIF 2.1.0 §3.27.10). */
    public String sarifLevel() {
        return sarifLevel;
    }
}
