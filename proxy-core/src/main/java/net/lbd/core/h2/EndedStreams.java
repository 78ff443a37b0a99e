package net.lbd.core.h2;

/**
 * The streams of a connection that ended last, and how: frames for a stream that we have reset may be on their way and mean
 * nothing; for one that ended on both sides they are an error. Event-loop confined. Source: RFC 9113 §5.1, "closed".
 */
public final class EndedStreams {

    /** How a stream ended. */
    public enum End { RESET_BY_US, IN_ORDER, UNKNOWN }

    private static final int REMEMBERED = 64;

    private final int[] streams = new int[REMEMBERED];
    private final boolean[] resets = new boolean[REMEMBERED];
    private int next;

    /** @param byUs whether frames of the peer may still be on their way */
    public void add(int stream, boolean byUs) {
        streams[next] = stream;
        resets[next] = byUs;
        next = (next + 1) % REMEMBERED;
    }

    /** {@link End#UNKNOWN} also for a stream that ended too long ago. */
    public End of(int stream) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (streams[i] == stream) {
                return resets[i] ? End.RESET_BY_US : End.IN_ORDER;
            }
        }
        return End.UNKNOWN;
    }
}
