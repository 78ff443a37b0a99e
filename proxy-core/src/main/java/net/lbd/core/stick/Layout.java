package net.lbd.core.stick;

import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;

/**
 * Where in a record of ints the parts of an entry stand. Immutable.
 *
 * <pre>
 * hash, users, expiry (2), older, newer, chain, update id, older update, newer update, key …, data …
 * </pre>
 */
final class Layout {

    static final int HASH = 0;
    /** How many connections and streams track the entry; {@link #FREE} for a record without an entry. */
    static final int USERS = 1;
    /** Two ints: the time in milliseconds. */
    static final int EXPIRY = 2;
    /** The list of entries by their last use. */
    static final int OLDER = 4;
    static final int NEWER = 5;
    /** The next entry of the same bucket; of a free record: the next free one. */
    static final int CHAIN = 6;
    private static final int PLAIN_HEADER = 7;
    /** Of shared tables: the number of the last change, and whether it was made here. */
    static final int UPDATE = 7;
    static final int ORIGIN = 8;
    /** The list of entries by their last change. */
    static final int OLDER_UPDATE = 9;
    static final int NEWER_UPDATE = 10;
    private static final int SHARED_HEADER = 11;

    static final int FREE = -1;
    static final int NONE = -1;

    final boolean shared;
    final boolean lengthStored;
    final int keyAt;
    final int keyLength;
    final int ints;
    private final int[] offsets = new int[StickDataType.values().length];
    private final int[] elements = new int[offsets.length];
    private final int[] periods = new int[offsets.length];

    Layout(StickTableSpec spec) {
        shared = spec.peers().isPresent();
        lengthStored = spec.type() == KeyType.STRING;
        keyAt = shared ? SHARED_HEADER : PLAIN_HEADER;
        keyLength = spec.keyLength();
        int at = keyAt + (lengthStored ? 1 : 0) + (keyLength + 3) / 4;
        for (Stored stored : spec.stored()) {
            int i = stored.type().ordinal();
            offsets[i] = at;
            elements[i] = stored.elements();
            periods[i] = stored.periodMillis();
            at += stored.elements() * width(stored.type());
        }
        ints = at;
    }

    static int width(StickDataType type) {
        return switch (type.kind()) {
            case NUMBER, TEXT -> 1;
            case TOTAL -> 2;
            case RATE -> Rate.INTS;
        };
    }

    /** How many of the type an entry stores; 0: none. */
    int elements(StickDataType type) {
        return elements[type.ordinal()];
    }

    /** Where in a record the element stands. */
    int offset(StickDataType type, int element) {
        return offsets[type.ordinal()] + element * width(type);
    }

    int period(StickDataType type) {
        return periods[type.ordinal()];
    }
}
