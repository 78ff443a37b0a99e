package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Relay;
import net.lbd.core.runtime.Worker;

/**
 * One direction of a TCP stream with a limit of bandwidth: what may not pass yet is held, no more than one read, and the source is not read
 * meanwhile; nor is it told of an end before all has passed. Event-loop confined.
 */
final class ThrottledRelay {

    private final Worker worker;
    private final ReadGate source;
    private final Relay relay;
    private final Throttle throttle;
    private final Runnable passed;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private Runnable end = () -> { };
    private boolean over;

    /** @param passed called when bytes have passed that were held */
    ThrottledRelay(Worker worker, ReadGate source, Relay relay, Throttle throttle, Runnable passed) {
        this.worker = worker;
        this.source = source;
        this.relay = relay;
        this.throttle = throttle;
        this.passed = passed;
    }

    /** Takes the buffer over. */
    void write(ByteBuf bytes) {
        if (held.isReadable()) {
            ByteBuf both = worker.allocator().directBuffer(held.readableBytes() + bytes.readableBytes());
            both.writeBytes(held).writeBytes(bytes);
            held.release();
            bytes.release();
            held = both;
        } else {
            held = bytes;
        }
        pass();
    }

    private void pass() {
        if (throttle.isWaiting()) {
            return;
        }
        int allowed = throttle.allow(held.readableBytes());
        throttle.spent(allowed);
        boolean all = allowed == held.readableBytes();
        if (all) {
            ByteBuf bytes = held;
            held = Unpooled.EMPTY_BUFFER;
            relay.write(bytes);
            source.open(ReadGate.THROTTLED);
            end.run();
            return;
        }
        source.close(ReadGate.THROTTLED);
        throttle.waitForMore(this::passMore);
        if (allowed > 0) {
            relay.write(held.readRetainedSlice(allowed));
        }
    }

    private void passMore() {
        if (!over) {
            pass();
            passed.run();
        }
    }

    /** Whether something waits to pass. */
    boolean isHolding() {
        return held.isReadable();
    }

    /** Does this once all has passed, instead of what it was to do before. */
    void whenPassed(Runnable what) {
        end = what;
    }

    /** What is held is thrown away. */
    void abandon() {
        over = true;
        held.release();
        held = Unpooled.EMPTY_BUFFER;
        source.open(ReadGate.THROTTLED);
    }
}
