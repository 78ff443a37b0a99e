package net.lbd.core.stick;

import java.util.Arrays;

/**
 * A part of a table: its entries are those whose hash falls on it. Records of ints in pages that are made as they are
 * needed, a hash index of chains, and a list by last use, at whose old end whatever expires stands. An entry is named by
 * the number of its record. Every method but the constructor wants the lock of this object to be held.
 */
final class Segment {

    private static final int PAGE_BITS = 7;
    private static final int PAGE_RECORDS = 1 << PAGE_BITS;
    private static final int FIRST_BUCKETS = 16;
    /** How far from the young end of the list a learned entry is put in by its expiry. */
    private static final int ORDER_STEPS = 64;

    private final Layout layout;
    private int[][] pages = {};
    private int[] buckets = filled(FIRST_BUCKETS);
    private int records;
    private int firstFree = Layout.NONE;
    private int entries;
    private int oldest = Layout.NONE;
    private int youngest = Layout.NONE;
    private int lastUpdated = Layout.NONE;

    Segment(Layout layout) {
        this.layout = layout;
    }

    private static int[] filled(int size) {
        int[] array = new int[size];
        Arrays.fill(array, Layout.NONE);
        return array;
    }

    /** What pages and index occupy. */
    long bytes() {
        return (long) pages.length * PAGE_RECORDS * layout.ints * Integer.BYTES + (long) buckets.length * Integer.BYTES;
    }

    /** Records that have been used so far; some of them are free. */
    int records() {
        return records;
    }

    boolean isEntry(int record) {
        return page(record)[base(record) + Layout.USERS] != Layout.FREE;
    }

    int[] page(int record) {
        return pages[record >> PAGE_BITS];
    }

    /** Where in its page the record begins. */
    int base(int record) {
        return (record & PAGE_RECORDS - 1) * layout.ints;
    }

    int get(int record, int field) {
        return page(record)[base(record) + field];
    }

    void set(int record, int field, int value) {
        page(record)[base(record) + field] = value;
    }

    long expiry(int record) {
        int[] page = page(record);
        int at = base(record) + Layout.EXPIRY;
        return (long) page[at] << 32 | page[at + 1] & 0xffffffffL;
    }

    private void setExpiry(int record, long millis) {
        int[] page = page(record);
        int at = base(record) + Layout.EXPIRY;
        page[at] = (int) (millis >> 32);
        page[at + 1] = (int) millis;
    }

    // ---- keys

    /** The record of a key, or {@link Layout#NONE}. */
    int find(int hash, byte[] key, int offset, int length) {
        for (int record = buckets[hash & buckets.length - 1]; record != Layout.NONE; record = get(record, Layout.CHAIN)) {
            if (get(record, Layout.HASH) == hash && hasKey(record, key, offset, length)) {
                return record;
            }
        }
        return Layout.NONE;
    }

    private boolean hasKey(int record, byte[] key, int offset, int length) {
        int[] page = page(record);
        int at = base(record) + layout.keyAt;
        if (layout.lengthStored && page[at++] != length) {
            return false;
        }
        for (int i = 0; i < length; i += 4, at++) {
            if (page[at] != packed(key, offset + i, length - i)) {
                return false;
            }
        }
        return true;
    }

    private static int packed(byte[] key, int offset, int left) {
        int value = key[offset] << 24;
        if (left > 1) {
            value |= (key[offset + 1] & 0xff) << 16;
        }
        if (left > 2) {
            value |= (key[offset + 2] & 0xff) << 8;
        }
        return left > 3 ? value | key[offset + 3] & 0xff : value;
    }

