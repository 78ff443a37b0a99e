package net.lbd.core.peers;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The first lines of a connection between peers. Immutable. Source: HAProxy, doc/peers.txt, "Handshake"; which status
 * answers which fault was read off HAProxy 2.6.
 *
 * @param target who is meant
 * @param sender who speaks
 */
record Hello(String target, String sender) {

    static final int OK = 200;
    static final int TRY_AGAIN = 300;
    static final int PROTOCOL_ERROR = 501;
    static final int BAD_VERSION = 502;
    static final int WRONG_TARGET = 503;
    static final int UNKNOWN_SENDER = 504;

    private static final String PROTOCOL = "HAProxyS ";
    private static final int LONGEST_LINE = 512;

    /** What came of reading: a hello, or the status that refuses it. */
    record Read(Optional<Hello> hello, int status) { }

    String text(long pid) {
        return PROTOCOL + "2.1\n" + target + "\n" + sender + " " + pid + " 0\n";
    }

    /** Empty as long as the three lines are not there. */
    static Optional<Read> read(ByteBuf in) {
        int start = in.readerIndex();
        String[] lines = new String[3];
        for (int i = 0; i < lines.length; i++) {
            Optional<String> line = line(in);
            if (line.isEmpty()) {
                boolean tooLong = in.writerIndex() - start > 3 * LONGEST_LINE;
                in.readerIndex(start);
                return tooLong ? Optional.of(new Read(Optional.empty(), PROTOCOL_ERROR)) : Optional.empty();
            }
            lines[i] = line.get();
        }
        String[] words = lines[2].split(" ");
        if (!lines[0].startsWith(PROTOCOL) || words.length < 3) {
            return Optional.of(new Read(Optional.empty(), PROTOCOL_ERROR));
        }
        String version = lines[0].substring(PROTOCOL.length()).strip();
        if (!version.equals("2.0") && !version.equals("2.1")) {
            return Optional.of(new Read(Optional.empty(), BAD_VERSION));
        }
        return Optional.of(new Read(Optional.of(new Hello(lines[1], words[0])), OK));
    }

    /** The next line without its end; empty as long as it is not whole. */
    static Optional<String> line(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        if (end < 0) {
            return Optional.empty();
        }
        String line = in.toString(in.readerIndex(), end - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.readerIndex(end + 1);
        return Optional.of(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
}
