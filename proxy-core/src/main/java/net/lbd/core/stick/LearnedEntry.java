package net.lbd.core.stick;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.StickDataType;

/** What a peer says of a key: made by one session, and used once. */
final class LearnedEntry {

    private record Value(StickDataType type, int element, long number, long second, long third) { }

    private final byte[] key;
    private final long expiresInMillis;
    private final List<Value> values = new ArrayList<>();

    /** @param expiresInMillis negative: the peer did not say */
    LearnedEntry(byte[] key, long expiresInMillis) {
        this.key = key;
        this.expiresInMillis = expiresInMillis;
    }

    byte[] key() {
        return key;
    }

    long expiresInMillis() {
        return expiresInMillis;
    }

    void number(StickDataType type, int element, long number) {
        values.add(new Value(type, element, number, 0, 0));
    }

    void rate(StickDataType type, int element, int begin, long count, long before) {
        values.add(new Value(type, element, begin, count, before));
    }

    /** Replaces what a record holds; whoever calls holds the lock of the segment. */
    void putInto(TableValues table, Segment segment, int record) {
        for (Value value : values) {
            // Connections are this process's own.
            if (value.type != StickDataType.CONN_CUR) {
                table.put(segment, record, value.type, value.element, value.number, value.second, value.third);
            }
        }
    }
}
