package net.lbd.core.runtime;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;

/**
 * The buffers of one event loop: small direct ones, for the heads of messages and what is read of them, are
 * handed out last in first out, so that the next read lands in memory that the processor's cache still holds. Netty's own pool
 * hands the oldest out first, which walks through all of its memory (docs/decisions/0051). Everything else comes from the pool.
 *
 * <p>A small buffer has {@value #SIZE_BYTES} bytes whatever less was asked for. At most {@value #KEPT} are kept. May be called from any
 * thread; only on its loop does it hand out and take back small buffers, elsewhere they come from the pool and are freed.
 */
final class SmallBuffers extends AbstractByteBufAllocator {

    /** The smallest buffer that reads are given. */
    static final int SIZE_BYTES = 2048;
    /** A megabyte for each loop. */
    static final int KEPT = 512;

    private final ByteBufAllocator pool;
    private final EventExecutor loop;
    private final Small[] free = new Small[KEPT];
    private int count;

    SmallBuffers(ByteBufAllocator pool, EventExecutor loop) {
        super(true);
        this.pool = Objects.requireNonNull(pool, "pool");
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    private final class Small extends UnpooledUnsafeDirectByteBuf {
        Small() {
            super(SmallBuffers.this, SIZE_BYTES, Integer.MAX_VALUE);
        }

        @Override
        protected void deallocate() {
            // One that has grown is freed: what is kept is small.
            if (capacity() == SIZE_BYTES && loop.inEventLoop() && count < KEPT) {
                setIndex(0, 0);
                resetRefCnt();
                free[count++] = this;
            } else {
                super.deallocate();
            }
        }
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        if (initialCapacity > SIZE_BYTES || maxCapacity != Integer.MAX_VALUE || !loop.inEventLoop()) {
            return pool.directBuffer(initialCapacity, maxCapacity);
        }
        if (count == 0) {
            return toLeakAwareBuffer(new Small());
        }
        Small newest = free[--count];
        free[count] = null;
        return toLeakAwareBuffer(newest);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return pool.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
