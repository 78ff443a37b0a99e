package net.lbd.core.connect;

import io.netty.channel.Channel;

/**
 * Whether a channel is read. There may be several reasons at once not to read: each is a bit, and the
 * channel is read again when none is left. Event-loop confined.
 */
public final class ReadGate {

    /** The other side does not take the bytes as fast as they come. */
    public static final int SINK_FULL = 1;
    /** What was read cannot be used yet: a pipelined request, or a body without a server. */
    public static final int NOT_YET = 2;

    private final Channel channel;
    private int reasons;

    public ReadGate(Channel channel) {
        this.channel = channel;
    }

    public void close(int reason) {
        if (reasons == 0) {
            channel.config().setAutoRead(false);
        }
        reasons |= reason;
    }

    public void open(int reason) {
        if (reasons != 0) {
            reasons &= ~reason;
            if (reasons == 0) {
                channel.config().setAutoRead(true);
            }
        }
    }

    public boolean isOpen() {
        return reasons == 0;
    }
}
