package net.lbd.core.session;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * One end of a connection, with its address in the forms that rules and logs need, made once for each
 * connection. Immutable.
 *
 * @param address 4 or 16 bytes in network order; empty for a Unix socket
 * @param port 0 for a Unix socket
 * @param text the numeric address, IPv6 without brackets; {@code unix} for a Unix socket
 */
public record Peer(byte[] address, int port, byte[] text) {

    private static final byte[] UNIX_TEXT = {'u', 'n', 'i', 'x'};

    /** The end of a Unix socket. */
    public static final Peer UNIX = new Peer(new byte[0], 0, UNIX_TEXT);

    public static Peer of(SocketAddress socketAddress) {
        if (!(socketAddress instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return UNIX;
        }
        byte[] bytes = inet.getAddress().getAddress();
        return new Peer(bytes, inet.getPort(), text(bytes));
    }

    /** An end with an address of 4 or 16 bytes. */
    public static Peer of(byte[] address, int port) {
        if (address.length != 4 && address.length != 16) {
            throw new IllegalArgumentException("an address of " + address.length + " bytes");
        }
        return new Peer(address, port, text(address));
    }

    /** The same address with another port. */
    public Peer withPort(int newPort) {
        return new Peer(address, newPort, text);
    }

    /** Another address of 4 or 16 bytes with the same port. */
    public Peer withAddress(byte[] bytes) {
        return of(bytes, port);
    }

    public boolean isIp() {
        return address.length != 0;
    }

    private static byte[] text(byte[] address) {
        if (address.length == 4) {
            StringBuilder text = new StringBuilder(15);
            for (int i = 0; i < 4; i++) {
                if (i > 0) {
                    text.append('.');
                }
                text.append(address[i] & 0xff);
            }
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }
        return canonicalIpv6(address).getBytes(StandardCharsets.US_ASCII);
    }

    /** The text form of RFC 5952: lower case, the longest run of zero groups shortened, an IPv4 address within it as such. */
    private static String canonicalIpv6(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        if ((groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0 && groups[5] == 0xffff) {
            byte[] four = {address[12], address[13], address[14], address[15]};
            return "::ffff:" + new String(text(four), StandardCharsets.US_ASCII);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int k = i;
            while (k < 8 && groups[k] == 0) {
                k++;
            }
            if (k - i > bestLength) {
                bestStart = i;
                bestLength = k - i;
            }
            i = Math.max(i, k - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
