package net.lbd.core.report;

/** How a change on the statistics page ended, as it stands in the address that the browser is sent to. Source: HAProxy's page. */
public enum StatsOutcome {
    DONE("Done."),
    /** Done for some of the servers. */
    PART("Done for some of the servers only."),
    NONE("Nothing was done: no server or no action was chosen."),
    /** The form cannot be understood, or names what is not there or not on the page. */
    ERRP("Nothing was done: the form names what is not there."),
    /** The form is longer than is read, or has not come whole, or its length was not told. */
    EXCD("Nothing was done: the form is too long, or has not come whole."),
    /** The token is missing, or not the one that the page gave out. */
    DENY("Refused: the form did not come from this page. Load the page again.");

    private final String text;

    StatsOutcome(String text) {
        this.text = text;
    }

    /** For readers of the page. */
    public String text() {
        return text;
    }
}
