package net.lbd.core.sample;

import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Inspection;

/**
 * The cookie in the first packet of a Remote Desktop client: a TPKT and X.224 header, then {@code Cookie:
 * name=value} and a line end. Stateless. Source: HAProxy manual, "req.rdp_cookie"; MS-RDPBCGR §2.2.1.1.
 */
final class RdpCookie {

    private static final byte[] COOKIE = Ascii.bytes("cookie:");
    private static final int HEADER = 11;

    private RdpCookie() { }

    /** @param name empty: any */
    static boolean find(Inspection in, byte[] name, Sample out) {
        byte[] bytes = in.bytes();
        if (in.length() < HEADER) {
            in.miss();
            return false;
        }
        // Version 3 of TPKT; a connection request of X.224.
        if (bytes[0] != 3 || (bytes[5] & 0xf0) != 0xe0) {
            return false;
        }
        int packet = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        int end = Math.min(packet, in.length());
        if (in.length() < packet) {
            in.miss();
        }
        int at = HEADER;
        if (at + COOKIE.length > end || !Ascii.equalsIgnoreCase(bytes, at, COOKIE)) {
            return false;
        }
        at += COOKIE.length;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        int nameEnd = at;
        while (nameEnd < end && bytes[nameEnd] != '=' && bytes[nameEnd] != '\r' && bytes[nameEnd] != '\n') {
            nameEnd++;
        }
        if (nameEnd == end || bytes[nameEnd] != '=') {
            return false;
        }
        if (name.length > 0 && (nameEnd - at != name.length || !sameText(bytes, at, name))) {
            return false;
        }
        int stop = nameEnd + 1;
        while (stop < end && bytes[stop] != '\r' && bytes[stop] != '\n' && bytes[stop] != ';') {
            stop++;
        }
        if (stop == end) {
            return false;
        }
        out.setView(SampleType.STRING, bytes, nameEnd + 1, stop - nameEnd - 1);
        return true;
    }

    private static boolean sameText(byte[] bytes, int offset, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (Ascii.lower(bytes[offset + i]) != Ascii.lower(name[i])) {
                return false;
            }
        }
        return true;
    }
}
