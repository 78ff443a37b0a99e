package net.lbd.health.check;

/**
 * How a check ended, by HAProxy's codes; {@code name()} is what statistics and the runtime socket show.
 * Source: HAProxy management guide, "check_status".
 */
public enum CheckStatus {
    /** The traffic speaks, not a check: {@code observe}. */
    HANA("Health analyze"),
    /** The connection broke in mid-check, or could not be tried at all. */
    SOCKERR("Socket error"),
    L4OK("Layer4 check passed"),
    L4TOUT("Layer4 timeout"),
    L4CON("Layer4 connection problem"),
    L6OK("Layer6 check passed"),
    L6TOUT("Layer6 timeout"),
    L6RSP("Layer6 invalid response"),
    L7OK("Layer7 check passed"),
    /** Passed, and the server asks for no new sessions. */
    L7OKC("Layer7 check conditionally passed"),
    L7TOUT("Layer7 timeout"),
    L7RSP("Layer7 invalid response"),
    L7STS("Layer7 wrong status"),
    PROCERR("External check error"),
    PROCTOUT("External check timeout"),
    PROCOK("External check passed");

    private final String description;

    CheckStatus(String description) {
        this.description = description;
    }

    /** The words that logs and the statistics page use. */
    public String description() {
        return description;
    }

    /** Whether a code belongs to it, if only 0: that of the protocol, or of the program's exit. */
    public boolean hasCode() {
        return switch (this) {
            case L7OK, L7OKC, L7STS, PROCERR, PROCTOUT, PROCOK -> true;
            default -> false;
        };
    }

    /** Whether it speaks for the server. */
    public boolean passes() {
        return switch (this) {
            case L4OK, L6OK, L7OK, L7OKC, PROCOK -> true;
            default -> false;
        };
    }
}
