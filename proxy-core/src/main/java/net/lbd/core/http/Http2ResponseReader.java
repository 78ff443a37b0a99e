package net.lbd.core.http;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Makes the bytes of an HTTP/1 response head, or of a trailer section, of the fields of an HTTP/2 one. What is not well formed in HTTP/2 is bad;
 * what it says is for the reader of the HTTP/1 message to judge. Used for one block after another; event-loop confined.
 * Source: RFC 9113 §8.
 */
public final class Http2ResponseReader {

    private static final byte[] STATUS = Ascii.bytes(":status");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final int FORBIDDEN = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE | KnownHeader.PROXY_CONNECTION
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE | KnownHeader.HTTP2_SETTINGS;

    private final int limitBytes;
    private final int maxHeaders;
    private final Http2TrailerReader trailerReader;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private boolean trailers;
    private boolean bad;
    private int status;
    private int count;
    private long contentLength;

    public Http2ResponseReader(int limitBytes, int maxHeaders) {
        this.limitBytes = limitBytes;
        this.maxHeaders = maxHeaders;
        this.trailerReader = new Http2TrailerReader(limitBytes);
    }

    /** @param ofTrailers the head has come before */
    public void begin(boolean ofTrailers) {
        trailers = ofTrailers;
        trailerReader.begin();
        lines.reset();
        bad = false;
        status = 0;
        count = 0;
        contentLength = -1;
    }

    public void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        if (bad) {
            return;
        }
        if (trailers) {
            trailerReader.field(name, nameAt, nameLength, value, valueAt, valueLength);
            bad = trailerReader.isBad();
        } else if (nameLength > 0 && name[nameAt] == ':') {
            pseudo(name, nameAt, nameLength, value, valueAt, valueLength);
        } else {
            regular(name, nameAt, nameLength, value, valueAt, valueLength);
        }
    }

    private void pseudo(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        bad = status != 0 || count > 0 || valueLength != 3
                || !Arrays.equals(name, nameAt, nameAt + nameLength, STATUS, 0, STATUS.length);
        for (int i = 0; i < 3 && !bad; i++) {
            int digit = value[valueAt + i] - '0';
            bad = digit < 0 || digit > 9;
            status = status * 10 + digit;
        }
        bad |= status < 100 || status > 599;
    }

    private void regular(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        bad = status == 0 || ++count > maxHeaders || lines.size() + nameLength + valueLength + 4 > limitBytes
                || !Http2RequestReader.isFieldName(name, nameAt, nameLength) || !HeadParser.isFieldValue(value, valueAt, valueLength)
                || (KnownHeader.recognise(name, nameAt, nameLength) & FORBIDDEN) != 0;
        if (bad) {
            return;
        }
        if (Arrays.equals(name, nameAt, nameAt + nameLength, CONTENT_LENGTH, 0, CONTENT_LENGTH.length)) {
            length(value, valueAt, valueLength);
            if (bad) {
                return;
            }
        }
        lines.write(name, nameAt, nameLength);
        lines.write(':');
        lines.write(' ');
        lines.write(value, valueAt, valueLength);
        lines.write('\r');
        lines.write('\n');
    }

    /** One number below 2^63, and once: two readers must not read two lengths. */
    private void length(byte[] value, int at, int length) {
        bad = length == 0 || contentLength >= 0;
        long number = 0;
        for (int i = at; i < at + length && !bad; i++) {
            int digit = value[i] - '0';
            bad = digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10;
            number = number * 10 + digit;
        }
        contentLength = number;
    }

    /** Whether the block cannot be used. */
    public boolean isBad() {
        return bad || !trailers && status == 0;
    }

    public int status() {
        return status;
    }

    /** -1: the head has none. */
    public long contentLength() {
        return contentLength;
    }

    /**
     * The head.
     *
     * @param chunked the body follows in chunks
     * @param empty there is no body, and nothing in the head says so
     * @param last nothing more can be asked there
     */
    public byte[] head(boolean chunked, boolean empty, boolean last) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(lines.size() + 64);
        out.writeBytes(Ascii.bytes("HTTP/1.1 " + status + " " + reason() + "\r\n"));
        out.writeBytes(lines.toByteArray());
        if (last) {
            out.writeBytes(Ascii.bytes("connection: close\r\n"));
        }
        if (chunked) {
            out.writeBytes(Ascii.bytes("transfer-encoding: chunked\r\n"));
        } else if (empty) {
            out.writeBytes(Ascii.bytes("content-length: 0\r\n"));
        }
        out.writeBytes(Ascii.bytes("\r\n"));
        return out.toByteArray();
    }

    /** The head of a switch to WebSocket, for a success by which HTTP/2 has it (RFC 8441 §5). @param accept the proof of it */
    public byte[] switched(byte[] accept) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(lines.size() + 160);
        out.writeBytes(Ascii.bytes("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: "));
        out.writeBytes(accept);
        out.writeBytes(Ascii.bytes("\r\n"));
        out.writeBytes(lines.toByteArray());
        out.writeBytes(Ascii.bytes("\r\n"));
        return out.toByteArray();
    }

    /** HTTP/2 has none: clients of HTTP/1 get the usual one. */
    private String reason() {
        String usual = ReplyWriter.reason(status);
        return usual.equals("Unknown") ? "" : usual;
    }

    /** The lines of a trailer section, without the empty one behind them. */
    public byte[] trailers() {
        return trailerReader.lines();
    }
}
