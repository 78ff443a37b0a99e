package net.lbd.config.grammar;

import java.time.Duration;

/**
 * Times with a unit: {@code us}, {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. Source:
 * HAProxy manual, section "Time format".
 */
public final class Durations {

    /** Longer times do not fit the 32-bit millisecond timers that users' files were written for. */
    private static final long LONGEST_MILLIS = Integer.MAX_VALUE;

    private Durations() { }

    /** As a configuration writes it, in the largest unit that divides it: {@code 25s}, {@code 1h}, {@code 1500ms}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0 || millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        return seconds % 86400 == 0 ? seconds / 86400 + "d" : seconds % 3600 == 0 ? seconds / 3600 + "h"
                : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** A time whose bare number counts milliseconds: 0 up to 24 days. */
    public static final ArgumentType<Duration> MILLIS = text -> read(text, 1_000_000L);

    /** A time whose bare number counts seconds. */
    public static final ArgumentType<Duration> SECONDS = text -> read(text, 1_000_000_000L);

    /** As {@link #MILLIS}, but at least one millisecond. */
    public static final ArgumentType<Duration> POSITIVE_MILLIS = text -> {
        Duration duration = MILLIS.read(text);
        if (duration.isZero()) {
            throw new ValueException("a time above 0 is wanted");
        }
        return duration;
    };

    private static Duration read(String text, long bareNanos) throws ValueException {
        int unitStart = Numbers.firstNonDigit(text, 0);
        if (unitStart == 0) {
            throw new ValueException("'" + text + "' is not a time; write a number and us, ms, s, m, h or d");
        }
        String unit = text.substring(unitStart);
        long nanos = switch (unit) {
            case "" -> bareNanos;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> throw new ValueException("unknown unit '" + unit + "'; use us, ms, s, m, h or d");
        };
        long number;
        try {
            number = Long.parseLong(text.substring(0, unitStart));
            nanos = Math.multiplyExact(number, nanos);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            throw tooLong(text);
        }
        if (nanos / 1_000_000L > LONGEST_MILLIS) {
            throw tooLong(text);
        }
        if (unit.equals("us")) {
            // The timers tick in milliseconds: a fraction counts as a whole one, so that no time becomes 0.
            return Duration.ofMillis((nanos + 999_999L) / 1_000_000L);
        }
        return Duration.ofNanos(nanos);
    }

    private static ValueException tooLong(String text) {
        return new ValueException("'" + text + "' is too long; the longest time is 24 days (2147483647ms)");
    }
}
