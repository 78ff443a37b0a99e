package net.lbd.core.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import net.lbd.config.model.LogTargetSpec.Level;

/**
 * Log lines on their way from one event loop to the writer thread. A line that finds no room is not
 * taken: nobody waits. Thread-safe for one producer and one consumer.
 *
 * <p>A record is a length, a level and the line, in steps of {@value #STEP} bytes; the targets of a
 * record stand in a second array under the number of its first step. A record lies in one piece: what
 * is too short at the end of the array is skipped, which a negative length tells. The producer writes a
 * record before it moves {@code tail}, the consumer reads it before it moves {@code head}.
 */
final class LineRing {

    private static final int STEP = 64;
    private static final int STEP_SHIFT = 6;
    private static final int HEADER = 8;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;
    private static final Level[] LEVELS = Level.values();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(LineRing.class, "head", long.class);
            TAIL = lookup.findVarHandle(LineRing.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the consumer does with a record; the array is only lent. */
    interface Consumer {
        void line(List<LogTarget> targets, Level level, byte[] bytes, int offset, int length);
    }

    private final byte[] bytes;
    private final Object[] targets;
    private final int mask;
    /** The producer's own copy of {@code head}, so that it seldom touches the consumer's cache line. */
    private long knownHead;
    private volatile long tail;
    // Keeps the two ends on different cache lines.
    @SuppressWarnings("unused")
    private long p1, p2, p3, p4, p5, p6, p7, p8;
    private volatile long head;

    /** @param capacity bytes; a power of two */
    LineRing(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < 4 * STEP) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.bytes = new byte[capacity];
        this.targets = new Object[capacity >> STEP_SHIFT];
        this.mask = capacity - 1;
    }

    /** Producer only. @return false if there is no room */
    boolean offer(List<LogTarget> to, Level level, byte[] line, int offset, int length) {
        int size = HEADER + length + STEP - 1 & -STEP;
        long at = (long) TAIL.get(this);
        int index = (int) at & mask;
        int untilEnd = bytes.length - index;
        int needed = size <= untilEnd ? size : untilEnd + size;
        if (needed > bytes.length - (int) (at - knownHead)) {
            knownHead = (long) HEAD.getAcquire(this);
            if (needed > bytes.length - (int) (at - knownHead)) {
                return false;
            }
        }
        if (size > untilEnd) {
            INT.set(bytes, index, -1);
            at += untilEnd;
            index = 0;
        }
        INT.set(bytes, index, length);
        INT.set(bytes, index + 4, level.ordinal());
        System.arraycopy(line, offset, bytes, index + HEADER, length);
        targets[index >> STEP_SHIFT] = to;
        // Volatile, not only released: the producer then looks whether the consumer sleeps.
        TAIL.setVolatile(this, at + size);
        return true;
    }

    /** Consumer only. Hands over at most {@code limit} records; returns how many there were. */
    @SuppressWarnings("unchecked")
    int drain(Consumer consumer, int limit) {
        long at = (long) HEAD.get(this);
        long end = (long) TAIL.getAcquire(this);
        int lines = 0;
        while (at < end && lines < limit) {
            int index = (int) at & mask;
            int length = (int) INT.get(bytes, index);
            if (length < 0) {
                at += bytes.length - index;
                continue;
            }
            int slot = index >> STEP_SHIFT;
            List<LogTarget> to = (List<LogTarget>) targets[slot];
            targets[slot] = null;
            consumer.line(to, LEVELS[(int) INT.get(bytes, index + 4)], bytes, index + HEADER, length);
            at += HEADER + length + STEP - 1 & -STEP;
            lines++;
        }
        HEAD.setRelease(this, at);
        return lines;
    }

    /** Any thread. */
    boolean isEmpty() {
        return (long) HEAD.getVolatile(this) == (long) TAIL.getVolatile(this);
    }
}
