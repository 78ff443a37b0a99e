package net.lbd.core.http;

import io.netty.buffer.ByteBuf;

/**
 * What a line of a trailer section may be: a header that neither frames nor routes a message. Pure
 * functions. Source: RFC 9110 §6.5.1.
 */
final class TrailerField {

    private static final int FORBIDDEN = KnownHeader.HOST | KnownHeader.CONTENT_LENGTH
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE
            | KnownHeader.PROXY_CONNECTION | KnownHeader.UPGRADE | KnownHeader.EXPECT | KnownHeader.AUTHORIZATION
            | KnownHeader.PROXY_AUTHORIZATION | KnownHeader.TE | KnownHeader.HTTP2_SETTINGS
            | KnownHeader.MAX_FORWARDS | KnownHeader.TRAILER;

    private TrailerField() { }

    static boolean isValid(ByteBuf in, int from, int end) {
        byte[] line = new byte[end - from];
        in.getBytes(from, line);
        int colon = 0;
        while (colon < line.length && HeadParser.isToken(line[colon])) {
            colon++;
        }
        if (colon == 0 || colon == line.length || line[colon] != ':'
                || (KnownHeader.recognise(line, 0, colon) & FORBIDDEN) != 0) {
            return false;
        }
        for (int i = colon + 1; i < line.length; i++) {
            byte b = line[i];
            if (b >= 0 && b < 0x20 && b != '\t' || b == 0x7f) {
                return false;
            }
        }
        return true;
    }
}
