package net.lbd.core.log;

import java.time.Instant;
import java.time.ZoneId;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.DateCache;

/**
 * The time of the lines of one batch, in the forms of the headers. One moment serves a whole batch.
 * Confined to the writer thread.
 */
final class HeaderClock {

    private final DateCache dates = new DateCache();
    private final ByteSink work = new ByteSink();
    private long second;
    private int micros;

    /** Takes the time, once for each batch. */
    void tick() {
        Instant now = Instant.now();
        second = now.getEpochSecond();
        micros = now.getNano() / 1000;
    }

    /** {@code Nov 21 02:52:10}: RFC 3164 §4.1.2, the day filled with a blank. */
    void putRfc3164(ByteSink to, ZoneId zone) {
        byte[] date = date(zone);
        to.put(date, 3, 3);
        to.put((byte) ' ');
        to.put(date[0] == '0' ? (byte) ' ' : date[0]);
        to.put(date[1]);
        to.put((byte) ' ');
        to.put(date, 12, 8);
    }

    /** {@code 2026-11-21T02:52:10.123456+00:00}: RFC 5424 §6.2.3. */
    void putIso(ByteSink to, ZoneId zone) {
        byte[] date = date(zone);
        to.put(date, 7, 4);
        to.put((byte) '-');
        to.putTwoDigits(month(date));
        to.put((byte) '-');
        to.put(date, 0, 2);
        to.put((byte) 'T');
        to.put(date, 12, 8);
        to.put((byte) '.');
        to.putThreeDigits(micros / 1000);
        to.putThreeDigits(micros % 1000);
        int offset = dates.offsetSeconds(zone, second);
        int minutes = Math.abs(offset) / 60;
        to.put((byte) (offset < 0 ? '-' : '+'));
        to.putTwoDigits(minutes / 60);
        to.put((byte) ':');
        to.putTwoDigits(minutes % 60);
    }

    /** {@code dd/Mon/yyyy:HH:mm:ss}. */
    private byte[] date(ZoneId zone) {
        work.clear();
        dates.putDate(work, second, dates.offsetSeconds(zone, second));
        return work.bytes();
    }

    /** Month names differ in their second and third letters, but for Mar and May, Jan, Jun and Jul. */
    private static int month(byte[] date) {
        return switch ((date[4] & 0xff) << 8 | date[5] & 0xff) {
            case 'a' << 8 | 'n' -> 1;
            case 'e' << 8 | 'b' -> 2;
            case 'a' << 8 | 'r' -> 3;
            case 'p' << 8 | 'r' -> 4;
            case 'a' << 8 | 'y' -> 5;
            case 'u' << 8 | 'n' -> 6;
            case 'u' << 8 | 'l' -> 7;
            case 'u' << 8 | 'g' -> 8;
            case 'e' << 8 | 'p' -> 9;
            case 'c' << 8 | 't' -> 10;
            case 'o' << 8 | 'v' -> 11;
            default -> 12;
        };
    }
}
