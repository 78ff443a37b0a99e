package net.lbd.core.stick;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.model.StickTableSpec.Stored;

/**
 * A table's definition and entries as one connection between peers sends and takes them. Event-loop confined; the table is
 * used by others meanwhile. Source: HAProxy, doc/peers.txt, "Stick-table update message class".
 */
public final class TableWire {

    private static final int RECORD_BITS = 26;

    private final StickTable table;
    private final SentWords words;

    /** What an entry was when it was sent. */
    private int[] copy = {};

    private TableWire(StickTable table, SentWords words) {
        this.table = table;
        this.words = words;
    }

    /** The dictionary that the tables of one connection share. */
    public static final class Dictionary {
        private final SentWords words = new SentWords();

        public TableWire of(StickTable table) {
            return new TableWire(table, words);
        }

        /** The names that have gone and come, for {@code show peers dict}. */
        public void describe(StringBuilder out, String indent) {
            words.describe(out, indent);
        }
    }

    public StickTable table() {
        return table;
    }

    public void writeDefinition(ByteBuf out, long id) {
        TableDefinition.write(out, id, table.spec());
    }

    public static TableDefinition readDefinition(ByteBuf in) {
        return TableDefinition.read(in);
    }

    /** Whether entries under the definition can be taken into this table. */
    public boolean takes(TableDefinition definition) {
        return definition.fits(table.spec());
    }

    // ---- what has changed

    /**
     * The entries that have changed since, in the order of their changes: in each number the distance of its change from
     * {@code since} stands above the place of the entry.
     *
     * @param local those only that were changed here, not by a peer
     */
    public long[] changedSince(int since, boolean local) {
        long[] changes = new long[64];
        int count = 0;
        for (int number = 0; number < table.segmentCount(); number++) {
            Segment segment = table.segmentNumber(number);
            synchronized (segment) {
                // Newest first: what is older than wanted ends the walk.
                for (int record = segment.lastUpdated(); record != Layout.NONE; record = segment.get(record, Layout.OLDER_UPDATE)) {
                    int distance = segment.get(record, Layout.UPDATE) - since;
                    if (distance <= 0) {
                        break;
                    }
                    if (!local || segment.get(record, Layout.ORIGIN) == 1) {
                        if (count == changes.length) {
                            changes = Arrays.copyOf(changes, count * 2);
                        }
                        changes[count++] = (long) distance << 32 | (long) number << RECORD_BITS | record;
                    }
                }
            }
        }
        Arrays.sort(changes, 0, count);
        return Arrays.copyOf(changes, count);
    }

    /** Which change the number of {@link #changedSince} stands for. */
    public static int update(long change, int since) {
        return since + (int) (change >>> 32);
    }

    /**
     * Writes key and data of a changed entry.
     *
     * @param timed the entry's remaining time goes before the key
     * @return false if it has changed again, or is gone: another number stands for it, or none
     */
    public boolean write(ByteBuf out, long change, int since, boolean timed) {
        int number = (int) (change >> RECORD_BITS & 0x3f);
        int record = (int) (change & (1 << RECORD_BITS) - 1);
        Layout layout = table.layout();
        if (copy.length < layout.ints) {
            copy = new int[layout.ints];
        }
        byte[] key;
        Segment segment = table.segmentNumber(number);
        synchronized (segment) {
            if (!segment.isEntry(record) || segment.get(record, Layout.UPDATE) != update(change, since)) {
                return false;
            }
            System.arraycopy(segment.page(record), segment.base(record), copy, 0, layout.ints);
            key = segment.key(record);
        }
        long now = table.nowMillis();
        if (timed) {
            long expiry = (long) copy[Layout.EXPIRY] << 32 | copy[Layout.EXPIRY + 1] & 0xffffffffL;
            out.writeInt(table.spec().expireMillis() == 0 ? 0 : (int) Math.max(1, expiry - now));
        }
        if (table.spec().type() == KeyType.STRING) {
            Varint.write(out, key.length);
        }
        out.writeBytes(key);
        for (Stored stored : table.spec().stored()) {
            for (int i = 0; i < stored.elements(); i++) {
                writeValue(out, stored.type(), layout.offset(stored.type(), i), (int) now);
            }
        }
        return true;
    }

    private void writeValue(ByteBuf out, StickDataType type, int at, int now) {
        switch (type.kind()) {
            case NUMBER -> Varint.write(out, copy[at] & 0xffffffffL);
            case TOTAL -> Varint.write(out, (long) copy[at] << 32 | copy[at + 1] & 0xffffffffL);
            case RATE -> {
                Varint.write(out, copy[at] == 0 ? Integer.MAX_VALUE : now - copy[at] & 0xffffffffL);
                Varint.write(out, copy[at + 1] & 0xffffffffL);
                Varint.write(out, copy[at + 2] & 0xffffffffL);
            }
            case TEXT -> words.write(out, table.word(copy[at]));
        }
    }

    // ---- what a peer sends

    /**
     * Takes an entry: its values replace those that are here.
     *
     * @param expiresInMillis -1: the whole time of the table
     * @throws IndexOutOfBoundsException or {@link IllegalArgumentException} if it is not well formed
     */
    public void learn(ByteBuf in, TableDefinition definition, long expiresInMillis) {
        int length = keyLength(in, definition);
        byte[] key = new byte[length];
        in.readBytes(key);
        byte[] own = table.spec().type() == KeyType.STRING ? Arrays.copyOf(key, Math.min(length, table.spec().keyLength())) : key;
        LearnedEntry learned = new LearnedEntry(own, expiresInMillis);
        int now = (int) table.nowMillis();
        for (Stored stored : definition.stored()) {
            for (int i = 0; i < stored.elements(); i++) {
                readValue(in, stored, i, now, learned);
            }
        }
        table.learn(learned);
    }

    private static int keyLength(ByteBuf in, TableDefinition definition) {
        long length = definition.keyType() == KeyType.STRING.code() ? Varint.read(in)
                : definition.keyType() == KeyType.INTEGER.code() ? 4 : definition.keyLength();
        if (length < 0 || length > in.readableBytes()) {
            throw new IllegalArgumentException("a key of " + length + " bytes");
        }
        return (int) length;
    }

    private void readValue(ByteBuf in, Stored stored, int element, int now, LearnedEntry learned) {
        StickDataType type = stored.type();
        switch (type.kind()) {
            case NUMBER, TOTAL -> learned.number(type, element, Varint.read(in));
            case RATE -> {
                long elapsed = Varint.read(in);
                long count = Varint.read(in);
                long before = Varint.read(in);
                learned.rate(type, element, elapsed >= 2L * stored.periodMillis() ? 0 : now - (int) elapsed, count, before);
            }
            case TEXT -> learned.number(type, element, table.wordNumber(words.read(in)));
        }
    }
}
