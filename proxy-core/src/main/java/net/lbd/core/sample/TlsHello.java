package net.lbd.core.sample;

import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Inspection;

/**
 * What the client's hello of a TLS connection says that is passed through. Every length in it is checked
 * against what is there; what is not a hello has no value. Stateless. Source: RFC 8446 §4.1.2, RFC 6066 §3.
 */
final class TlsHello {

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int GROUPS = 10;
    private static final int ALPN = 16;
    private static final int SESSION_TICKET = 35;

    private TlsHello() { }

    /** The type of the first handshake message: 1 is the client's hello. */
    static boolean type(Inspection in, Sample out) {
        if (!isHandshake(in) || !has(in, 6)) {
            return false;
        }
        out.setInteger(at(in, 5));
        return true;
    }

    /** As {@link #type}, once the message is there as a whole. */
    static boolean completeType(Inspection in, Sample out) {
        return isHandshake(in) && has(in, 9) && has(in, 9 + (at(in, 6) << 16 | number(in, 7))) && type(in, out);
    }

    /** The highest version of the record's header and the hello: major times 65536 plus minor. */
    static boolean version(Inspection in, Sample out) {
        if (!isHandshake(in) || !has(in, 11)) {
            return false;
        }
        int hello = at(in, 5) == CLIENT_HELLO ? 9 : 1;
        out.setInteger((long) at(in, hello) << 16 | at(in, hello + 1));
        return true;
    }

    static boolean serverName(Inspection in, Sample out) {
        int from = extension(in, SERVER_NAME);
        if (from < 0) {
            return false;
        }
        int end = from + 4 + number(in, from + 2);
        // A list of names, of which only the host name, type 0, exists.
        for (int i = from + 6; i + 3 <= end; i += 3 + number(in, i + 1)) {
            int length = number(in, i + 1);
            if (at(in, i) == 0) {
                if (i + 3 + length > end) {
                    return false;
                }
                out.setView(SampleType.STRING, in.bytes(), i + 3, length);
                return true;
            }
        }
        return false;
    }

    static boolean protocols(Inspection in, Sample out) {
        int from = extension(in, ALPN);
        if (from < 0) {
            return false;
        }
        int end = from + 4 + number(in, from + 2);
        byte[] text = out.setOwned(SampleType.STRING, Math.max(0, end - from));
        int length = 0;
        for (int i = from + 6; i < end; i += 1 + at(in, i)) {
            int size = at(in, i);
            if (i + 1 + size > end) {
                return false;
            }
            if (length > 0) {
                text[length++] = ',';
            }
            System.arraycopy(in.bytes(), i + 1, text, length, size);
            length += size;
        }
        out.truncate(length);
        return length > 0;
    }

    static boolean hasCurves(Inspection in, Sample out) {
        if (!hello(in)) {
            return false;
        }
        out.setBoolean(extension(in, GROUPS) >= 0);
        return true;
    }

    /** 0: no extension for session tickets; 1: an empty one; 2: with a ticket. */
    static boolean sessionTicket(Inspection in, Sample out) {
        if (!hello(in)) {
            return false;
        }
        int from = place(in, SESSION_TICKET);
        out.setInteger(from < 0 ? 0 : number(in, from + 2) == 0 ? 1 : 2);
        return true;
    }

    private static boolean has(Inspection in, int length) {
        if (in.length() >= length) {
            return true;
        }
        in.miss();
        return false;
    }

    private static int at(Inspection in, int i) {
        return in.bytes()[i] & 0xff;
    }

    private static int number(Inspection in, int i) {
        return at(in, i) << 8 | at(in, i + 1);
    }

    private static boolean isHandshake(Inspection in) {
        if (!has(in, 1) || at(in, 0) != HANDSHAKE) {
            return false;
        }
        return has(in, 3) && at(in, 1) == 3;
    }

    /** Whether the whole hello is there, in one record. */
    private static boolean hello(Inspection in) {
        if (!isHandshake(in) || !has(in, 9) || at(in, 5) != CLIENT_HELLO) {
            return false;
        }
        int record = number(in, 3);
        int message = at(in, 6) << 16 | number(in, 7);
        return message + 4 <= record && has(in, 9 + message);
    }

    /** Where an extension that holds something begins, with its type and length; -1 without it. It lies within the hello. */
    private static int extension(Inspection in, int wanted) {
        int from = hello(in) ? place(in, wanted) : -1;
        return from >= 0 && number(in, from + 2) >= 2 ? from : -1;
    }

    /** As {@link #extension} of a hello that is there, be the extension empty or not. */
    private static int place(Inspection in, int wanted) {
        int end = 9 + (at(in, 6) << 16 | number(in, 7));
        int i = 9 + 2 + 32;
        i = i < end ? i + 1 + at(in, i) : end;
        i = i + 2 <= end ? i + 2 + number(in, i) : end;
        i = i < end ? i + 1 + at(in, i) : end;
        i += 2;
        while (i + 4 <= end) {
            int length = number(in, i + 2);
            if (i + 4 + length > end) {
                return -1;
            }
            if (number(in, i) == wanted) {
                return i;
            }
            i += 4 + length;
        }
        return -1;
    }
}
