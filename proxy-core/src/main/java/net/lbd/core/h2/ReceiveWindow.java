package net.lbd.core.h2;

import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.Objects;

/**
 * What a peer may have on its way on all streams of a connection together: granted anew as it comes, since what is held is bounded by
 * the windows of the streams. Event-loop confined.
 */
public final class ReceiveWindow {

    /** Bytes. */
    private static final int WINDOW = 1 << 20;

    private final FrameWriter frames;
    private int left = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

    public ReceiveWindow(FrameWriter frames) {
        this.frames = Objects.requireNonNull(frames, "frames");
    }

    /** Grants all of it, at the beginning. */
    public void open() {
        frames.windowUpdate(0, WINDOW - left);
        left = WINDOW;
    }

    /** DATA has come, padding included; false: more than was granted. */
    public boolean take(int bytes) {
        left -= bytes;
        if (left < 0) {
            return false;
        }
        if (left < WINDOW / 2) {
            open();
        }
        return true;
    }
}
