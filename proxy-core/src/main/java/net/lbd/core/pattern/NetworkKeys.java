package net.lbd.core.pattern;

import java.util.Arrays;
import java.util.List;
import net.lbd.config.model.PatternSpec;
import net.lbd.core.sample.Sample;

/**
 * Finds the smallest of many networks that an address lies in: one look-up for each length of prefix that there is. Families meet as in
 * {@link Networks}. Immutable.
 */
final class NetworkKeys {

    private final ByteKeys keys;
    /** The lengths of prefixes that there are, the longest first; for 4 and 16 bytes. */
    private final int[] prefixes4;
    private final int[] prefixes6;

    NetworkKeys(List<PatternSpec.Network> networks) {
        keys = new ByteKeys(networks.stream().map(n -> key(n.address().getAddress(), n.prefixLength())).toArray(byte[][]::new), false);
        prefixes4 = prefixes(networks, 4);
        prefixes6 = prefixes(networks, 16);
    }

    private static int[] prefixes(List<PatternSpec.Network> networks, int bytes) {
        int[] ascending = networks.stream().filter(n -> n.address().getAddress().length == bytes)
                .mapToInt(PatternSpec.Network::prefixLength).distinct().sorted().toArray();
        int[] descending = new int[ascending.length];
        for (int i = 0; i < ascending.length; i++) {
            descending[i] = ascending[ascending.length - 1 - i];
        }
        return descending;
    }

    /** The prefix's length and the masked address. */
    private static byte[] key(byte[] address, int prefix) {
        byte[] key = new byte[address.length + 1];
        key[0] = (byte) prefix;
        for (int i = 0, bits = prefix; i < address.length && bits > 0; i++, bits -= 8) {
            key[i + 1] = (byte) (address[i] & (bits >= 8 ? 0xff : 0xff << 8 - bits));
        }
        return key;
    }

    /** The place of the network; -1 if there is none. */
    int find(Sample sample) {
        byte[] address = Arrays.copyOfRange(sample.bytes(), sample.offset(), sample.offset() + sample.length());
        int place = find(address, address.length == 4 ? prefixes4 : prefixes6);
        if (place >= 0) {
            return place;
        }
        if (address.length == 4) {
            return prefixes6.length == 0 ? -1 : find(mapped(address), prefixes6);
        }
        byte[] short4 = prefixes4.length == 0 ? new byte[0] : within(address);
        return short4.length == 0 ? -1 : find(short4, prefixes4);
    }

    private int find(byte[] address, int[] prefixes) {
        for (int prefix : prefixes) {
            byte[] key = key(address, prefix);
            int place = keys.find(key, 0, key.length);
            if (place >= 0) {
                return place;
            }
        }
        return -1;
    }

    private static byte[] mapped(byte[] address) {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
    }

    /** The IPv4 address in one of the forms {@code ::ffff:a.b.c.d}, {@code ::a.b.c.d} and {@code 2002:a.b.c.d::}; empty if there is none. */
    private static byte[] within(byte[] address) {
        if (address[0] == 0x20 && address[1] == 2) {
            return Arrays.copyOfRange(address, 2, 6);
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return new byte[0];
            }
        }
        boolean form = address[10] == 0 && address[11] == 0 || address[10] == -1 && address[11] == -1;
        return form ? Arrays.copyOfRange(address, 12, 16) : new byte[0];
    }
}
