package net.lbd.config.model;

import java.util.Arrays;
import java.util.Set;

/**
 * {@code retry-on}: after which failures a request is sent again. Immutable. Source: HAProxy manual, "retry-on".
 */
public final class RetryOn {

    /** What may happen to a request besides a status. */
    public enum Event { CONN_FAILURE, EMPTY_RESPONSE, JUNK_RESPONSE, RESPONSE_TIMEOUT, REJECTED_EARLY_DATA }

    /** What holds without the directive: connections are tried again, requests are not. */
    public static final RetryOn CONNECTIONS = new RetryOn(Set.of(Event.CONN_FAILURE), Set.of());

    private final Set<Event> events;
    private final int[] statuses;

    public RetryOn(Set<Event> events, Set<Integer> statuses) {
        this.events = Set.copyOf(events);
        this.statuses = statuses.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    public boolean on(Event event) {
        return events.contains(event);
    }

    /** Whether a response with this status is a failure after which to try again. */
    public boolean onStatus(int status) {
        for (int each : statuses) {
            if (each == status) {
                return true;
            }
        }
        return false;
    }

    /** Whether requests may have to be sent again that a server has got: what is sent must be kept. */
    public boolean repeatsRequests() {
        return statuses.length > 0 || on(Event.EMPTY_RESPONSE) || on(Event.JUNK_RESPONSE) || on(Event.RESPONSE_TIMEOUT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetryOn that && events.equals(that.events) && Arrays.equals(statuses, that.statuses);
    }

    @Override
    public int hashCode() {
        return 31 * events.hashCode() + Arrays.hashCode(statuses);
    }

    @Override
    public String toString() {
        return events + " " + Arrays.toString(statuses);
    }
}
