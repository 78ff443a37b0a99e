package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The first bytes of a client, or of its server, as content rules see them, and whether more may come. A test that needs more than
 * is there asks for it with {@link #miss}; what it then counts as is for the rules to try both ways. Event-loop
 * confined. Source: HAProxy manual, "tcp-request inspect-delay", "tcp-response inspect-delay".
 */
public final class Inspection {

    private static final byte[] NONE = {};

    /** Of the side that is not looked at: nothing, and nothing will come. */
    private static final Inspection NOTHING = new Inspection();

    private byte[] bytes = NONE;
    private int length;
    private boolean ofResponse;
    private boolean mayGrow;
    private boolean missed;
    private boolean missedSinceAsked;
    private boolean assumption;

    /** This if it shows what the client sent. */
    public Inspection ofRequest() {
        return ofResponse ? NOTHING : this;
    }

    /** This if it shows what the server sent. */
    public Inspection ofResponse() {
        return ofResponse ? this : NOTHING;
    }

    /** From now on it is the server's bytes that are shown. */
    void beginResponse(boolean willGrow) {
        forget();
        ofResponse = true;
        mayGrow = willGrow;
    }

    /** What has come; from index 0. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Whether more bytes, or more time, may change what a test yields. */
    public boolean mayGrow() {
        return mayGrow;
    }

    void setMayGrow(boolean value) {
        mayGrow = value;
    }

    void add(ByteBuf more) {
        int count = more.readableBytes();
        bytes = Arrays.copyOf(bytes, Math.max(length + count, 512));
        more.getBytes(more.readerIndex(), bytes, length, count);
        length += count;
    }

    /** Takes a copy of bytes that are all there is. */
    void show(byte[] from, int offset, int count) {
        bytes = Arrays.copyOfRange(from, offset, offset + count);
        length = count;
    }

    /** The bytes are of no further use. */
    void forget() {
        bytes = NONE;
        length = 0;
        ofResponse = false;
        mayGrow = false;
    }

    /** Says that a value may be another once there is more. */
    public void miss() {
        if (mayGrow) {
            missed = true;
            missedSinceAsked = true;
        }
    }

    /** Begins to evaluate a condition: a test that misses something counts as this. */
    public void assume(boolean value) {
        missed = false;
        missedSinceAsked = false;
        assumption = value;
    }

    /** Whether anything was missed since {@link #assume}. */
    public boolean isMissed() {
        return missed;
    }

    /** What a test that did not match counts as: false, unless it missed something. */
    public boolean takeAssumption() {
        boolean result = missedSinceAsked && assumption;
        missedSinceAsked = false;
        return result;
    }
}
