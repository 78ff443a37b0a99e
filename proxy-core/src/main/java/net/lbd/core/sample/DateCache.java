package net.lbd.core.sample;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import net.lbd.core.http.Ascii;

/**
 * Writes dates without garbage: the offset of the time zone is looked up once for each quarter of an
 * hour, the calendar is arithmetic, and the text of the last seconds is kept. Event-loop confined.
 */
public final class DateCache {

    private static final byte[] MONTHS = Ascii.bytes("JanFebMarAprMayJunJulAugSepOctNovDec");
    /** Transitions of time zones lie on such boundaries. */
    private static final int QUARTER_SECONDS = 900;
    private static final int ENTRIES = 4;
    /** {@code dd/Mon/yyyy:HH:mm:ss}. */
    private static final int LENGTH = 20;

    private final long[] seconds = new long[ENTRIES];
    private final int[] offsets = new int[ENTRIES];
    private final byte[][] texts = new byte[ENTRIES][LENGTH];
    private ZoneId zone = ZoneOffset.UTC;
    private long quarter = Long.MIN_VALUE;
    private int quarterOffset;

    public DateCache() {
        Arrays.fill(seconds, Long.MIN_VALUE);
    }

    /** Seconds that local time is ahead of UTC at a moment. */
    public int offsetSeconds(ZoneId at, long epochSecond) {
        long wanted = Math.floorDiv(epochSecond, QUARTER_SECONDS);
        if (wanted != quarter || !at.equals(zone)) {
            zone = at;
            quarter = wanted;
            quarterOffset = at.getRules().getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
        }
        return quarterOffset;
    }

    /** {@code 21/Nov/2026:02:52:10}, the date shifted by an offset. */
    public void putDate(ByteSink to, long epochSecond, int offsetSeconds) {
        int slot = (int) (epochSecond & ENTRIES - 1);
        if (seconds[slot] != epochSecond || offsets[slot] != offsetSeconds) {
            write(texts[slot], epochSecond + offsetSeconds);
            seconds[slot] = epochSecond;
            offsets[slot] = offsetSeconds;
        }
        to.put(texts[slot], 0, LENGTH);
    }

    /** {@code +0100}. */
    public static void putOffset(ByteSink to, int offsetSeconds) {
        int minutes = Math.abs(offsetSeconds) / 60;
        to.put((byte) (offsetSeconds < 0 ? '-' : '+'));
        to.putTwoDigits(minutes / 60);
        to.putTwoDigits(minutes % 60);
    }

    private static void write(byte[] to, long localSecond) {
        int secondOfDay = (int) Math.floorMod(localSecond, 86_400L);
        int date = CivilTime.date(Math.floorDiv(localSecond, 86_400L));
        int year = date >> 16;
        two(to, 0, date & 0xff);
        to[2] = '/';
        System.arraycopy(MONTHS, 3 * ((date >> 8 & 0xff) - 1), to, 3, 3);
        to[6] = '/';
        two(to, 7, year / 100);
        two(to, 9, year % 100);
        to[11] = ':';
        two(to, 12, secondOfDay / 3600);
        to[14] = ':';
        two(to, 15, secondOfDay / 60 % 60);
        to[17] = ':';
        two(to, 18, secondOfDay % 60);
    }

    private static void two(byte[] to, int at, int value) {
        to[at] = (byte) ('0' + value / 10);
        to[at + 1] = (byte) ('0' + value % 10);
    }
}
