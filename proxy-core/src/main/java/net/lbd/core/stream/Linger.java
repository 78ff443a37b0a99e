package net.lbd.core.stream;

import net.lbd.core.runtime.TimerWheel;

/**
 * How long a client is still read that has its last bytes and goes on sending: closing on it makes the kernel answer with a
 * reset, which destroys what is still on its way. Two seconds from the last thing it sent, or {@code timeout
 * client-fin} if that is shorter; half a minute in all, or what the caller says. Event-loop confined.
 */
final class Linger {

    private static final long SILENCE_MILLIS = 2_000;
    private static final long TOTAL_MILLIS = 30_000;

    private final TimerWheel timers;
    private final TimerWheel.Timer timer;
    private final long silenceMillis;
    private long beganNanos;
    private long totalMillis;
    private boolean begun;

    /**
     * @param timer ends the connection when it expires
     * @param finMillis {@code timeout client-fin}; 0 for none
     */
    Linger(TimerWheel timers, TimerWheel.Timer timer, long finMillis) {
        this.silenceMillis = finMillis > 0 ? Math.min(finMillis, SILENCE_MILLIS) : SILENCE_MILLIS;
        this.timers = timers;
        this.timer = timer;
    }

    /** The socket has taken the last bytes: from here on the time counts. */
    void begin() {
        begin(TOTAL_MILLIS);
    }

    /** As {@link #begin()}. @param mostMillis for all of it; half a minute at most */
    void begin(long mostMillis) {
        begun = true;
        totalMillis = Math.min(mostMillis, TOTAL_MILLIS);
        beganNanos = System.nanoTime();
        timers.arm(timer, Math.min(silenceMillis, totalMillis));
    }

    /** The client has sent something, which is thrown away. */
    void clientSent() {
        if (begun) {
            long leftMillis = totalMillis - (System.nanoTime() - beganNanos) / 1_000_000;
            if (leftMillis > 0) {
                timers.arm(timer, Math.min(silenceMillis, leftMillis));
            }
        }
    }
}
