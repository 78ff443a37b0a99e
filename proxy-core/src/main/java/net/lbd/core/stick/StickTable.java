package net.lbd.core.stick;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickDataType.Kind;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.Sample;

/**
 * A table of keys with counters, and with the server that a key is bound to. Source: HAProxy manual, "stick-table".
 *
 * <p>Thread-safe: the table is cut into {@link Segment}s by the hash of the key, and each operation holds the lock of one
 * segment for as long as it takes to read or write some ints; no operation holds two locks, allocates per entry, or waits for
 * anything else. An entry that is in use is named by a handle, which is good until it is given back: such an entry does not
 * expire.
 *
 * <p>Long because the layout of an entry is known here alone: whoever finds, stores, counts, expires or removes one
 * goes by the same offsets.
 */
public final class StickTable {

    /** No entry. */
    public static final long NONE = -1;
    /** No value: there is no such entry, or the table does not store the type. */
    public static final long ABSENT = Long.MIN_VALUE;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SMALL = 4096;
    private static final int LARGE = 65536;
    private static final int TRIES = 4;

    private final StickTableSpec spec;
    private final Layout layout;
    private final Segment[] segments;
    private final int segmentShift;
    private final LongSupplier clockMillis;
    /** Clients must not be able to choose keys of one bucket. */
    private final int seed = RANDOM.nextInt();
    private final AtomicInteger used = new AtomicInteger();
    private final StickWords words = new StickWords();
    private final TableValues values;
    private final AtomicInteger updates = new AtomicInteger();
    private volatile Optional<Runnable> watcher = Optional.empty();

