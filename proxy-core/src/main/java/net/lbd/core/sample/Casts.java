package net.lbd.core.sample;

import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;

/**
 * Turns a sample into another type, in place, as HAProxy does between a fetch, its converters and what
 * uses the result. Pure functions of the sample. Checked against HAProxy 2.6: a boolean becomes {@code
 * 0} or {@code 1}, text becomes the number that it begins with (0 if none, the extremes on overflow).
 */
public final class Casts {

    private Casts() { }

    /** @return false if the value has no form of that type */
    public static boolean cast(Sample sample, SampleType to) {
        SampleType from = sample.type();
        if (from == to || to == SampleType.ANY) {
            return true;
        }
        return switch (to) {
            case BOOLEAN -> toBoolean(sample, from);
            case INTEGER -> toInteger(sample, from);
            case ADDRESS -> toAddress(sample, from);
            case STRING, METHOD -> toText(sample, from, to);
            case BINARY -> toBinary(sample, from);
            case ANY -> true;
        };
    }

    private static boolean toBoolean(Sample sample, SampleType from) {
        if (!toInteger(sample, from)) {
            return false;
        }
        sample.setBoolean(sample.number() != 0);
        return true;
    }

    private static boolean toInteger(Sample sample, SampleType from) {
        switch (from) {
            case BOOLEAN, INTEGER -> sample.setInteger(sample.number());
            case ADDRESS -> {
                if (sample.length() != 4) {
                    return false;
                }
                byte[] b = sample.bytes();
                int o = sample.offset();
                sample.setInteger((b[o] & 0xffL) << 24 | (b[o + 1] & 0xff) << 16 | (b[o + 2] & 0xff) << 8
                        | b[o + 3] & 0xff);
            }
            default -> sample.setInteger(parseNumber(sample.bytes(), sample.offset(), sample.length()));
        }
        return true;
    }

    /** The decimal number that the text begins with; 0 if there is none; overflow gives the extreme. */
    public static long parseNumber(byte[] text, int offset, int length) {
        int i = offset;
        int end = offset + length;
        boolean negative = false;
        if (i < end && (text[i] == '-' || text[i] == '+')) {
            negative = text[i] == '-';
            i++;
        }
        long value = 0;
        while (i < end && text[i] >= '0' && text[i] <= '9') {
            int digit = text[i++] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    private static boolean toAddress(Sample sample, SampleType from) {
        switch (from) {
            case BOOLEAN, BINARY -> {
                if (from == SampleType.BINARY && (sample.length() == 4 || sample.length() == 16)) {
                    sample.setType(SampleType.ADDRESS);
                    return true;
                }
                return false;
            }
            case INTEGER -> {
                long value = sample.number();
                byte[] out = sample.setOwned(SampleType.ADDRESS, 4);
                for (int i = 0; i < 4; i++) {
                    out[i] = (byte) (value >> 24 - 8 * i);
                }
                return true;
            }
            default -> {
                byte[] text = sample.bytes();
                int offset = sample.offset();
                int length = sample.length();
                if (length > IpText.MAX_LENGTH + 8) {
                    return false;
                }
                // Behind the text, so that a text that the sample owns is not overwritten while it is read.
                byte[] scratch = sample.spare();
                int size = IpText.parse(text, offset, length, scratch);
                if (size < 0) {
                    return false;
                }
                System.arraycopy(scratch, 0, sample.setOwned(SampleType.ADDRESS, size), 0, size);
                return true;
            }
        }
    }

    private static boolean toText(Sample sample, SampleType from, SampleType to) {
        switch (from) {
            case BOOLEAN, INTEGER -> numberToText(sample, to);
            case ADDRESS -> {
                byte[] scratch = sample.spare();
                int size = IpText.put(scratch, 0, sample.bytes(), sample.offset(), sample.length());
                System.arraycopy(scratch, 0, sample.setOwned(to, size), 0, size);
            }
            case BINARY -> {
                // Text ends at the first zero.
                int end = 0;
                while (end < sample.length() && sample.bytes()[sample.offset() + end] != 0) {
                    end++;
                }
                sample.truncate(end);
                sample.setType(to);
            }
            default -> sample.setType(to);
        }
        return true;
    }

    private static void numberToText(Sample sample, SampleType to) {
        long value = sample.number();
        byte[] out = sample.setOwned(to, 20);
        if (value >= 0) {
            sample.truncate(Ascii.putDecimal(out, 0, value));
            return;
        }
        out[0] = '-';
        if (value == Long.MIN_VALUE) {
            byte[] text = Ascii.bytes("9223372036854775808");
            System.arraycopy(text, 0, out, 1, text.length);
            sample.truncate(20);
        } else {
            sample.truncate(Ascii.putDecimal(out, 1, -value));
        }
    }

    private static boolean toBinary(Sample sample, SampleType from) {
        if (from == SampleType.BOOLEAN || from == SampleType.INTEGER) {
            long value = sample.number();
            byte[] out = sample.setOwned(SampleType.BINARY, 8);
            for (int i = 0; i < 8; i++) {
                out[i] = (byte) (value >> 56 - 8 * i);
            }
            return true;
        }
        sample.setType(SampleType.BINARY);
        return true;
    }
}
