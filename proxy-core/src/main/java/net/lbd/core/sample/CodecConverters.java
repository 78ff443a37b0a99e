package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/**
 * Converters between bytes and their hexadecimal, percent and Base64 forms, without allocation. Source:
 * HAProxy manual, "Converters"; RFC 4648 §4 and §5.
 */
final class CodecConverters {

    private static final byte[] HEX = Ascii.bytes("0123456789ABCDEF");
    private static final byte[] STANDARD =
            Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] FOR_URLS =
            Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static final byte[] STANDARD_VALUES = values(STANDARD);
    private static final byte[] FOR_URLS_VALUES = values(FOR_URLS);
    /** Left as they are in a query: RFC 3986's unreserved characters. */
    private static final boolean[] UNRESERVED = new boolean[256];

    static {
        for (byte b : Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) {
            UNRESERVED[b] = true;
        }
    }

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("hex", ConverterCompiler.of(SampleType.BINARY, (Converter) CodecConverters::hex)),
            entry("hex2i", ConverterCompiler.of(SampleType.STRING, (Converter) CodecConverters::hexToInteger)),
            entry("url_dec", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) arguments -> {
                boolean form = arguments.number(0, 0) != 0;
                return (stream, s) -> percentDecode(s, form);
            })),
            entry("url_enc", ConverterCompiler.of(SampleType.STRING, (Converter) CodecConverters::percentEncode)),
            entry("base64", ConverterCompiler.of(SampleType.BINARY,
                    (Converter) (stream, s) -> encode64(stream, s, STANDARD, true))),
            entry("ub64enc", ConverterCompiler.of(SampleType.BINARY,
                    (Converter) (stream, s) -> encode64(stream, s, FOR_URLS, false))),
            entry("b64dec", ConverterCompiler.of(SampleType.STRING,
                    (Converter) (stream, s) -> decode64(s, STANDARD_VALUES, true))),
            entry("ub64dec", ConverterCompiler.of(SampleType.STRING,
                    (Converter) (stream, s) -> fromUrlBase64(s))));

    private CodecConverters() { }

    private static byte[] values(byte[] alphabet) {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length; i++) {
            values[alphabet[i]] = (byte) i;
        }
        return values;
    }

    private static boolean hex(Stream stream, Sample s) {
        int length = s.length();
        Sample copy = stream.worker().scratch().take();
        byte[] to = copy.setOwned(SampleType.STRING, 2 * length);
        for (int i = 0; i < length; i++) {
            byte b = s.bytes()[s.offset() + i];
            to[2 * i] = HEX[b >> 4 & 15];
            to[2 * i + 1] = HEX[b & 15];
        }
        s.copyFrom(copy);
        stream.worker().scratch().give(copy);
        return true;
    }

    private static boolean hexToInteger(Stream stream, Sample s) {
        long value = 0;
        for (int i = 0; i < s.length(); i++) {
            int digit = IpText.hexDigit(s.bytes()[s.offset() + i]);
            if (digit < 0) {
                return false;
            }
            value = value << 4 | digit;
        }
        s.setInteger(value);
        return true;
    }

    /** A percent sign without two hexadecimal digits makes the whole value absent. */
    private static boolean percentDecode(Sample s, boolean form) {
        byte[] from = s.bytes();
        int at = s.offset();
        int end = at + s.length();
        byte[] to = s.setOwned(SampleType.STRING, end - at);
        int out = 0;
        boolean inQuery = form;
        while (at < end) {
            byte b = from[at++];
            if (b == '%') {
                int high = at < end ? IpText.hexDigit(from[at]) : -1;
                int low = at + 1 < end ? IpText.hexDigit(from[at + 1]) : -1;
                if (high < 0 || low < 0) {
                    return false;
                }
                b = (byte) (high << 4 | low);
                at += 2;
            } else if (b == '?') {
                inQuery = true;
            } else if (b == '+' && inQuery) {
                b = ' ';
            }
            to[out++] = b;
        }
        s.truncate(out);
        return true;
    }

    private static boolean percentEncode(Stream stream, Sample s) {
        int length = s.length();
        Sample copy = stream.worker().scratch().take();
        byte[] to = copy.setOwned(SampleType.STRING, 3 * length);
        int out = 0;
        for (int i = 0; i < length; i++) {
            byte b = s.bytes()[s.offset() + i];
            if (UNRESERVED[b & 0xff]) {
                to[out++] = b;
            } else {
                to[out++] = '%';
                to[out++] = HEX[b >> 4 & 15];
                to[out++] = HEX[b & 15];
            }
        }
        copy.truncate(out);
        s.copyFrom(copy);
        stream.worker().scratch().give(copy);
        return true;
    }

    private static boolean encode64(Stream stream, Sample s, byte[] alphabet, boolean padded) {
        int length = s.length();
        Sample copy = stream.worker().scratch().take();
        byte[] to = copy.setOwned(SampleType.STRING, (length + 2) / 3 * 4);
        byte[] from = s.bytes();
        int at = s.offset();
        int out = 0;
        for (int left = length; left > 0; left -= 3, at += 3) {
            int bits = (from[at] & 0xff) << 16 | (left > 1 ? (from[at + 1] & 0xff) << 8 : 0)
                    | (left > 2 ? from[at + 2] & 0xff : 0);
            to[out++] = alphabet[bits >> 18];
            to[out++] = alphabet[bits >> 12 & 63];
            if (left > 1) {
                to[out++] = alphabet[bits >> 6 & 63];
            } else if (padded) {
                to[out++] = '=';
            }
            if (left > 2) {
                to[out++] = alphabet[bits & 63];
            } else if (padded) {
                to[out++] = '=';
            }
        }
        copy.truncate(out);
        s.copyFrom(copy);
        stream.worker().scratch().give(copy);
        return true;
    }

    /** {@code ub64dec}. */
    static boolean fromUrlBase64(Sample s) {
        return decode64(s, FOR_URLS_VALUES, false);
    }

    private static boolean decode64(Sample s, byte[] values, boolean padded) {
        byte[] from = s.bytes();
        int at = s.offset();
        int end = at + s.length();
        if (padded && s.length() % 4 != 0) {
            return false;
        }
        for (int pads = 0; padded && pads < 2 && end > at && from[end - 1] == '='; pads++) {
            end--;
        }
        if ((end - at) % 4 == 1) {
            return false;
        }
        byte[] to = s.setOwned(SampleType.BINARY, (end - at) * 3 / 4);
        int out = 0;
        int bits = 0;
        int held = 0;
        for (; at < end; at++) {
            int value = values[from[at] & 0xff];
            if (value < 0) {
                return false;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                to[out++] = (byte) (bits >> held);
            }
        }
        return true;
    }
}
