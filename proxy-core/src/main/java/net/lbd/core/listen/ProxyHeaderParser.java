package net.lbd.core.listen;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import net.lbd.core.session.Peer;
import net.lbd.core.session.ReceivedProxy;
import net.lbd.health.wire.ProxyHeaders;

/**
 * Reads the PROXY header, version 1 or 2, at the start of a connection. It decides as soon as it can and takes a header in
 * pieces. Pure function. Source: "The PROXY protocol, Versions 1 &amp; 2", 2020/03/05.
 *
 * <p><em>Difference:</em> HAProxy 2.6 reads {@code 300.0.2.7}, {@code 10.1}, {@code 010.0.0.1} and port 70000 as other
 * addresses than they say; here such a header is refused. It refuses UNSPEC, Unix addresses and text behind
 * UNKNOWN, which the protocol allows; here they are taken.
 */
final class ProxyHeaderParser {

    /** The longest header of version 1, §2.1, line end included. */
    private static final int MAX_V1 = 107;
    /** More than all known fields need; a longer one is no header of a proxy. */
    private static final int MAX_V2 = 16 * 1024;
    private static final byte[] PROXY = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final byte[] SIGNATURE = ProxyHeaders.signature();
    private static final int V2_HEAD = 16;
    private static final int UNIX_PATH = 108;

    /** For who waits for it. */
    static final ClientHeader FORM = new ClientHeader() {
        @Override
        public Result read(byte[] bytes, int length) {
            return parse(bytes, length);
        }

        @Override
        public HandshakeEnd closed() {
            return HandshakeEnd.PROXY_CLOSED;
        }

        @Override
        public HandshakeEnd timeout() {
            return HandshakeEnd.PROXY_TIMEOUT;
        }

        @Override
        public HandshakeEnd truncated() {
            return HandshakeEnd.PROXY_TRUNCATED;
        }
    };

    private ProxyHeaderParser() { }

    /** What became of the bytes so far. */
    sealed interface Result permits Incomplete, Bad, Header { }

    /** More bytes are needed. */
    enum Incomplete implements Result { INSTANCE }

    /** It is not, and cannot become, a header. */
    record Bad(HandshakeEnd reason) implements Result { }

    /**
     * A header.
     *
     * @param length how many bytes it takes
     * @param ends source and destination; empty if the connection's own count
     */
    record Header(int length, Optional<Ends> ends, ReceivedProxy told) implements Result { }

    /** The two ends that a header names. */
    record Ends(Peer source, Peer destination) { }

    /** Reads the first {@code length} bytes of the array. */
    static Result parse(byte[] bytes, int length) {
        if (length == 0) {
            return Incomplete.INSTANCE;
        }
        byte[] start = bytes[0] == PROXY[0] ? PROXY : SIGNATURE;
        int seen = Math.min(length, start.length);
        if (!Arrays.equals(bytes, 0, seen, start, 0, seen)) {
            return new Bad(HandshakeEnd.PROXY_OTHER);
        }
        if (seen < start.length) {
            return Incomplete.INSTANCE;
        }
        return start == PROXY ? version1(bytes, length) : version2(bytes, length);
    }

    // ---- version 1

