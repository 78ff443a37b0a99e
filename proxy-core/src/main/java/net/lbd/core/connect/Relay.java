package net.lbd.core.connect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * One direction of bytes between two channels of one loop, for HTTP and TCP alike. Bytes are written as
 * they come and flushed at the end of the loop's turn ({@link FlushQueue}); when the sink does not take them, the source is
 * not read until it does, so that a stream holds no more than the sink's high watermark and one read.
 * Event-loop confined.
 */
public final class Relay implements FlushQueue.Pending {

    private final Channel sink;
    private final ReadGate source;
    private final FlushQueue flushes;
    private boolean dirty;
    private boolean blocked;

    public Relay(ReadGate source, Channel sink, FlushQueue flushes) {
        this.source = source;
        this.sink = sink;
        this.flushes = flushes;
    }

    /** Takes the buffer over. */
    public void write(ByteBuf bytes) {
        sink.write(bytes, sink.voidPromise());
        if (!dirty) {
            dirty = true;
            flushes.add(this);
        }
        if (!sink.isWritable()) {
            // Mostly the socket takes it all, and no reading needs to be stopped.
            flush();
            if (!sink.isWritable()) {
                blocked = true;
                source.close(ReadGate.SINK_FULL);
            }
        }
    }

    /** Sends what was written since the last flush, if anything. */
    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            sink.flush();
        }
    }

    /** To be called when the sink's writability changes. */
    public void sinkWritabilityChanged() {
        if (blocked && sink.isWritable()) {
            blocked = false;
            source.open(ReadGate.SINK_FULL);
        }
    }

    /** Whether the source is stopped because the sink is slow. */
    public boolean isBlocked() {
        return blocked;
    }

    /** Lets the source go: what it sends from now on is not for this sink. */
    public void detach() {
        if (blocked) {
            blocked = false;
            source.open(ReadGate.SINK_FULL);
        }
    }
}
