package net.lbd.core.listen;

import java.util.Arrays;
import java.util.Optional;
import net.lbd.core.session.Peer;
import net.lbd.core.session.ReceivedProxy;

/**
 * The header that a NetScaler puts before what a client sends: the IP and TCP headers of the client's own connection, in the form of
 * version 10.5 or the older one. Immutable. Source: "NetScaler Client IP insertion protocol".
 *
 * <table><caption>Layout</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>4</td><td>magic number</td></tr>
 * <tr><td>4</td><td>length of the whole, or (older) of what follows</td></tr>
 * <tr><td>2, 2</td><td>type 1 and length of what follows; not in the older form</td></tr>
 * <tr><td>20 or more, 40</td><td>IP header</td></tr>
 * <tr><td>20 or more</td><td>TCP header</td></tr>
 * </table>
 *
 * @param magic what both sides have agreed on
 */
public record NetscalerHeader(int magic) implements ClientHeader {

    /** What {@code expect-netscaler-cip} of rules wants: no word tells them a magic number. */
    static final NetscalerHeader OF_RULES = new NetscalerHeader(0);

    private static final int OLD_HEAD = 8;
    private static final int NEW_HEAD = 12;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;
    private static final int TCP_PROTOCOL = 6;
    /** The longest IP and TCP headers with all options. */
    private static final int LONGEST = 60 + 60;

    @Override
    public ProxyHeaderParser.Result read(byte[] bytes, int length) {
        byte[] wanted = {(byte) (magic >>> 24), (byte) (magic >>> 16), (byte) (magic >>> 8), (byte) magic};
        int seen = Math.min(length, wanted.length);
        if (!Arrays.equals(bytes, 0, seen, wanted, 0, seen)) {
            return new ProxyHeaderParser.Bad(HandshakeEnd.CIP_MAGIC);
        }
        if (length < OLD_HEAD + 1) {
            return ProxyHeaderParser.Incomplete.INSTANCE;
        }
        int version = bytes[OLD_HEAD] >> 4 & 0xf;
        if (version == 4 || version == 6) {
            return headers(bytes, length, OLD_HEAD, number(bytes, 4));
        }
        if (length < NEW_HEAD) {
            return ProxyHeaderParser.Incomplete.INSTANCE;
        }
        return unsignedShort(bytes, OLD_HEAD) != 1 ? unknown() : headers(bytes, length, NEW_HEAD, unsignedShort(bytes, OLD_HEAD + 2));
    }

    private static ProxyHeaderParser.Result headers(byte[] bytes, int length, int from, int size) {
        if (size < IPV4 + TCP || size > LONGEST) {
            return unknown();
        }
        if (length < from + size) {
            return ProxyHeaderParser.Incomplete.INSTANCE;
        }
        boolean four = (bytes[from] >> 4 & 0xf) == 4;
        boolean six = (bytes[from] >> 4 & 0xf) == 6;
        int ip = four ? (bytes[from] & 0xf) * 4 : IPV6;
        if (!four && !six || four && ip < IPV4 || size < ip + TCP || bytes[from + (four ? 9 : 6)] != TCP_PROTOCOL) {
            return unknown();
        }
        int address = four ? 4 : 16;
        int at = from + (four ? 12 : 8);
        Peer source = Peer.of(Arrays.copyOfRange(bytes, at, at + address), unsignedShort(bytes, from + ip));
        Peer destination = Peer.of(Arrays.copyOfRange(bytes, at + address, at + 2 * address), unsignedShort(bytes, from + ip + 2));
        return new ProxyHeaderParser.Header(from + size, Optional.of(new ProxyHeaderParser.Ends(source, destination)), ReceivedProxy.NONE);
    }

    private static ProxyHeaderParser.Result unknown() {
        return new ProxyHeaderParser.Bad(HandshakeEnd.CIP_PROTOCOL);
    }

    private static int number(byte[] bytes, int at) {
        return unsignedShort(bytes, at) << 16 | unsignedShort(bytes, at + 2);
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    @Override
    public HandshakeEnd closed() {
        return HandshakeEnd.CIP_CLOSED;
    }

    @Override
    public HandshakeEnd timeout() {
        return HandshakeEnd.CIP_TIMEOUT;
    }

    @Override
    public HandshakeEnd truncated() {
        return HandshakeEnd.CIP_TRUNCATED;
    }
}
