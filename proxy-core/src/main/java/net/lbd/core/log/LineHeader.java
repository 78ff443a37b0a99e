package net.lbd.core.log;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.core.sample.ByteSink;

/**
 * What stands before the message in each format of a {@code log} line. Immutable. Source: HAProxy
 * manual, "log"; RFC 3164 §4.1, RFC 5424 §6.2; compared with what HAProxy 2.6 sends.
 */
@FunctionalInterface
interface LineHeader {

    /**
     * @param priority facility and level, as syslog has them in one number
     * @param level alone
     */
    void put(int priority, int level, HeaderClock clock, ByteSink to);

    static LineHeader of(Format format, LogIdentity identity) {
        ZoneId zone = identity.zone();
        String tag = identity.tag();
        return switch (format) {
            case RFC3164 -> rfc3164(bytes(identity.hostname().map(h -> h + " ").orElse("")
                    + tag + "[" + identity.pid() + "]: "), zone);
            case LOCAL -> rfc3164(bytes(tag + "[" + identity.pid() + "]: "), zone);
            case RFC5424 -> {
                byte[] rest = bytes(" " + identity.hostname().orElse("-") + " " + tag + " " + identity.pid() + (identity.structured() ? " - " : " - - "));
                yield (priority, level, clock, to) -> {
                    putNumber(priority, to);
                    to.put((byte) '1');
                    to.put((byte) ' ');
                    clock.putIso(to, zone);
                    to.put(rest);
                };
            }
            case PRIORITY -> (priority, level, clock, to) -> putNumber(priority, to);
            case SHORT -> (priority, level, clock, to) -> putNumber(level, to);
            case TIMED -> (priority, level, clock, to) -> {
                putNumber(level, to);
                clock.putIso(to, zone);
                to.put((byte) ' ');
            };
            case ISO -> (priority, level, clock, to) -> {
                clock.putIso(to, zone);
                to.put((byte) ' ');
            };
            case RAW -> (priority, level, clock, to) -> { };
        };
    }

    private static LineHeader rfc3164(byte[] rest, ZoneId zone) {
        return (priority, level, clock, to) -> {
            putNumber(priority, to);
            clock.putRfc3164(to, zone);
            to.put((byte) ' ');
            to.put(rest);
        };
    }

    private static void putNumber(int number, ByteSink to) {
        to.put((byte) '<');
        to.putNumber(number);
        to.put((byte) '>');
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