    byte[] key(int record) {
        int[] page = page(record);
        int at = base(record) + layout.keyAt;
        byte[] key = new byte[layout.lengthStored ? page[at++] : layout.keyLength];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (page[at + i / 4] >> 24 - 8 * (i % 4));
        }
        return key;
    }

    // ---- entries

    /** Makes an entry, all zero, at the young end. */
    int insert(int hash, byte[] key, int offset, int length) {
        int record = firstFree;
        if (record != Layout.NONE) {
            firstFree = get(record, Layout.CHAIN);
        } else {
            record = records++;
            if (record >> PAGE_BITS == pages.length) {
                pages = Arrays.copyOf(pages, pages.length + 1);
                pages[pages.length - 1] = new int[PAGE_RECORDS * layout.ints];
            }
        }
        if (++entries > buckets.length) {
            rehash();
        }
        int[] page = page(record);
        int at = base(record);
        Arrays.fill(page, at, at + layout.ints, 0);
        page[at + Layout.HASH] = hash;
        int bucket = hash & buckets.length - 1;
        page[at + Layout.CHAIN] = buckets[bucket];
        buckets[bucket] = record;
        if (layout.shared) {
            page[at + Layout.OLDER_UPDATE] = Layout.NONE;
            page[at + Layout.NEWER_UPDATE] = Layout.NONE;
        }
        int to = at + layout.keyAt;
        if (layout.lengthStored) {
            page[to++] = length;
        }
        for (int i = 0; i < length; i += 4) {
            page[to++] = packed(key, offset + i, length - i);
        }
        link(record, youngest);
        return record;
    }

    private void rehash() {
        int[] larger = filled(buckets.length * 2);
        for (int first : buckets) {
            for (int record = first; record != Layout.NONE;) {
                int next = get(record, Layout.CHAIN);
                int bucket = get(record, Layout.HASH) & larger.length - 1;
                set(record, Layout.CHAIN, larger[bucket]);
                larger[bucket] = record;
                record = next;
            }
        }
        buckets = larger;
    }

    void remove(int record) {
        int bucket = get(record, Layout.HASH) & buckets.length - 1;
        if (buckets[bucket] == record) {
            buckets[bucket] = get(record, Layout.CHAIN);
        } else {
            int before = buckets[bucket];
            while (get(before, Layout.CHAIN) != record) {
                before = get(before, Layout.CHAIN);
            }
            set(before, Layout.CHAIN, get(record, Layout.CHAIN));
        }
        unlink(record);
        if (layout.shared) {
            unlinkUpdate(record);
        }
        set(record, Layout.USERS, Layout.FREE);
        set(record, Layout.CHAIN, firstFree);
        firstFree = record;
        entries--;
    }

    // ---- the list by last use

    /** Behind {@code older}; {@link Layout#NONE}: at the old end. */
    private void link(int record, int older) {
        int newer = older == Layout.NONE ? oldest : get(older, Layout.NEWER);
        set(record, Layout.OLDER, older);
        set(record, Layout.NEWER, newer);
        if (older == Layout.NONE) {
            oldest = record;
        } else {
            set(older, Layout.NEWER, record);
        }
        if (newer == Layout.NONE) {
            youngest = record;
        } else {
            set(newer, Layout.OLDER, record);
        }
    }

    private void unlink(int record) {
        int older = get(record, Layout.OLDER);
        int newer = get(record, Layout.NEWER);
        if (older == Layout.NONE) {
            oldest = newer;
        } else {
            set(older, Layout.NEWER, newer);
        }
        if (newer == Layout.NONE) {
            youngest = older;
        } else {
            set(newer, Layout.OLDER, older);
        }
    }

    /** The entry is used: it expires then, and is the youngest. */
    void touch(int record, long expiryMillis) {
        setExpiry(record, expiryMillis);
        if (record != youngest) {
            unlink(record);
            link(record, youngest);
        }
    }

    /** As {@link #touch}, for an expiry that may lie before those of entries that were used since. */
    void touchInOrder(int record, long expiryMillis) {
        setExpiry(record, expiryMillis);
        unlink(record);
        int older = youngest;
        for (int steps = 0; older != Layout.NONE && steps < ORDER_STEPS && expiry(older) > expiryMillis; steps++) {
            older = get(older, Layout.OLDER);
        }
        link(record, older);
    }

    /** The first entry from the old end that nobody tracks, behind {@code from}; {@link Layout#NONE} if there is none. */
    int oldestUnused(int from) {
        int record = from == Layout.NONE ? oldest : get(from, Layout.NEWER);
        while (record != Layout.NONE && get(record, Layout.USERS) > 0) {
            record = get(record, Layout.NEWER);
        }
        return record;
    }

    // ---- the list by last change

    void linkUpdate(int record) {
        if (record == lastUpdated) {
            return;
        }
        unlinkUpdate(record);
        set(record, Layout.OLDER_UPDATE, lastUpdated);
        set(record, Layout.NEWER_UPDATE, Layout.NONE);
        if (lastUpdated != Layout.NONE) {
            set(lastUpdated, Layout.NEWER_UPDATE, record);
        }
        lastUpdated = record;
    }

    private void unlinkUpdate(int record) {
        int older = get(record, Layout.OLDER_UPDATE);
        int newer = get(record, Layout.NEWER_UPDATE);
        if (older != Layout.NONE) {
            set(older, Layout.NEWER_UPDATE, newer);
        }
        if (newer != Layout.NONE) {
            set(newer, Layout.OLDER_UPDATE, older);
        }
        if (lastUpdated == record) {
            lastUpdated = older;
        }
        set(record, Layout.OLDER_UPDATE, Layout.NONE);
        set(record, Layout.NEWER_UPDATE, Layout.NONE);
    }

    /** The entry that was changed last; {@link Layout#NONE} if none was. */
    int lastUpdated() {
        return lastUpdated;
    }
}
