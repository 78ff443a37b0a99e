package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/** Converters of addresses and of {@code Host} headers. Source: HAProxy manual, "Converters". */
final class AddressConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("ipmask", ConverterCompiler.of(SampleType.ADDRESS, (ConverterCompiler.Maker) arguments -> {
                byte[] mask4 = mask(arguments.text(0), 4);
                byte[] mask6 = mask(arguments.text(1, "128"), 16);
                return (stream, s) -> applyMask(s, s.length() == 4 ? mask4 : mask6);
            })),
            entry("host_only", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                s.setView(s.type(), s.bytes(), s.offset(), hostLength(s));
                return true;
            })),
            entry("port_only", ConverterCompiler.of(SampleType.STRING, (Converter) AddressConverters::port)));

    private AddressConverters() { }

    private static byte[] mask(String text, int length) {
        byte[] bytes = Ascii.bytes(text);
        byte[] mask = new byte[16];
        if (IpText.parse(bytes, 0, bytes.length, mask) == length) {
            return mask;
        }
        int prefix = Integer.parseInt(text);
        for (int i = 0; i < length; i++) {
            int bits = Math.max(0, Math.min(8, prefix - 8 * i));
            mask[i] = (byte) (0xff00 >> bits);
        }
        return mask;
    }

    private static boolean applyMask(Sample s, byte[] mask) {
        byte[] from = s.bytes();
        int offset = s.offset();
        int length = s.length();
        byte[] to = s.setOwned(SampleType.ADDRESS, length);
        for (int i = 0; i < length; i++) {
            to[i] = (byte) (from[offset + i] & mask[i]);
        }
        return true;
    }

    /** Up to the last colon behind which only digits stand, brackets of IPv6 left in. */
    private static int hostLength(Sample s) {
        int end = s.offset() + s.length();
        int i = end;
        while (i > s.offset() && s.bytes()[i - 1] >= '0' && s.bytes()[i - 1] <= '9') {
            i--;
        }
        boolean port = i > s.offset() && s.bytes()[i - 1] == ':'
                && (i - 1 == s.offset() || s.bytes()[i - 2] != ':');
        return port && !isBareIpv6(s, i - 1) ? i - 1 - s.offset() : s.length();
    }

    private static boolean isBareIpv6(Sample s, int lastColon) {
        if (s.bytes()[s.offset()] == '[') {
            return false;
        }
        for (int i = s.offset(); i < lastColon; i++) {
            if (s.bytes()[i] == ':') {
                return true;
            }
        }
        return false;
    }

    private static boolean port(Stream stream, Sample s) {
        int host = hostLength(s);
        s.setInteger(host == s.length() ? 0 : Casts.parseNumber(s.bytes(), s.offset() + host + 1, s.length() - host - 1));
        return true;
    }
}
