package net.lbd.core.pattern;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.IpText;

/** Reads patterns that commands and rules bring while the proxy runs. Stateless. */
final class PatternTexts {

    private PatternTexts() { }

    /** @throws IllegalArgumentException with HAProxy's words, if the text is no pattern of this kind */
    static PatternSpec read(MatchMethod method, String text) {
        return switch (method) {
            case STR, BEG, SUB, DIR, DOM, END -> new PatternSpec.Text(text);
            case REG -> new PatternSpec.Regex(text);
            case IP -> text.indexOf('-') < 0 ? network(text) : span(text);
            case INT, LEN -> range(text);
            case BIN -> {
                if (text.length() % 2 != 0 || !text.matches("[0-9a-fA-F]*")) {
                    throw new IllegalArgumentException("'" + text + "' is not pairs of hexadecimal digits.");
                }
                yield new PatternSpec.Hex(text);
            }
            case BOOL, FOUND -> throw new IllegalArgumentException("-m " + method.keyword() + " takes no such patterns.");
        };
    }

    /** Of a map, whose keys are networks; ranges have no length to be the longest by. */
    static PatternSpec.Network network(String text) {
        int slash = text.indexOf('/');
        byte[] digits = Ascii.bytes(slash < 0 ? text : text.substring(0, slash));
        byte[] address = new byte[16];
        int length = IpText.parse(digits, 0, digits.length, address);
        String prefix = slash < 0 ? "" : text.substring(slash + 1);
        if (length < 0 || slash >= 0 && !prefix.matches("[0-9]{1,3}") || slash >= 0 && Integer.parseInt(prefix) > 8 * length) {
            throw new IllegalArgumentException("'" + text + "' is not a valid IPv4 or IPv6 address.");
        }
        try {
            byte[] bytes = Arrays.copyOf(address, length);
            // Plain InetAddress would make an IPv4 address of ::ffff:a.b.c.d, whose prefix counts 128 bits here.
            return new PatternSpec.Network(length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, null),
                    slash < 0 ? 8 * length : Integer.parseInt(prefix));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + length + " bytes", e);
        }
    }

    private static PatternSpec span(String text) {
        int dash = text.indexOf('-');
        InetAddress first = network(text.substring(0, dash)).address();
        InetAddress last = network(text.substring(dash + 1)).address();
        if (text.indexOf('/') >= 0 || first.getAddress().length != last.getAddress().length
                || Arrays.compareUnsigned(first.getAddress(), last.getAddress()) > 0) {
            throw new IllegalArgumentException("'" + text + "' is not a range of addresses of one family, the smaller one first.");
        }
        return new PatternSpec.Span(new AddressRange(first, last));
    }

    private static PatternSpec range(String text) {
        int colon = text.indexOf(':');
        try {
            if (colon < 0) {
                long value = Long.parseLong(text);
                return new PatternSpec.Range(value, value);
            }
            return new PatternSpec.Range(colon == 0 ? Long.MIN_VALUE : Long.parseLong(text.substring(0, colon)),
                    colon == text.length() - 1 ? Long.MAX_VALUE : Long.parseLong(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number or a range.", e);
        }
    }
}