    /** @param clockMillis never goes back */
    public StickTable(StickTableSpec spec, LongSupplier clockMillis) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.clockMillis = Objects.requireNonNull(clockMillis, "clockMillis");
        this.layout = new Layout(spec);
        this.values = new TableValues(layout);
        int bits = spec.size() < SMALL ? 0 : spec.size() < LARGE ? 4 : 6;
        this.segmentShift = 32 - bits;
        this.segments = new Segment[1 << bits];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(layout);
        }
    }

    public StickTableSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** Entries, those that have expired and not been swept yet included. */
    public int used() {
        return used.get();
    }

    public boolean stores(StickDataType type) {
        return layout.elements(type) > 0;
    }

    public int elements(StickDataType type) {
        return layout.elements(type);
    }

    public long nowMillis() {
        return clockMillis.getAsLong();
    }

    // ---- keys and handles

    /** Makes a sample the bytes of a key of this table; false if it cannot be one. */
    public boolean makeKey(Sample sample) {
        return StickKeys.make(spec, sample);
    }

    /** The entry of a key, to be given back by {@link #release}; {@link #NONE} if there is none. Does not count as a use. */
    public long find(Sample key) {
        return acquire(key.bytes(), key.offset(), key.length(), false);
    }

    /** As {@link #find}; makes the entry if there is none. {@link #NONE} if the table is full and refuses. Counts as a use. */
    public long findOrCreate(Sample key) {
        return acquire(key.bytes(), key.offset(), key.length(), true);
    }

    long acquire(byte[] key, int offset, int length, boolean create) {
        int hash = hash(key, offset, length);
        int number = segmentOf(hash);
        Segment segment = segments[number];
        for (int i = 0; i < TRIES; i++) {
            long now = nowMillis();
            synchronized (segment) {
                int record = live(segment, segment.find(hash, key, offset, length), now);
                if (record == Layout.NONE && create && reserve()) {
                    record = segment.insert(hash, key, offset, length);
                    touch(segment, record, now);
                } else if (record != Layout.NONE && create) {
                    touch(segment, record, now);
                }
                if (record != Layout.NONE) {
                    segment.set(record, Layout.USERS, segment.get(record, Layout.USERS) + 1);
                    return (long) number << 32 | record;
                }
            }
            if (!create || !makeRoom(number)) {
                return NONE;
            }
        }
        return NONE;
    }

    /** Ends a use. */
    public void release(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            int record = (int) handle;
            segment.set(record, Layout.USERS, segment.get(record, Layout.USERS) - 1);
        }
    }

    private Segment segment(long handle) {
        return segments[(int) (handle >> 32)];
    }

    private int segmentOf(int hash) {
        return segments.length == 1 ? 0 : hash >>> segmentShift;
    }

    private int hash(byte[] key, int offset, int length) {
        int h = seed;
        for (int i = 0; i < length; i++) {
            h = (h ^ key[offset + i]) * 0x01000193;
            h ^= h >>> 15;
        }
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** The record if it has not expired; one that has is removed, unless it is in use. */
    private int live(Segment segment, int record, long now) {
        if (record == Layout.NONE || spec.expireMillis() == 0 || segment.expiry(record) > now || segment.get(record, Layout.USERS) > 0) {
            return record;
        }
        remove(segment, record);
        return Layout.NONE;
    }

    private void touch(Segment segment, int record, long now) {
        segment.touch(record, spec.expireMillis() == 0 ? Long.MAX_VALUE : now + spec.expireMillis());
    }

    private void remove(Segment segment, int record) {
        segment.remove(record);
        used.decrementAndGet();
    }

    private boolean reserve() {
        if (used.incrementAndGet() <= spec.size()) {
            return true;
        }
        used.decrementAndGet();
        return false;
    }

    /** Forgets what has expired and, unless that is forbidden, the oldest entries, as many as HAProxy does. */
    private boolean makeRoom(int first) {
        sweep();
        if (used.get() < spec.size()) {
            return true;
        }
        if (spec.nopurge()) {
            return false;
        }
        int wanted = (spec.size() >> 8) + 1;
        int share = (wanted + segments.length - 1) / segments.length;
        for (int i = 0; i < segments.length && wanted > 0; i++) {
            Segment segment = segments[first + i & segments.length - 1];
            synchronized (segment) {
                for (int n = Math.min(share, wanted); n > 0; n--) {
                    int record = segment.oldestUnused(Layout.NONE);
                    if (record == Layout.NONE) {
                        break;
                    }
                    remove(segment, record);
                    wanted--;
                }
            }
        }
        return used.get() < spec.size();
    }

    /** Forgets the entries that have expired. */
    public void sweep() {
        if (spec.expireMillis() == 0) {
            return;
        }
        long now = nowMillis();
        for (Segment segment : segments) {
            boolean more = true;
            while (more) {
                synchronized (segment) {
                    more = sweep(segment, now);
                }
            }
        }
    }

    /** Some at a time, so that a loop that needs the segment does not wait long; whether there may be more. */
    private boolean sweep(Segment segment, long now) {
        int record = segment.oldestUnused(Layout.NONE);
        for (int n = 0; n < 128; n++) {
            if (record == Layout.NONE || segment.expiry(record) > now) {
                return false;
            }
            int expired = record;
            record = segment.oldestUnused(record);
            remove(segment, expired);
        }
        return true;
    }

    // ---- values, by handle

    /** A number, total or rate of an entry; {@link #ABSENT} if the table does not store it. */
    public long value(long handle, StickDataType type, int element) {
        if (element >= layout.elements(type)) {
            return ABSENT;
        }
        Segment segment = segment(handle);
        synchronized (segment) {
            return values.read(segment, (int) handle, type, element, nowMillis());
        }
    }

    /** Adds to a total and its rate, as far as the table stores them, and counts as a use. */
    public void count(long handle, StickDataType total, StickDataType rate, int element, long amount) {
        if (element >= layout.elements(total) && element >= layout.elements(rate)) {
            return;
        }
        Segment segment = segment(handle);
        synchronized (segment) {
            long now = nowMillis();
            int record = (int) handle;
            values.add(segment, record, total, element, amount, now);
            values.add(segment, record, rate, element, amount, now);
            touch(segment, record, now);
            changed(segment, record);
        }
        tellWatcher();
    }

    /** Adds to a rate alone, as {@link #count}. */
    public void countRate(long handle, StickDataType rate, long amount) {
        countOne(handle, rate, 0, amount);
    }

    /** A connection or stream begins to be counted for the entry. */
    void enter(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            long now = nowMillis();
            int record = (int) handle;
            values.add(segment, record, StickDataType.CONN_CNT, 0, 1, now);
            values.add(segment, record, StickDataType.CONN_RATE, 0, 1, now);
            values.add(segment, record, StickDataType.CONN_CUR, 0, 1, now);
            touch(segment, record, now);
            changed(segment, record);
        }
        tellWatcher();
    }

    /** It is over: the handle is given back. */
    void leave(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            int record = (int) handle;
            if (stores(StickDataType.CONN_CUR)) {
                int at = layout.offset(StickDataType.CONN_CUR, 0);
                segment.set(record, at, Math.max(0, segment.get(record, at) - 1));
            }
            touch(segment, record, nowMillis());
            changed(segment, record);
            segment.set(record, Layout.USERS, segment.get(record, Layout.USERS) - 1);
        }
        tellWatcher();
    }

    /** Sets a value. Counts as a use. */
    public void set(long handle, StickDataType type, int element, long value) {
        if (element >= layout.elements(type)) {
            return;
        }
        Segment segment = segment(handle);
        synchronized (segment) {
            int record = (int) handle;
            values.set(segment, record, type, element, value, nowMillis());
            touch(segment, record, nowMillis());
            changed(segment, record);
        }
        tellWatcher();
    }

    /** The use of an entry that a rule has found. */
    public void touch(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            touch(segment, (int) handle, nowMillis());
            changed(segment, (int) handle);
        }
        tellWatcher();
    }

    /** How many connections and streams track the entry, or look at it. */
    public int users(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            return segment.get((int) handle, Layout.USERS);
        }
    }

    /** Milliseconds until the entry expires; 0 if it does not. */
    public long expiresInMillis(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            return spec.expireMillis() == 0 ? 0 : Math.max(0, segment.expiry((int) handle) - nowMillis());
        }
    }

    /** Takes a copy of the key into a sample, as the type that the table's keys have. */
    public void key(long handle, Sample out) {
        byte[] key;
        Segment segment = segment(handle);
        synchronized (segment) {
            key = segment.key((int) handle);
        }
        StickKeys.show(spec.type(), key, out);
    }

    // ---- counters and tags by index: an array holds them, or the older single ones

    public StickDataType gpc(int index) {
        return single(StickDataType.GPC, StickDataType.GPC0, StickDataType.GPC1, index);
    }

    public StickDataType gpcRate(int index) {
        return single(StickDataType.GPC_RATE, StickDataType.GPC0_RATE, StickDataType.GPC1_RATE, index);
    }

    public StickDataType gpt(int index) {
        return single(StickDataType.GPT, StickDataType.GPT0, StickDataType.GPT, index);
    }

    private StickDataType single(StickDataType array, StickDataType first, StickDataType second, int index) {
        return stores(array) || index > 1 ? array : index == 0 ? first : second;
    }

    /** The place of a counter or tag in what {@link #gpc}, {@link #gpcRate} and {@link #gpt} name. */
    public static int element(StickDataType type, int index) {
        return type.isArray() ? index : 0;
    }

    /** Counts a general purpose counter and its rate. */
    public void countGpc(long handle, int index, long amount) {
        StickDataType total = gpc(index);
        StickDataType rate = gpcRate(index);
        if (element(total, index) == element(rate, index)) {
            count(handle, total, rate, element(total, index), amount);
        } else {
            // One of the two is an array, the other is not.
            countOne(handle, total, element(total, index), amount);
            countOne(handle, rate, element(rate, index), amount);
        }
    }

    private void countOne(long handle, StickDataType type, int element, long amount) {
        if (element < layout.elements(type)) {
            Segment segment = segment(handle);
            synchronized (segment) {
                long now = nowMillis();
                values.add(segment, (int) handle, type, element, amount, now);
                touch(segment, (int) handle, now);
                changed(segment, (int) handle);
            }
            tellWatcher();
        }
    }

    /** An address or number as text; other keys byte by byte. */
    public String keyText(byte[] key) {
        Sample sample = new Sample();
        boolean mapped = StickKeys.isMapped(key);
        StickKeys.show(mapped ? KeyType.IP : spec.type(), mapped ? Arrays.copyOfRange(key, 12, 16) : key, sample);
        Casts.cast(sample, SampleType.STRING);
        return (mapped ? "::ffff:" : "") + sample.text();
    }

    // ---- servers

    /** The number of the server that an entry is bound to; 0: none. */
    public int serverId(long handle) {
        long id = value(handle, StickDataType.SERVER_ID, 0);
        return id == ABSENT ? 0 : (int) id;
    }

    /** The name or address of the server that an entry is bound to; empty: none. */
    public String serverKey(long handle) {
        long word = value(handle, StickDataType.SERVER_KEY, 0);
        return word == ABSENT ? "" : words.word((int) word);
    }

    /** Binds an entry to a server, known by its name or its address. */
    public void bind(long handle, int serverId, String serverKey) {
        Segment segment = segment(handle);
        int word = words.number(serverKey);
        synchronized (segment) {
            int record = (int) handle;
            if (stores(StickDataType.SERVER_ID)) {
                segment.set(record, layout.offset(StickDataType.SERVER_ID, 0), serverId);
            }
            if (stores(StickDataType.SERVER_KEY)) {
                segment.set(record, layout.offset(StickDataType.SERVER_KEY, 0), word);
            }
            touch(segment, record, nowMillis());
            changed(segment, record);
        }
        tellWatcher();
    }

    // ---- for commands

    /** Every entry at this moment, by key, or nearly so: other threads go on. */
    public List<StickEntry> entries() {
        sweep();
        List<StickEntry> all = new ArrayList<>();
        for (int number = 0; number < segments.length; number++) {
            Segment segment = segments[number];
            int from = 0;
            boolean more = true;
            while (more) {
                synchronized (segment) {
                    int to = Math.min(segment.records(), from + 128);
                    for (; from < to; from++) {
                        if (segment.isEntry(from)) {
                            all.add(entry(number, segment, from));
                        }
                    }
                    more = from < segment.records();
                }
            }
        }
        all.sort(StickEntry.BY_KEY);
        return all;
    }

    /** The entry of a handle, as it is at this moment; who asks is not counted among its users. */
    public StickEntry entry(long handle) {
        Segment segment = segment(handle);
        synchronized (segment) {
            StickEntry entry = entry((int) (handle >> 32), segment, (int) handle);
            return new StickEntry(entry.id(), entry.key(), entry.users() - 1, entry.expiresInMillis(), entry.values());
        }
    }

    private StickEntry entry(int number, Segment segment, int record) {
        long now = nowMillis();
        List<StickEntry.Value> all = new ArrayList<>();
        for (StickTableSpec.Stored stored : spec.stored()) {
            for (int i = 0; i < stored.elements(); i++) {
                long value = values.read(segment, record, stored.type(), i, now);
                all.add(new StickEntry.Value(stored, i, value,
                        stored.type().kind() == Kind.TEXT ? words.word((int) value) : ""));
            }
        }
        return new StickEntry((long) number << 32 | record, segment.key(record), segment.get(record, Layout.USERS),
                spec.expireMillis() == 0 ? 0 : Math.max(0, segment.expiry(record) - now), all);
    }

    /** Removes an entry unless it is in use; whether it is gone. */
    public boolean remove(byte[] key) {
        int hash = hash(key, 0, key.length);
        Segment segment = segments[segmentOf(hash)];
        synchronized (segment) {
            int record = segment.find(hash, key, 0, key.length);
            if (record == Layout.NONE) {
                return true;
            }
            if (segment.get(record, Layout.USERS) > 0) {
                return false;
            }
            remove(segment, record);
            return true;
        }
    }

    /** What the entries occupy: pages and index. */
    public long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            synchronized (segment) {
                bytes += segment.bytes();
            }
        }
        return bytes;
    }

    // ---- changes, for peers

    /** Whoever wants to know that entries have changed; called on any thread, often, and must return at once. */
    public void watch(Optional<Runnable> newWatcher) {
        watcher = Objects.requireNonNull(newWatcher, "newWatcher");
    }

    Layout layout() {
        return layout;
    }

    int segmentCount() {
        return segments.length;
    }

    Segment segmentNumber(int number) {
        return segments[number];
    }

    String word(int number) {
        return words.word(number);
    }

    int wordNumber(String word) {
        return words.number(word);
    }

    /** The number of the last change. */
    public int lastUpdate() {
        return updates.get();
    }

    /** Takes what a peer says: it replaces what is here, and is not sent on but to those who ask for everything. */
    void learn(LearnedEntry learned) {
        long handle = acquire(learned.key(), 0, learned.key().length, true);
        if (handle == NONE) {
            return;
        }
        Segment segment = segment(handle);
        synchronized (segment) {
            int record = (int) handle;
            learned.putInto(values, segment, record);
            long now = nowMillis();
            if (learned.expiresInMillis() >= 0 && spec.expireMillis() > 0) {
                segment.touchInOrder(record, now + Math.min(learned.expiresInMillis(), spec.expireMillis()));
            }
            if (layout.shared) {
                segment.set(record, Layout.UPDATE, updates.incrementAndGet());
                segment.set(record, Layout.ORIGIN, 0);
                segment.linkUpdate(record);
            }
            segment.set(record, Layout.USERS, segment.get(record, Layout.USERS) - 1);
        }
    }

    private void changed(Segment segment, int record) {
        if (layout.shared) {
            segment.set(record, Layout.UPDATE, updates.incrementAndGet());
            segment.set(record, Layout.ORIGIN, spec.receiveOnly() ? 0 : 1);
            segment.linkUpdate(record);
        }
    }

    private void tellWatcher() {
        if (layout.shared) {
            Optional<Runnable> now = watcher;
            if (now.isPresent()) {
                now.get().run();
            }
        }
    }
}
