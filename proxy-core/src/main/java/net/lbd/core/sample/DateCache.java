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
        // Days to a civil date by the proleptic Gregorian calendar, years beginning in March.
        long days = Math.floorDiv(localSecond, 86_400L) + 719_468;
        long era = Math.floorDiv(days, 146_097L);
        int dayOfEra = (int) (days - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        int year = (int) (yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        two(to, 0, day);
        to[2] = '/';
        System.arraycopy(MONTHS, 3 * (month - 1), to, 3, 3);
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
