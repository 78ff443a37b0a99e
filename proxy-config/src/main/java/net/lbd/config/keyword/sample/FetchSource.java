package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.Checkpoint.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a fetch reads, and with it the checkpoints at which it has a value. */
public enum FetchSource {
    CONSTANT("a constant", EnumSet.allOf(Checkpoint.class)),
    INTERNAL("the state of the process", EnumSet.complementOf(EnumSet.of(CONFIGURATION))),
    CLIENT_CONNECTION("the client's connection", EnumSet.complementOf(EnumSet.of(CONFIGURATION))),
    FRONTEND("the frontend", EnumSet.range(FRONTEND_CONNECTION, LOG)),
    CLIENT_TLS("the client's connection behind its handshake", EnumSet.range(FRONTEND_SESSION, LOG)),
    REQUEST("the request", EnumSet.range(FRONTEND_CONTENT, Checkpoint.SERVER_CONNECTION)),
    REQUEST_KEPT("what is kept of the request", EnumSet.range(FRONTEND_CONTENT, LOG)),
    REQUEST_OR_RESPONSE("the request or response", both()),
    BACKEND("the backend", EnumSet.range(BACKEND_CONTENT, CHECK)),
    SERVER("the chosen server", EnumSet.range(Checkpoint.SERVER_CONNECTION, CHECK)),
    SERVER_CONNECTION("the server's connection", EnumSet.range(BACKEND_RESPONSE_CONTENT, CHECK)),
    RESPONSE("the response", response());

    private final String description;
    private final Set<Checkpoint> checkpoints;

    FetchSource(String description, Set<Checkpoint> checkpoints) {
        this.description = description;
        this.checkpoints = Collections.unmodifiableSet(checkpoints);
    }

    /** In words, to fill "reads …". */
    public String description() {
        return description;
    }

    public Set<Checkpoint> checkpoints() {
        return checkpoints;
    }

    private static Set<Checkpoint> response() {
        Set<Checkpoint> set = EnumSet.range(BACKEND_RESPONSE_CONTENT, FRONTEND_RESPONSE);
        set.add(CHECK);
        return set;
    }

    private static Set<Checkpoint> both() {
        Set<Checkpoint> set = EnumSet.range(FRONTEND_CONTENT, FRONTEND_RESPONSE);
        set.add(CHECK);
        return set;
    }
}
