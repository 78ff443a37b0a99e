package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SmallBuffersTest {

    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private final SmallBuffers buffers = new SmallBuffers(new PooledByteBufAllocator(true), loop);

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private <T> T onLoop(Callable<T> work) {
        return loop.submit(work).syncUninterruptibly().getNow();
    }

    private long addressOfNext(int bytes) {
        ByteBuf buffer = buffers.directBuffer(bytes);
        long address = buffer.memoryAddress();
        buffer.release();
        return address;
    }

    @Test
    void whatWasReleasedLastIsHandedOutFirstAndEmpty() {
        assertThat(onLoop(() -> {
            ByteBuf first = buffers.directBuffer(2048);
            ByteBuf second = buffers.ioBuffer(10);
            long expected = second.writeLong(1).memoryAddress();
            first.release();
            second.release();
            ByteBuf again = buffers.directBuffer(100);
            try {
                return again.memoryAddress() == expected && !again.isReadable() && again.refCnt() == 1;
            } finally {
                again.release();
            }
        })).isTrue();
    }

    @Test
    void oneThatIsStillSlicedIsNotHandedOut() {
        assertThat(onLoop(() -> {
            ByteBuf buffer = buffers.directBuffer(16).writeInt(7);
            long address = buffer.memoryAddress();
            ByteBuf slice = buffer.readRetainedSlice(4);
            buffer.release();
            boolean apart = addressOfNext(16) != address;
            boolean whole = slice.readInt() == 7;
            slice.release();
            return apart && whole && addressOfNext(16) == address;
        })).isTrue();
    }

    @Test
    void oneThatHasGrownIsFreed() {
        assertThat(onLoop(() -> {
            ByteBuf buffer = buffers.directBuffer(16);
            buffer.writeZero(SmallBuffers.SIZE_BYTES + 1);
            assertThat(buffer.release()).isTrue();
            ByteBuf next = buffers.directBuffer(16);
            int capacity = next.capacity();
            next.release();
            return capacity;
        })).isEqualTo(SmallBuffers.SIZE_BYTES);
    }

    @Test
    void noMoreAreKeptThanAllowed() {
        assertThat(onLoop(() -> {
            List<ByteBuf> all = new ArrayList<>();
            for (int i = 0; i < SmallBuffers.KEPT + 10; i++) {
                all.add(buffers.directBuffer(1));
            }
            return all.stream().allMatch(ByteBuf::release);
        })).isTrue();
    }

    @Test
    void largeLimitedAndForeignBuffersComeFromThePool() {
        assertThat(onLoop(() -> {
            ByteBuf large = buffers.directBuffer(4096);
            ByteBuf limited = buffers.directBuffer(16, 32);
            try {
                return large.capacity() == 4096 && limited.maxCapacity() == 32;
            } finally {
                large.release();
                limited.release();
            }
        })).isTrue();
        ByteBuf foreign = buffers.directBuffer(16);
        assertThat(foreign.capacity()).isEqualTo(16);
        assertThat(foreign.release()).isTrue();
        ByteBuf borrowed = onLoop(() -> buffers.directBuffer(16));
        assertThat(borrowed.release()).as("freed on another thread").isTrue();
    }
}
