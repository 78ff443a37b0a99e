package net.lbd.core.stick;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import net.lbd.config.model.StickTableSpec.Stored;

/**
 * What an entry was when it was looked at. Immutable.
 *
 * @param id no other entry of the table has it
 * @param users connections and streams that track it
 * @param expiresInMillis 0 in a table without expiry
 */
public record StickEntry(long id, byte[] key, int users, long expiresInMillis, List<Value> values) {

    static final Comparator<StickEntry> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

    /**
     * One value of it.
     *
     * @param element its place in an array, from 0
     * @param text of a server's key
     */
    public record Value(Stored stored, int element, long number, String text) {
        public Value {
            Objects.requireNonNull(stored, "stored");
            Objects.requireNonNull(text, "text");
        }
    }

    public StickEntry {
        Objects.requireNonNull(key, "key");
        values = List.copyOf(values);
    }
}
