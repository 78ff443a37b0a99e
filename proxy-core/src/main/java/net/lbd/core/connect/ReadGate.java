package net.lbd.core.connect;

import io.netty.channel.Channel;
import java.util.Objects;

/**
 * Whether a source of bytes, mostly a channel, is read. There may be several reasons at once not to read: each is a bit, and the
 * source is read again when none is left. Event-loop confined.
 */
public final class ReadGate {

    /** The other side does not take the bytes as fast as they come. */
    public static final int SINK_FULL = 1;
    /** What was read cannot be used yet: a pipelined request, or a body without a server. */
    public static final int NOT_YET = 2;

    /** A limit of bandwidth is used up. */
    public static final int THROTTLED = 4;

    /** What is read or not. */
    public interface Source {
        void setAutoRead(boolean read);
    }

    private final Source source;
    private int reasons;

    public ReadGate(Channel channel) {
        this(read -> channel.config().setAutoRead(read));
    }

    public ReadGate(Source source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    public void close(int reason) {
        if (reasons == 0) {
            source.setAutoRead(false);
        }
        reasons |= reason;
    }

    public void open(int reason) {
        if (reasons != 0) {
            reasons &= ~reason;
            if (reasons == 0) {
                source.setAutoRead(true);
            }
        }
    }

    public boolean isOpen() {
        return reasons == 0;
    }
}
