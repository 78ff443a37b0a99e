package net.lbd.core.stream;

import java.util.Objects;
import net.lbd.config.model.StickDataType;
import net.lbd.core.stats.RateCounter;
import net.lbd.core.stick.StickTable;

/** How many bytes may pass, and when: of one stream, or of all streams with a key. Event-loop confined. */
public abstract class BandwidthBudget {

    /** How much may pass now; may be below 0. */
    abstract long roomBytes(long nowMillis);

    /** Bytes have passed. */
    abstract void spend(int bytes, long nowMillis);

    /** About how long it takes until this many bytes may pass. */
    abstract long waitMillis(long bytes);

    /** The stream is over. */
    abstract void end();

    /** A limit in any period of this length: as with HAProxy's counters of events, a share of the period before counts. */
    public static final class OfStream extends BandwidthBudget {
        private final long limitBytes;
        private final int periodMillis;
        private long begin = Long.MIN_VALUE;
        private long now;
        private long before;

        public OfStream(long limitBytes, int periodMillis) {
            this.limitBytes = limitBytes;
            this.periodMillis = periodMillis;
        }

        private void moveTo(long nowMillis) {
            if (begin == Long.MIN_VALUE) {
                begin = nowMillis;
            }
            long periods = (nowMillis - begin) / periodMillis;
            if (periods > 0) {
                before = periods == 1 ? now : 0;
                now = 0;
                begin += periods * periodMillis;
            }
        }

        @Override
        long roomBytes(long nowMillis) {
            moveTo(nowMillis);
            return limitBytes - RateCounter.share(now, before, (int) (nowMillis - begin), periodMillis);
        }

        @Override
        void spend(int bytes, long nowMillis) {
            moveTo(nowMillis);
            now += bytes;
        }

        @Override
        long waitMillis(long bytes) {
            return BandwidthBudget.wait(bytes, limitBytes, periodMillis);
        }

        @Override
        void end() {
            // It belongs to nobody else.
        }
    }

    /** A limit of the rate that a stick-table counts for a key. */
    public static final class OfKey extends BandwidthBudget {
        private final long limitBytes;
        private final StickTable table;
        private final long handle;
        private final StickDataType rate;
        private final int periodMillis;

        /** @param handle of an entry in use; given back with the end of the stream */
        public OfKey(long limitBytes, StickTable table, long handle, StickDataType rate, int periodMillis) {
            this.limitBytes = limitBytes;
            this.table = Objects.requireNonNull(table, "table");
            this.handle = handle;
            this.rate = Objects.requireNonNull(rate, "rate");
            this.periodMillis = periodMillis;
        }

        @Override
        long roomBytes(long nowMillis) {
            return limitBytes - table.value(handle, rate, 0);
        }

        @Override
        void spend(int bytes, long nowMillis) {
            table.countRate(handle, rate, bytes);
        }

        @Override
        long waitMillis(long bytes) {
            return BandwidthBudget.wait(bytes, limitBytes, periodMillis);
        }

        @Override
        void end() {
            table.release(handle);
        }
    }

    private static long wait(long bytes, long limitBytes, int periodMillis) {
        // A limit of 0 lets nothing pass; it is looked at again in case a rule of another stream's table changes.
        return limitBytes <= 0 ? periodMillis : Math.max(1, Math.min(periodMillis, bytes * periodMillis / limitBytes));
    }
}
