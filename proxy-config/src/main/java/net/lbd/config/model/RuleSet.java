package net.lbd.config.model;

/** The list a rule belongs to, and with it the moment at which it is looked at. */
public enum RuleSet {
    TCP_REQUEST_CONNECTION("tcp-request connection"),
    TCP_REQUEST_SESSION("tcp-request session"),
    TCP_REQUEST_CONTENT("tcp-request content"),
    TCP_RESPONSE_CONTENT("tcp-response content"),
    HTTP_REQUEST("http-request"),
    /** The {@code redirect} lines of a proxy: looked at after its {@code http-request} rules. */
    REDIRECT("redirect"),
    HTTP_RESPONSE("http-response"),
    HTTP_AFTER_RESPONSE("http-after-response"),
    /** Looked at before a server is chosen. */
    USE_SERVER("use-server"),
    FORCE_PERSIST("force-persist"),
    IGNORE_PERSIST("ignore-persist"),
    /** When {@code monitor-uri} answers with an error. */
    MONITOR_FAIL("monitor fail"),
    /** Who may change servers on the statistics page. */
    STATS_ADMIN("stats admin"),
    /** Who may see the statistics page. */
    STATS_ACCESS("stats http-request");

    private final String keyword;

    RuleSet(String keyword) {
        this.keyword = keyword;
    }

    /** The words that begin such a line. */
    public String keyword() {
        return keyword;
    }
}
