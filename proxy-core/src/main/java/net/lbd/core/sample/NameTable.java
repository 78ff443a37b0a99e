package net.lbd.core.sample;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import net.lbd.core.http.Ascii;

/**
 * Things by a name that comes as bytes, for names that are made while a request is looked at. Immutable;
 * a look-up allocates nothing.
 */
public final class NameTable<T> {

    private final byte[][] keys;
    private final Optional<T>[] values;

    @SuppressWarnings("unchecked")
    NameTable(Map<String, T> entries) {
        int size = Integer.highestOneBit(Math.max(1, entries.size())) * 4;
        keys = new byte[size][];
        values = (Optional<T>[]) new Optional<?>[size];
        entries.forEach((name, value) -> {
            byte[] key = Ascii.bytes(name);
            int slot = slotOf(key, key.length);
            while (keys[slot] != null) {
                slot = slot + 1 & keys.length - 1;
            }
            keys[slot] = key;
            values[slot] = Optional.of(value);
        });
    }

    /** @param length of the name, which begins at index 0 */
    public Optional<T> find(byte[] name, int length) {
        int slot = slotOf(name, length);
        while (keys[slot] != null) {
            if (Arrays.equals(keys[slot], 0, keys[slot].length, name, 0, length)) {
                return values[slot];
            }
            slot = slot + 1 & keys.length - 1;
        }
        return Optional.empty();
    }

    private int slotOf(byte[] name, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + name[i];
        }
        return hash & keys.length - 1;
    }
}
