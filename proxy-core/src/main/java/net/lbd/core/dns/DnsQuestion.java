package net.lbd.core.dns;

import io.netty.handler.codec.dns.DnsRecordType;
import java.net.IDN;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.AddressFamily;

/**
 * What name servers are asked. Immutable.
 *
 * @param name in lower case, without a dot at its end
 */
public record DnsQuestion(String name, Kind kind) {

    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    /** What is wanted. */
    public enum Kind {
        /** Addresses, those of IPv4 first. */
        IPV4_FIRST(DnsRecordType.A, DnsRecordType.AAAA),
        /** Addresses, those of IPv6 first. */
        IPV6_FIRST(DnsRecordType.AAAA, DnsRecordType.A),
        /** SRV records. */
        SERVICES(DnsRecordType.SRV, DnsRecordType.SRV);

        private final DnsRecordType first;
        private final DnsRecordType second;

        Kind(DnsRecordType first, DnsRecordType second) {
            this.first = first;
            this.second = second;
        }

        DnsRecordType first() {
            return first;
        }

        /** What is asked for where there is none of the first; the same if there is no other. */
        DnsRecordType second() {
            return second;
        }
    }

    public DnsQuestion {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
    }

    /** The addresses of a name; empty if no name server could know the name. */
    public static Optional<DnsQuestion> addresses(String name, AddressFamily first) {
        return normal(name).map(n -> new DnsQuestion(n, first == AddressFamily.IPV4 ? Kind.IPV4_FIRST : Kind.IPV6_FIRST));
    }

    /** The SRV records of a label; empty if no name server could know it. */
    public static Optional<DnsQuestion> services(String label) {
        return normal(label).map(n -> new DnsQuestion(n, Kind.SERVICES));
    }

    /** A name as it is asked for and compared; empty for what is not a name (RFC 1035 §2.3.4). */
    static Optional<String> normal(String name) {
        String text = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        if (!isPlain(text)) {
            try {
                text = IDN.toASCII(text);
            } catch (IllegalArgumentException e) {
                // No name that could be written down in DNS.
                return Optional.empty();
            }
        }
        if (!isPlain(text)) {
            return Optional.empty();
        }
        for (String label : text.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
