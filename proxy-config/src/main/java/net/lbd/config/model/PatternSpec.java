package net.lbd.config.model;

import java.net.InetAddress;
import java.util.Objects;

/** What a sample is compared with. Immutable. */
public sealed interface PatternSpec {

    /** For {@code str}, {@code beg}, {@code sub}, {@code dir}, {@code dom}, {@code end}. */
    record Text(String text) implements PatternSpec {
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /** For {@code reg}; known to compile. */
    record Regex(String text) implements PatternSpec {
        public Regex {
            Objects.requireNonNull(text, "text");
        }
    }

    /** For {@code bin}: hexadecimal digits, two for each byte. */
    record Hex(String digits) implements PatternSpec {
        public Hex {
            Objects.requireNonNull(digits, "digits");
        }
    }

    /** For {@code int} and {@code len}: both ends belong to it; an open end is the extreme long. */
    record Range(long from, long to) implements PatternSpec { }

    /** For {@code ip}. */
    record Network(InetAddress address, int prefixLength) implements PatternSpec {
        public Network {
            Objects.requireNonNull(address, "address");
        }

        /** Whether an address of the same family lies in it; one of the other never does. */
        public boolean contains(byte[] other) {
            byte[] base = address.getAddress();
            if (base.length != other.length) {
                return false;
            }
            int bits = prefixLength;
            for (int i = 0; i < base.length && bits > 0; i++, bits -= 8) {
                int mask = bits >= 8 ? 0xff : 0xff << 8 - bits & 0xff;
                if ((base[i] & mask) != (other[i] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** For {@code ip}: {@code 10.0.0.5-10.0.0.9}, an extension. */
    record Span(AddressRange range) implements PatternSpec {
        public Span {
            Objects.requireNonNull(range, "range");
        }
    }

    /** For {@code bool}. */
    record Bool(boolean value) implements PatternSpec { }
}
