package net.lbd.core.http;

import java.nio.charset.StandardCharsets;

/**
 * The headers that the proxy itself must understand, recognised by length and letters while a head is
 * parsed. The constants are bits, so that a message tells in one word which of them it holds.
 */
public final class KnownHeader {

    public static final int NONE = 0;
    public static final int HOST = 1;
    public static final int CONTENT_LENGTH = 1 << 1;
    public static final int TRANSFER_ENCODING = 1 << 2;
    public static final int CONNECTION = 1 << 3;
    public static final int KEEP_ALIVE = 1 << 4;
    public static final int PROXY_CONNECTION = 1 << 5;
    public static final int UPGRADE = 1 << 6;
    public static final int EXPECT = 1 << 7;
    public static final int AUTHORIZATION = 1 << 8;
    public static final int PROXY_AUTHORIZATION = 1 << 9;
    public static final int TE = 1 << 10;
    public static final int HTTP2_SETTINGS = 1 << 11;
    public static final int MAX_FORWARDS = 1 << 12;
    public static final int WWW_AUTHENTICATE = 1 << 13;
    public static final int PROXY_AUTHENTICATE = 1 << 14;
    public static final int TRAILER = 1 << 15;

    /** What says where a message ends: no rule may change it. */
    public static final int FRAMING = CONTENT_LENGTH | TRANSFER_ENCODING;

    private static final String[] NAMES = {
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade",
        "expect", "authorization", "proxy-authorization", "te", "http2-settings", "max-forwards",
        "www-authenticate", "proxy-authenticate", "trailer"
    };

    private static final int MAX_LENGTH = 19;

    /** Candidates by length of the name; within one length the first byte tells them apart, or all are tried. */
    private static final byte[][][] LOWER = new byte[MAX_LENGTH + 1][][];

    private static final int[][] BITS = new int[MAX_LENGTH + 1][];

    static {
        for (int length = 0; length <= MAX_LENGTH; length++) {
            int of = length;
            int[] matching = java.util.stream.IntStream.range(0, NAMES.length)
                    .filter(i -> NAMES[i].length() == of).toArray();
            LOWER[length] = new byte[matching.length][];
            BITS[length] = new int[matching.length];
            for (int k = 0; k < matching.length; k++) {
                LOWER[length][k] = NAMES[matching[k]].getBytes(StandardCharsets.US_ASCII);
                BITS[length][k] = 1 << matching[k];
            }
        }
    }

    private KnownHeader() { }

    /** Whether no rule may change headers of this name: those that frame a message, or speak about one connection. */
    public static boolean isOutOfRulesReach(String name) {
        byte[] bytes = Ascii.bytes(name);
        return (recognise(bytes, 0, bytes.length) & (FRAMING | CONNECTION)) != 0;
    }

    /** The bit of the header with this name, or {@link #NONE}. */
    static int recognise(byte[] bytes, int offset, int length) {
        if (length > MAX_LENGTH) {
            return NONE;
        }
        byte[][] candidates = LOWER[length];
        for (int k = 0; k < candidates.length; k++) {
            if (Ascii.equalsIgnoreCase(bytes, offset, candidates[k])) {
                return BITS[length][k];
            }
        }
        return NONE;
    }
}
