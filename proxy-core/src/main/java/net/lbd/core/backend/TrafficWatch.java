package net.lbd.core.backend;

/**
 * Learns how the traffic to a server goes: {@code observe}. Called on every worker's loop, so it must be quick and
 * thread-safe. Source: HAProxy manual, "observe".
 */
public interface TrafficWatch {

    /** What can be said of a server. */
    enum Seen {
        CONNECTED(true, false, ""),
        ANSWERED(true, true, ""),
        NOT_CONNECTED(false, false, "Failed connection"),
        WRONG_STATUS(false, true, "Wrong http response"),
        INVALID_ANSWER(false, true, "Invalid http response (headers)"),
        NO_ANSWER(false, true, "Aborted by the server (http)"),
        TIMEOUT(false, true, "Timeout (http)");

        private final boolean good;
        private final boolean ofAnswers;
        private final String description;

        Seen(boolean good, boolean ofAnswers, String description) {
            this.good = good;
            this.ofAnswers = ofAnswers;
            this.description = description;
        }

        public boolean isGood() {
            return good;
        }

        /** Only {@code layer7} knows of it. */
        public boolean isOfAnswers() {
            return ofAnswers;
        }

        public String description() {
            return description;
        }
    }

    /** Does not look. */
    TrafficWatch NONE = seen -> { };

    void saw(Seen seen);

    /** Looks at the status of an answer: 5xx are errors, but for 501 and 505, which the client asked for. */
    default void sawStatus(int status) {
        saw(status >= 500 && status != 501 && status != 505 ? Seen.WRONG_STATUS : Seen.ANSWERED);
    }
}
