package net.lbd.cli.exchange;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.Addresses;

/** Addresses as a form names them, and the networks that ACLs name them by. */
final class AddressRange {

    private AddressRange() { }

    /** Whether a word is an address, a network, or a range {@code a-b} of one family whose end is not before its begin. */
    static boolean readable(String word) {
        try {
            return !networks(word).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * The fewest networks that hold exactly the addresses of a word.
     *
     * @throws IllegalArgumentException if it is not {@link #readable}
     */
    static List<String> networks(String word) {
        int slash = word.indexOf('/');
        if (slash >= 0) {
            int bits = bytes(word.substring(0, slash)).length * 8;
            String prefix = word.substring(slash + 1);
            if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
                throw new IllegalArgumentException(word);
            }
            return List.of(word);
        }
        int dash = word.indexOf('-');
        if (dash < 0) {
            bytes(word);
            return List.of(word);
        }
        byte[] first = bytes(word.substring(0, dash));
        byte[] last = bytes(word.substring(dash + 1));
        if (first.length != last.length) {
            throw new IllegalArgumentException(word);
        }
        return networks(new BigInteger(1, first), new BigInteger(1, last), first.length * 8, word);
    }

    private static List<String> networks(BigInteger first, BigInteger last, int bits, String word) {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException(word);
        }
        List<String> networks = new ArrayList<>();
        BigInteger next = first;
        while (next.compareTo(last) <= 0) {
            // The largest block that begins here and does not reach beyond the end.
            int free = next.signum() == 0 ? bits : Math.min(bits, next.getLowestSetBit());
            while (next.add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE).compareTo(last) > 0) {
                free--;
            }
            networks.add(text(next, bits) + (free == 0 ? "" : "/" + (bits - free)));
            next = next.add(BigInteger.ONE.shiftLeft(free));
        }
        return networks;
    }

    private static byte[] bytes(String address) {
        return Addresses.ip(address).filter(ip -> SiteFile.isAddress(address)).orElseThrow(() -> new IllegalArgumentException(address)).getAddress();
    }

    private static String text(BigInteger address, int bits) {
        byte[] raw = address.toByteArray();
        byte[] bytes = new byte[bits / 8];
        int length = Math.min(raw.length, bytes.length);
        System.arraycopy(raw, raw.length - length, bytes, bytes.length - length, length);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }
}
