package net.lbd.core.h2;

/**
 * How a peer behaves: frames that cost us something and bring nobody forward are paid from an account that refills with time
 * and with work done together. A peer that overdraws it is sent away ({@code ENHANCE_YOUR_CALM}); one that uses the
 * protocol as it is meant never comes near. Event-loop confined.
 *
 * <table><caption>Prices</caption>
 * <tr><td>a reset of a stream that was not answered yet (CVE-2023-44487), an empty DATA frame, a stream above the limit</td><td>5</td></tr>
 * <tr><td>SETTINGS, a breach of the protocol that ends a stream</td><td>10</td></tr>
 * <tr><td>PING, PRIORITY, WINDOW_UPDATE, an acknowledgement, a frame of unknown type</td><td>1</td></tr>
 * <tr><td>an answered request</td><td>gives 5</td></tr>
 * <tr><td>a DATA frame sent</td><td>gives 2</td></tr>
 * <tr><td>a second</td><td>gives 100</td></tr>
 * </table>
 */
public final class Conduct {

    /** What the account holds at most, and at the beginning. */
    public static final int BUDGET = 1000;

    public static final int RESET = 5;
    public static final int EMPTY_DATA = 5;
    public static final int REFUSED_STREAM = 5;
    public static final int SETTINGS = 10;
    public static final int BREACH = 10;
    public static final int PING = 1;
    public static final int PRIORITY = 1;
    public static final int WINDOW_UPDATE = 1;
    public static final int UNKNOWN_FRAME = 1;
    public static final int ANSWERED = 5;
    public static final int DATA_SENT = 2;

    private static final long NANOS_OF_A_POINT = 10_000_000;

    private final int glitchLimit;
    private int points = BUDGET;
    private long refilledNanos;
    private int glitches;

    /** @param glitchLimit breaches after which the peer is sent away; 0: no such limit */
    public Conduct(int glitchLimit, long nowNanos) {
        this.glitchLimit = glitchLimit;
        this.refilledNanos = nowNanos;
    }

    /** Breaches of the protocol that did not end the connection: {@code fc_glitches}. */
    public int glitches() {
        return glitches;
    }

    /** Pays for a frame. */
    public void spend(int price) {
        points -= price;
    }

    /** Something useful was done. */
    public void earn(int gain) {
        points = Math.min(BUDGET, points + gain);
    }

    /** A breach of the protocol that ends a stream only. */
    public void breach() {
        glitches++;
        points -= BREACH;
    }

    /** A use of the protocol that no honest peer makes; paid for apart. */
    public void glitch() {
        glitches++;
    }

    /** Whether the peer must go. The clock is looked at only when the account is empty. */
    public boolean isUnbearable(long nowNanos) {
        if (glitchLimit > 0 && glitches >= glitchLimit) {
            return true;
        }
        if (points < 0) {
            long refill = (nowNanos - refilledNanos) / NANOS_OF_A_POINT;
            refilledNanos = nowNanos;
            points = (int) Math.min(BUDGET, points + refill);
        }
        return points < 0;
    }

    /** Whether the account is overdrawn, as far as can be told without the clock. */
    public boolean isSuspect() {
        return points < 0 || glitchLimit > 0 && glitches >= glitchLimit;
    }
}