    private static Result version1(byte[] bytes, int length) {
        int end = -1;
        for (int i = PROXY.length; i < Math.min(length, MAX_V1) && end < 0; i++) {
            end = bytes[i] == '\n' ? i : -1;
        }
        if (end < 0) {
            return length >= MAX_V1 ? invalid() : Incomplete.INSTANCE;
        }
        if (bytes[end - 1] != '\r') {
            return invalid();
        }
        String[] words = new String(bytes, PROXY.length, end - 1 - PROXY.length, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (words[0].equals("UNKNOWN")) {
            return new Header(end + 1, Optional.empty(), told());
        }
        boolean four = words[0].equals("TCP4");
        if (words.length != 5 || !four && !words[0].equals("TCP6")) {
            return invalid();
        }
        Optional<byte[]> source = four ? ipv4(words[1]) : ipv6(words[1]);
        Optional<byte[]> destination = four ? ipv4(words[2]) : ipv6(words[2]);
        int sourcePort = number(words[3], 65535);
        int destinationPort = number(words[4], 65535);
        if (source.isEmpty() || destination.isEmpty() || sourcePort < 0 || destinationPort < 0) {
            return invalid();
        }
        return new Header(end + 1, Optional.of(new Ends(
                Peer.of(source.get(), sourcePort), Peer.of(destination.get(), destinationPort))), told());
    }

    /** Four decimal numbers, none with a zero in front of it. */
    private static Optional<byte[]> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] address = new byte[4];
        if (parts.length != 4) {
            return Optional.empty();
        }
        for (int i = 0; i < 4; i++) {
            int part = number(parts[i], 255);
            if (part < 0) {
                return Optional.empty();
            }
            address[i] = (byte) part;
        }
        return Optional.of(address);
    }

    private static Optional<byte[]> ipv6(String text) {
        boolean characters = text.indexOf(':') >= 0 && text.chars().allMatch(c -> c == ':' || c == '.'
                || c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F');
        if (!characters || text.indexOf('.') >= 0 && ipv4(text.substring(text.lastIndexOf(':') + 1)).isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(text)).filter(a -> a.length == 16);
    }

    /** A decimal number without a sign or zeros in front; -1 if it is none or too large. */
    private static int number(String text, int largest) {
        if (text.isEmpty() || text.length() > 5 || text.length() > 1 && text.charAt(0) == '0') {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= largest ? value : -1;
    }

    // ---- version 2

    private static Result version2(byte[] bytes, int length) {
        if (length < V2_HEAD) {
            return Incomplete.INSTANCE;
        }
        int command = bytes[12] & 0xff;
        int family = bytes[13] & 0xff;
        int end = V2_HEAD + unsignedShort(bytes, 14);
        if (command != 0x20 && command != 0x21 || end > MAX_V2) {
            return invalid();
        }
        int addresses = addressBytes(family);
        boolean local = command == 0x20;
        if (!local && (addresses < 0 || end - V2_HEAD < addresses)) {
            return invalid();
        }
        if (length < end) {
            return Incomplete.INSTANCE;
        }
        if (local || family == 0x00) {
            // What an UNSPEC header holds has no form that could be checked; the connection's own ends count.
            return new Header(end, Optional.empty(), told());
        }
        int fields = V2_HEAD + addresses;
        if (!areFields(bytes, fields, end) || !checksumHolds(bytes, fields, end)) {
            return invalid();
        }
        ReceivedProxy told = fields == end ? told() : new ReceivedProxy(Arrays.copyOfRange(bytes, fields, end));
        return new Header(end, Optional.of(ends(bytes, family)), told);
    }

    /** How long the addresses of a family are; -1 for what no stream has. */
    private static int addressBytes(int family) {
        return switch (family) {
            case 0x00 -> 0;
            case 0x11 -> 12;
            case 0x21 -> 36;
            case 0x31 -> 2 * UNIX_PATH;
            default -> -1;
        };
    }

    private static Ends ends(byte[] bytes, int family) {
        if (family == 0x31) {
            return new Ends(Peer.UNIX, Peer.UNIX);
        }
        int size = family == 0x11 ? 4 : 16;
        int at = V2_HEAD;
        return new Ends(
                Peer.of(Arrays.copyOfRange(bytes, at, at + size), unsignedShort(bytes, at + 2 * size)),
                Peer.of(Arrays.copyOfRange(bytes, at + size, at + 2 * size), unsignedShort(bytes, at + 2 * size + 2)));
    }

    /** Whether each field ends within the header. */
    private static boolean areFields(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (at + 3 > end) {
                return false;
            }
            at += 3 + unsignedShort(bytes, at + 1);
        }
        return at == end;
    }

    /** Whether the CRC32c of the header is right, if it has one. */
    private static boolean checksumHolds(byte[] bytes, int from, int end) {
        for (int at = from; at < end; at += 3 + unsignedShort(bytes, at + 1)) {
            if ((bytes[at] & 0xff) == ProxyHeaders.CRC32C) {
                if (unsignedShort(bytes, at + 1) != 4) {
                    return false;
                }
                CRC32C sum = new CRC32C();
                sum.update(bytes, 0, at + 3);
                sum.update(new byte[4]);
                sum.update(bytes, at + 7, end - at - 7);
                int told = unsignedShort(bytes, at + 3) << 16 | unsignedShort(bytes, at + 5);
                return (int) sum.getValue() == told;
            }
        }
        return true;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** Not {@link ReceivedProxy#NONE}: there was a header. */
    private static ReceivedProxy told() {
        return new ReceivedProxy(new byte[0]);
    }

    private static Bad invalid() {
        return new Bad(HandshakeEnd.PROXY_INVALID);
    }
}
