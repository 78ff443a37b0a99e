package net.lbd.core.sample;

import java.util.Arrays;
import java.util.Optional;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * {@code language}: which of the languages offered an Accept-Language header likes best; of two liked equally, the one that it
 * names first. A language that is named with a variant ({@code en-gb}) is offered by its base ({@code en}) if not by its whole
 * name. Immutable. Source: HAProxy manual, "language".
 */
final class LanguageChoice implements Converter {

    private static final int FULL = 1000;

    private final byte[][] offered;
    private final Optional<byte[]> otherwise;

    LanguageChoice(ArgumentList a) {
        offered = Arrays.stream(a.text(0).split(";")).map(ConfiguredText::bytes).toArray(byte[][]::new);
        otherwise = a.has(1) ? Optional.of(a.bytes(1, "")) : Optional.empty();
    }

    @Override
    public boolean convert(Stream stream, Sample s) {
        byte[] bytes = s.bytes();
        int end = s.offset() + s.length();
        byte[] best = null;
        int bestQuality = 0;
        int at = s.offset();
        while (at < end) {
            int stop = at;
            while (stop < end && bytes[stop] != ',') {
                stop++;
            }
            int from = skipBlanks(bytes, at, stop);
            int nameEnd = from;
            while (nameEnd < stop && bytes[nameEnd] != ';' && bytes[nameEnd] != ' ' && bytes[nameEnd] != '\t') {
                nameEnd++;
            }
            byte[] found = find(bytes, from, nameEnd);
            if (found != null) {
                int quality = quality(bytes, nameEnd, stop);
                if (quality > bestQuality) {
                    best = found;
                    bestQuality = quality;
                }
            }
            at = stop + 1;
        }
        if (best == null) {
            best = otherwise.orElse(null);
        }
        if (best != null) {
            s.setView(SampleType.STRING, best, 0, best.length);
        }
        return best != null;
    }

    private byte[] find(byte[] bytes, int from, int to) {
        byte[] whole = exactly(bytes, from, to);
        if (whole != null) {
            return whole;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == '-') {
                return exactly(bytes, from, i);
            }
        }
        return null;
    }

    private byte[] exactly(byte[] bytes, int from, int to) {
        for (byte[] language : offered) {
            if (from < to && Arrays.equals(bytes, from, to, language, 0, language.length)) {
                return language;
            }
        }
        return null;
    }

    private static int skipBlanks(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** The q-factor in thousandths; 1 where there is none that can be read. */
    private static int quality(byte[] bytes, int from, int end) {
        int at = skipBlanks(bytes, from, end);
        if (at >= end || bytes[at] != ';') {
            return FULL;
        }
        at = skipBlanks(bytes, at + 1, end);
        if (at + 2 >= end || bytes[at] != 'q' || bytes[at + 1] != '=') {
            return FULL;
        }
        at += 2;
        if (bytes[at] != '0' && bytes[at] != '1') {
            return FULL;
        }
        int quality = (bytes[at] - '0') * FULL;
        at++;
        if (at < end && bytes[at] == '.') {
            for (int unit = 100; unit > 0 && at + 1 < end && bytes[at + 1] >= '0' && bytes[at + 1] <= '9'; unit /= 10) {
                at++;
                quality += (bytes[at] - '0') * unit;
            }
        }
        return Math.min(quality, FULL);
    }
}
