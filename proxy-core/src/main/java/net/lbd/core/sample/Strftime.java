package net.lbd.core.sample;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import net.lbd.core.http.Ascii;

/**
 * A compiled format of strftime(3) in the C locale, with {@code %N} for the fraction of the second. A conversion that it
 * does not know stays as it is written, as glibc has it. Immutable; formatting allocates only what {@link CivilTime} is.
 */
final class Strftime {

    private static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    private static final String[] MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"};
    /** What stands between the percent sign and the letter: padding, case, a width, and the alternatives of other locales. */
    private static final String MODIFIERS = "_-0^#EO123456789";

    /** Some 30,000 years. */
    private static final long MAX_SECONDS = 900_000_000_000L;

    /** One part of a format. */
    @FunctionalInterface
    private interface Part {
        void put(CivilTime at, ByteSink out);
    }

    private final List<Part> parts = new ArrayList<>();
    private final ZoneId zone;

    Strftime(String format, ZoneId zone) {
        this.zone = zone;
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                literal.append(format.charAt(i));
                continue;
            }
            int letter = i + 1;
            while (letter < format.length() && MODIFIERS.indexOf(format.charAt(letter)) >= 0) {
                letter++;
            }
            String modifiers = format.substring(i + 1, Math.min(letter, format.length()));
            Part part = letter < format.length() ? part(format.charAt(letter), modifiers) : null;
            if (part == null) {
                literal.append('%');
                continue;
            }
            addLiteral(literal);
            parts.add(part);
            i = letter;
        }
        addLiteral(literal);
    }

    private void addLiteral(StringBuilder literal) {
        if (literal.length() > 0) {
            byte[] text = ConfiguredText.bytes(literal.toString());
            parts.add((at, out) -> out.put(text));
            literal.setLength(0);
        }
    }

    /**
     * Writes a moment.
     *
     * @return false for one that is too far away to have a date
     */
    boolean put(long epochSecond, int nanos, ByteSink out) {
        CivilTime at;
        if (Math.abs(epochSecond) > MAX_SECONDS) {
            return false;
        }
        try {
            int offset = zone.getRules().getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
            at = CivilTime.of(epochSecond, nanos, offset);
        } catch (DateTimeException e) {
            return false;
        }
        for (Part part : parts) {
            part.put(at, out);
        }
        return true;
    }

    private Part part(char letter, String modifiers) {
        boolean bare = modifiers.contains("-");
        char pad = modifiers.contains("_") ? ' ' : bare ? 0 : '0';
        char blankPad = modifiers.contains("0") ? '0' : bare ? 0 : ' ';
        return switch (letter) {
            case 'a' -> name(modifiers, at -> DAYS[at.weekday()].substring(0, 3));
            case 'A' -> name(modifiers, at -> DAYS[at.weekday()]);
            case 'b', 'h' -> name(modifiers, at -> MONTHS[at.month() - 1].substring(0, 3));
            case 'B' -> name(modifiers, at -> MONTHS[at.month() - 1]);
            case 'c' -> combined("%a %b %e %H:%M:%S %Y");
            case 'C' -> number(at -> Math.floorDiv(at.year(), 100), 2, pad);
            case 'd' -> number(CivilTime::day, 2, pad);
            case 'D', 'x' -> combined("%m/%d/%y");
            case 'e' -> number(CivilTime::day, 2, blankPad);
            case 'F' -> combined("%Y-%m-%d");
            case 'g' -> number(at -> Math.floorMod(at.isoYear(), 100), 2, pad);
            case 'G' -> number(CivilTime::isoYear, 0, pad);
            case 'H' -> number(CivilTime::hour, 2, pad);
            case 'I' -> number(CivilTime::hourOfHalfDay, 2, pad);
            case 'j' -> number(CivilTime::dayOfYear, 3, pad);
            case 'k' -> number(CivilTime::hour, 2, blankPad);
            case 'l' -> number(CivilTime::hourOfHalfDay, 2, blankPad);
            case 'm' -> number(CivilTime::month, 2, pad);
            case 'M' -> number(CivilTime::minute, 2, pad);
            case 'n' -> (at, out) -> out.put((byte) '\n');
            case 'N' -> fraction(modifiers);
            case 'p' -> name(modifiers, at -> at.hour() < 12 ? "AM" : "PM");
            case 'P' -> name(modifiers, at -> at.hour() < 12 ? "am" : "pm");
            case 'r' -> combined("%I:%M:%S %p");
            case 'R' -> combined("%H:%M");
            case 's' -> (at, out) -> out.putNumber(at.epochSecond());
            case 'S' -> number(CivilTime::second, 2, pad);
            case 't' -> (at, out) -> out.put((byte) '\t');
            case 'T', 'X' -> combined("%H:%M:%S");
            case 'u' -> number(at -> at.weekday() == 0 ? 7 : at.weekday(), 1, pad);
            case 'U' -> number(at -> (at.dayOfYear() + 6 - at.weekday()) / 7, 2, pad);
            case 'V' -> number(CivilTime::isoWeek, 2, pad);
            case 'w' -> number(CivilTime::weekday, 1, pad);
            case 'W' -> number(at -> (at.dayOfYear() + 6 - (at.weekday() + 6) % 7) / 7, 2, pad);
            case 'y' -> number(at -> Math.floorMod(at.year(), 100), 2, pad);
            case 'Y' -> number(CivilTime::year, 0, pad);
            case 'z' -> (at, out) -> DateCache.putOffset(out, at.offsetSeconds());
            case 'Z' -> (at, out) -> out.put(Ascii.bytes(zoneName(at)));
            case '%' -> (at, out) -> out.put((byte) '%');
            default -> null;
        };
    }

    private String zoneName(CivilTime at) {
        return java.time.format.DateTimeFormatter.ofPattern("zzz", java.util.Locale.ROOT)
                .format(Instant.ofEpochSecond(at.epochSecond()).atZone(zone));
    }

    private Part combined(String format) {
        Strftime inner = new Strftime(format, zone);
        return (at, out) -> {
            for (Part part : inner.parts) {
                part.put(at, out);
            }
        };
    }

    private static Part name(String modifiers, java.util.function.Function<CivilTime, String> text) {
        boolean upper = modifiers.contains("^") || modifiers.contains("#");
        return (at, out) -> {
            String name = text.apply(at);
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                out.put((byte) (upper ? Character.toUpperCase(c) : c));
            }
        };
    }

    /** A number with zeros, blanks or (0) nothing before it up to a width. */
    private static Part number(java.util.function.ToIntFunction<CivilTime> value, int width, char pad) {
        return (at, out) -> {
            int number = value.applyAsInt(at);
            if (pad != 0) {
                for (int least = width == 3 ? 100 : 10, w = width; w > 1; w--, least /= 10) {
                    if (number >= 0 && number < least) {
                        out.put((byte) pad);
                    }
                }
            }
            out.putNumber(number);
        };
    }

    /** Nine digits, or as many as the width says. */
    private static Part fraction(String modifiers) {
        String width = modifiers.replaceAll("[^1-9]", "");
        int digits = width.isEmpty() ? 9 : width.charAt(0) - '0';
        return (at, out) -> {
            int unit = 100_000_000;
            for (int i = 0; i < digits; i++, unit /= 10) {
                out.put((byte) ('0' + at.nanos() / unit % 10));
            }
        };
    }
}
