package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code stick-table} line of a proxy, or a {@code table} line of a {@code peers} section. Immutable. Source: HAProxy
 * manual, "stick-table".
 *
 * @param name that of the proxy, or {@code section/table}
 * @param keyLength bytes of a key; of a string: at most
 * @param size entries at most
 * @param expireMillis 0: entries do not expire
 * @param nopurge a full table refuses new keys instead of forgetting the oldest
 * @param peers the section that the table is shared by
 * @param serverByAddress {@code srvkey addr}: servers are known by address and port, not by name
 * @param stored in the order of {@link StickDataType}
 * @param writeTo a table that what peers send goes to as well
 * @param secret keys are credentials, as rules use the table: they are not shown
 * @param receiveOnly {@code recv-only}: what changes here is not sent to peers
 */
public record StickTableSpec(
        String name,
        SourceLocation location,
        KeyType type,
        int keyLength,
        int size,
        long expireMillis,
        boolean nopurge,
        Optional<String> peers,
        boolean serverByAddress,
        List<Stored> stored,
        Optional<String> writeTo,
        boolean receiveOnly,
        boolean secret) {

    /** What a key is; {@code code} is its number in the peers protocol. */
    public enum KeyType {
        INTEGER("integer", 2), IP("ip", 4), IPV6("ipv6", 5), STRING("string", 6), BINARY("binary", 7);

        private final String word;
        private final int code;

        KeyType(String word, int code) {
            this.word = word;
            this.code = code;
        }

        public String word() {
            return word;
        }

        public int code() {
            return code;
        }
    }

    /**
     * One data type that entries store.
     *
     * @param elements how many of it; 1 but for arrays
     * @param periodMillis of a rate; 0 for others
     */
    public record Stored(StickDataType type, int elements, int periodMillis) {
        public Stored {
            Objects.requireNonNull(type, "type");
        }
    }

    public StickTableSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(peers, "peers");
        stored = List.copyOf(stored);
        Objects.requireNonNull(writeTo, "writeTo");
    }

    public Optional<Stored> stored(StickDataType data) {
        return stored.stream().filter(s -> s.type() == data).findFirst();
    }

    /** The same as rules use it. */
    public StickTableSpec used(List<Stored> others, boolean asSecret) {
        return new StickTableSpec(name, location, type, keyLength, size, expireMillis, nopurge, peers, serverByAddress, others,
                writeTo, receiveOnly, asSecret);
    }

    /** The same, shared by a section. */
    public StickTableSpec sharedBy(String section) {
        return new StickTableSpec(name, location, type, keyLength, size, expireMillis, nopurge, Optional.of(section), serverByAddress,
                stored, writeTo, receiveOnly, secret);
    }

    /** Whether the entries of the other table are good for this one, wherever the lines stand. */
    public boolean isSameTable(StickTableSpec other) {
        return new StickTableSpec(other.name, location, other.type, other.keyLength, other.size, other.expireMillis, other.nopurge,
                other.peers, other.serverByAddress, other.stored, other.writeTo, other.receiveOnly, secret).equals(this);
    }

    /** The name that peers know the table by: two tables of one name in different sections must not meet. */
    public String sharedName() {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(slash);
    }
}
