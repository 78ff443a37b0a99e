package net.lbd.config.keyword.sample;

/** The moments at which samples are used, in the order in which a stream passes them. */
public enum Checkpoint {
    FRONTEND_CONNECTION("tcp-request connection rules"),
    FRONTEND_SESSION("tcp-request session rules"),
    FRONTEND_CONTENT("a frontend's tcp-request content rules"),
    FRONTEND_REQUEST("a frontend's http-request rules"),
    BACKEND_SWITCHING("use_backend rules"),
    BACKEND_CONTENT("a backend's tcp-request content rules"),
    BACKEND_REQUEST("a backend's http-request rules"),
    SERVER_CHOICE("balance, use-server and stick rules"),
    SERVER_CONNECTION("the parameters of a server"),
    BACKEND_RESPONSE_CONTENT("tcp-response content rules"),
    BACKEND_RESPONSE("a backend's http-response rules"),
    STICK_STORE("stick store-response rules"),
    FRONTEND_RESPONSE("a frontend's http-response rules"),
    LOG("log lines"),
    CHECK("health checks"),
    CONFIGURATION("the configuration itself");

    private final String description;

    Checkpoint(String description) {
        this.description = description;
    }

    /** In words, to fill "not available in …". */
    public String description() {
        return description;
    }
}
