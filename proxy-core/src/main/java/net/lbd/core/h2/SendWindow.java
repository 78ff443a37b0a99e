package net.lbd.core.h2;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * What the peer of a connection lets us send, and how the streams share it: one that can send at once does; those that wait for the
 * connection's window or for the socket send one frame each, in turn. One that waits for its own window holds up no
 * other. Event-loop confined. Source: RFC 9113 §5.2, §6.9.
 */
public final class SendWindow {

    private final Channel channel;
    private final FrameWriter frames;
    private final Conduct conduct;
    private final ArrayDeque<SendStream> waiting = new ArrayDeque<>();
    private long window = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private long initialOfStreams = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private boolean sharing;

    /**
     * @param channel the socket that all share
     * @param conduct of the peer, who earns by what it takes
     */
    public SendWindow(Channel channel, FrameWriter frames, Conduct conduct) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.frames = Objects.requireNonNull(frames, "frames");
        this.conduct = Objects.requireNonNull(conduct, "conduct");
    }

    FrameWriter frames() {
        return frames;
    }

    /** What a new stream may send. */
    long initialOfStreams() {
        return initialOfStreams;
    }

    /** The peer has changed what each stream may send; what it comes to for those that are open: below zero for less. */
    public long setInitialOfStreams(int bytes) {
        long change = bytes - initialOfStreams;
        initialOfStreams = bytes;
        return change;
    }

    /** The peer takes more on the connection; false: more than a window can be (2^31-1). {@link #share} sends what waited. */
    public boolean grant(int bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /** Bytes of DATA that may be sent now on a stream with this window, in one frame. */
    int room(long streamWindow) {
        return channel.isWritable() ? (int) Math.min(Math.min(streamWindow, window), frames.peerFrameSize()) : 0;
    }

    /** Whether something is left for streams that have a window of their own. */
    boolean isOpen() {
        return window > 0;
    }

    void sent(int bytes) {
        window -= bytes;
        conduct.earn(Conduct.DATA_SENT);
    }

    void await(SendStream stream) {
        waiting.add(stream);
    }

    void forget(SendStream stream) {
        waiting.remove(stream);
    }

    /** The connection's window or the socket has room: each stream that waits sends a frame, in turn. */
    public void share() {
        if (sharing) {
            return;
        }
        sharing = true;
        try {
            while (!waiting.isEmpty() && window > 0 && channel.isWritable()) {
                waiting.poll().takeTurn();
            }
        } finally {
            sharing = false;
        }
    }
}
