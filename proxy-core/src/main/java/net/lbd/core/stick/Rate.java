package net.lbd.core.stick;

import net.lbd.core.stats.RateCounter;

/**
 * Events in a period, as HAProxy counts them: the count of the present period, and that of the one before it in the share
 * that still lies within the last {@code period} milliseconds. Three ints in a record: begin of the present period, its
 * count, the count before. The formula is that of {@link RateCounter}; behind a pause of two periods counting begins anew at the event. Stateless; the caller holds the
 * segment's lock.
 */
final class Rate {

    static final int INTS = 3;

    private Rate() { }

    static void add(int[] page, int at, int period, int now, int amount) {
        int elapsed = now - page[at];
        if (Integer.compareUnsigned(elapsed, period) >= 0) {
            if (page[at] != 0 && Integer.compareUnsigned(elapsed, 2 * period) < 0) {
                page[at] += period;
                page[at + 2] = page[at + 1];
            } else {
                page[at] = now;
                page[at + 2] = 0;
            }
            page[at + 1] = 0;
        }
        page[at + 1] += amount;
    }

    static long read(int[] page, int at, int period, int now) {
        int elapsed = now - page[at];
        long count = page[at + 1] & 0xffffffffL;
        long before = page[at + 2] & 0xffffffffL;
        if (Integer.compareUnsigned(elapsed, period) >= 0) {
            if (page[at] == 0 || Integer.compareUnsigned(elapsed, 2 * period) >= 0) {
                return 0;
            }
            elapsed -= period;
            before = count;
            count = 0;
        }
        return RateCounter.share(count, before, elapsed, period);
    }

    /** Makes the rate what an administrator wants it to be, beginning now. */
    static void set(int[] page, int at, int now, long value) {
        page[at] = now;
        page[at + 1] = (int) value;
        page[at + 2] = 0;
    }
}
