package net.lbd.core.http;

/**
 * Headers that speak about one connection only: they are read here and never passed on, and with them
 * every header that Connection names. Pure functions. Source: RFC 9110 §7.6.1.
 */
public final class HopByHop {

    /** Bits of {@link #strip}'s answer. */
    public static final int CLOSE = 1;
    public static final int KEEP_ALIVE = 2;
    public static final int UPGRADE = 4;

    private static final int ALWAYS = KnownHeader.KEEP_ALIVE | KnownHeader.PROXY_CONNECTION | KnownHeader.TE | KnownHeader.HTTP2_SETTINGS;
    private static final int INTERESTING = ALWAYS | KnownHeader.CONNECTION | KnownHeader.UPGRADE;
    /** Naming these in Connection would let a sender break framing or routing: they stay. */
    private static final int KEPT = KnownHeader.HOST | KnownHeader.CONTENT_LENGTH
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE;

    private static final byte[] CLOSE_TOKEN = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE_TOKEN = Ascii.bytes("keep-alive");
    private static final byte[] UPGRADE_TOKEN = Ascii.bytes("upgrade");
    private static final byte[] H2C = Ascii.bytes("h2c");

    private HopByHop() { }

    /**
     * Removes the hop-by-hop headers, Connection included. {@code Upgrade} stays if the message asks for an upgrade that can
     * be carried; the caller then adds {@code Connection: Upgrade} anew. An upgrade to {@code h2c} is
     * never carried, nor one in HTTP/1.0, which does not know it (RFC 9110 §7.8).
     *
     * @return which of the tokens close, keep-alive and upgrade Connection held
     */
    public static int strip(HttpMessage m) {
        int tokens = read(m, KnownHeader.CONNECTION);
        m.removeKnown(KnownHeader.CONNECTION);
        return tokens;
    }

    /**
     * As {@link #strip}, but Connection itself stays for the rules, some of which look for {@code Upgrade} in it; who sends the message
     * on removes it. What it names is gone before a rule adds a header of the same name.
     *
     * @param connection the header that speaks about the connection: Connection, or Proxy-Connection between a client and its proxy
     */
    public static int read(HttpMessage m, int connection) {
        if (!m.mayHave(INTERESTING)) {
            return 0;
        }
        int tokens = 0;
        for (int i = m.find(connection, 0); i >= 0; i = m.find(connection, i + 1)) {
            tokens |= readConnection(m, i);
        }
        m.removeKnown(ALWAYS);
        int upgrade = m.find(KnownHeader.UPGRADE, 0);
        if (upgrade >= 0 && ((tokens & UPGRADE) == 0 || !m.isAtLeast11() || containsH2c(m, upgrade)
                || m.find(KnownHeader.UPGRADE, upgrade + 1) >= 0)) {
            m.removeKnown(KnownHeader.UPGRADE);
            tokens &= ~UPGRADE;
        } else if (upgrade < 0) {
            tokens &= ~UPGRADE;
        }
        return tokens;
    }

    private static int readConnection(HttpMessage m, int header) {
        byte[] bytes = m.bytes();
        int end = m.valueOffset(header) + m.valueLength(header);
        int tokens = 0;
        int i = m.valueOffset(header);
        while (i < end) {
            int start = i;
            while (i < end && bytes[i] != ',') {
                i++;
            }
            int stop = i;
            while (start < stop && blank(bytes[start])) {
                start++;
            }
            while (stop > start && blank(bytes[stop - 1])) {
                stop--;
            }
            int length = stop - start;
            if (Ascii.equalsIgnoreCase(bytes, start, length, CLOSE_TOKEN)) {
                tokens |= CLOSE;
            } else if (Ascii.equalsIgnoreCase(bytes, start, length, KEEP_ALIVE_TOKEN)) {
                tokens |= KEEP_ALIVE;
            } else if (Ascii.equalsIgnoreCase(bytes, start, length, UPGRADE_TOKEN)) {
                tokens |= UPGRADE;
            } else if (length > 0) {
                removeNamed(m, start, length);
            }
            i++;
        }
        return tokens;
    }

    private static void removeNamed(HttpMessage m, int offset, int length) {
        byte[] bytes = m.bytes();
        for (int i = 0; i < m.headerCount(); i++) {
            if (m.nameLength(i) == length && (m.kind(i) & KEPT) == 0 && !m.isRemoved(i)
                    && sameName(bytes, m.nameOffset(i), offset, length)) {
                m.remove(i);
            }
        }
    }

    private static boolean sameName(byte[] bytes, int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            if (Ascii.lower(bytes[a + i]) != Ascii.lower(bytes[b + i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean containsH2c(HttpMessage m, int header) {
        byte[] bytes = m.bytes();
        int end = m.valueOffset(header) + m.valueLength(header) - H2C.length;
        for (int i = m.valueOffset(header); i <= end; i++) {
            if (Ascii.equalsIgnoreCase(bytes, i, H2C)) {
                return true;
            }
        }
        return false;
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
