package net.lbd.config.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code resolvers} section: name servers, and how they are asked. Immutable. Source: HAProxy manual, "The resolvers section".
 *
 * @param retries how often a question is asked before it is given up; default 3
 * @param resolve the time between two questions for the same name; default 1s
 * @param retry how long an answer is waited for; default 1s
 * @param payloadBytes the largest answer over UDP, told to the name servers; default 512
 */
public record ResolversSpec(String name, SourceLocation location, List<NameServer> nameServers, int retries, Duration resolve,
        Duration retry, Holds holds, int payloadBytes) {

    /** A name server. */
    public record NameServer(String name, InetAddress address, int port, boolean tcp) {
        public NameServer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
        }
    }

    /**
     * For how long the last valid answer counts more than what came behind it.
     *
     * @param valid how long the answer to a {@code do-resolve} rule is used again
     * @param obsolete how long a record is kept that valid answers do not hold any more
     */
    public record Holds(Duration nx, Duration refused, Duration timeout, Duration other, Duration valid, Duration obsolete) {
        public static final Holds DEFAULT = new Holds(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30),
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ZERO);
    }

    /** A section in which nothing but name servers stands. */
    public static ResolversSpec usual(String name, List<NameServer> nameServers) {
        return new ResolversSpec(name, SourceLocation.BUILT_IN, nameServers, 3, Duration.ofSeconds(1), Duration.ofSeconds(1), Holds.DEFAULT, 512);
    }

    public ResolversSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        nameServers = List.copyOf(nameServers);
        Objects.requireNonNull(resolve, "resolve");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(holds, "holds");
    }
}
