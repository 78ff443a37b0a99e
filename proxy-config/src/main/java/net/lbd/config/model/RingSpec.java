package net.lbd.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A {@code ring} section: the last lines of a log in memory, and servers that get each of them. Immutable. Source: HAProxy manual, "Rings".
 *
 * @param description for people; the name where nothing is said
 * @param format of the lines, whatever a {@code log} line says (default raw)
 * @param maxLineBytes longer lines are cut
 * @param sizeBytes of lines that are kept; the oldest make room (default 16384)
 * @param connectTimeout zero: five seconds
 * @param serverTimeout how long a server may take nothing of what it was sent; zero: half a minute
 */
public record RingSpec(String name, String description, LogTargetSpec.Format format, int maxLineBytes, int sizeBytes,
        List<Server> servers, Duration connectTimeout, Duration serverTimeout) {

    /** Of HAProxy's {@code tune.bufsize}. */
    public static final int DEFAULT_BYTES = 16384;

    public RingSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(format, "format");
        servers = List.copyOf(servers);
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        Objects.requireNonNull(serverTimeout, "serverTimeout");
    }

    /**
     * A syslog server over a connection.
     *
     * @param octetCount {@code log-proto octet-count}: each line follows its length (RFC 6587 §3.4.1); else it ends with a line feed
     */
    public record Server(String name, LogTargetSpec.Destination destination, boolean octetCount) {
        public Server {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(destination, "destination");
        }
    }

    /** A section of which nothing is known but its name. */
    public static RingSpec named(String name) {
        return new RingSpec(name, name, LogTargetSpec.Format.RAW, DEFAULT_BYTES, DEFAULT_BYTES, List.of(), Duration.ZERO, Duration.ZERO);
    }
}
