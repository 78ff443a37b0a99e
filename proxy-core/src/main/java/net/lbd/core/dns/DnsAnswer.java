package net.lbd.core.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the name servers of a section have said to a question. Immutable.
 *
 * @param addresses of a valid answer to a question for addresses, each once
 * @param services of a valid answer to a question for SRV records, each once
 * @param additional addresses of the services' targets, as far as the answer brought them along
 * @param nameServer who answered, for messages; empty if nobody did
 */
public record DnsAnswer(Status status, List<InetAddress> addresses, List<Service> services, Map<String, List<InetAddress>> additional,
        String nameServer) {

    /** Stands for no answer. */
    public static final DnsAnswer NONE = failed(Status.OTHER);

    /** How it went. Only a {@code VALID} answer has records. */
    public enum Status {
        VALID, NX, REFUSED, TIMEOUT, OTHER;

        /** As the log names it. */
        public String text() {
            return switch (this) {
                case VALID -> "DNS valid status";
                case NX -> "DNS NX status";
                case REFUSED -> "DNS refused status";
                case TIMEOUT -> "DNS timeout status";
                case OTHER -> "unspecified DNS error";
            };
        }
    }

    /**
     * A record of a service.
     *
     * @param target a name in lower case
     * @param weight 0 to 65535
     */
    public record Service(String target, int port, int weight) {
        public Service {
            Objects.requireNonNull(target, "target");
        }

        /** Whether both name the same server. */
        public boolean isSame(Service other) {
            return port == other.port && target.equals(other.target);
        }

        /** The weight of the server, 1 to 256, as HAProxy reckons it. */
        public int serverWeight() {
            return weight / 256 + 1;
        }
    }

    public DnsAnswer {
        Objects.requireNonNull(status, "status");
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
        additional = Map.copyOf(additional);
        Objects.requireNonNull(nameServer, "nameServer");
    }

    static DnsAnswer failed(Status status) {
        return new DnsAnswer(status, List.of(), List.of(), Map.of(), "");
    }
}
