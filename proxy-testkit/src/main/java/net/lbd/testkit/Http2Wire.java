package net.lbd.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer that speaks HTTP/2 frame by frame, right or wrong, as a test says. Fields it sends are never compressed, so that each may hold
 * any bytes; those it gets are decoded. It answers SETTINGS and PING by itself where it waits for something else.
 *
 * <pre>{@code
 * Http2Wire client = Http2Wire.client(RawClient.connect(port));
 * client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/");
 * assertThat(client.message(1).status()).isEqualTo(200);
 * }</pre>
 */
public final class Http2Wire implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;
    public static final int WITH_PRIORITY = 32;

    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** A frame that was received. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** The code of RST_STREAM and GOAWAY. */
        public int code() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        /** The first number of the payload: last stream of GOAWAY, increment of WINDOW_UPDATE. */
        public int number() {
            return ByteBuffer.wrap(payload).getInt(0);
        }

        public boolean ends() {
            return (flags & END_STREAM) != 0;
        }
    }

    /** What came on a stream until it ended. */
    public static final class Message {
        private final List<String> fields = new ArrayList<>();
        private final List<String> trailers = new ArrayList<>();
        private final List<Integer> interim = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int resetCode = -1;
        private boolean ended;
        private int dataFrames;

        /** The final status; 0 if there was none. */
        public int status() {
            return field(":status").isEmpty() ? 0 : Integer.parseInt(field(":status"));
        }

        /** The value of a field; empty if there is none. */
        public String field(String name) {
            return fields.stream().filter(f -> f.startsWith(name + ": ")).map(f -> f.substring(name.length() + 2)).findFirst().orElse("");
        }

        /** Each as {@code name: value}, in order. */
        public List<String> fields() {
            return fields;
        }

        public List<String> trailers() {
            return trailers;
        }

        /** The status of each 1xx. */
        public List<Integer> interim() {
            return interim;
        }

        public byte[] body() {
            return body.toByteArray();
        }

        public String bodyText() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        /** The code by which the stream was reset; -1: it was not. */
        public int resetCode() {
            return resetCode;
        }

        /** Whether END_STREAM came. */
        public boolean ended() {
            return ended;
        }

        public int dataFrames() {
            return dataFrames;
        }
    }

    private final Wire wire;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    /** Frames that came while another was waited for. */
    private final List<Frame> passed = new ArrayList<>();
    private boolean answersSettings = true;
    /** GOAWAY that came while a message was read. */
    private java.util.Optional<Frame> farewell = java.util.Optional.empty();

    private Http2Wire(Wire wire) {
        this.wire = wire;
    }

    /** A client that has sent its preface and SETTINGS. @param settings identifiers and values in turn */
    public static Http2Wire client(Wire wire, int... settings) {
        wire.send(PREFACE);
        return peer(wire, settings);
    }

    /** A server, behind a client's preface. */
    public static Http2Wire server(Wire wire, int... settings) {
        wire.expect(PREFACE);
        return peer(wire, settings);
    }

    /** One that has sent SETTINGS only. */
    public static Http2Wire peer(Wire wire, int... settings) {
        Http2Wire peer = new Http2Wire(wire);
        peer.settings(settings);
        return peer;
    }

    /** One that has sent nothing. */
    public static Http2Wire bare(Wire wire) {
        return new Http2Wire(wire);
    }

    /** The last stream that the peer takes, once it has said GOAWAY; requests above it were not processed (RFC 9113 §6.8). */
    public java.util.OptionalInt lastTaken() {
        return farewell.map(f -> java.util.OptionalInt.of(ByteBuffer.wrap(f.payload()).getInt())).orElse(java.util.OptionalInt.empty());
    }

    public Wire wire() {
        return wire;
    }

    /** SETTINGS and PING of the other side stay without an answer. */
    public Http2Wire answeringNothing() {
        answersSettings = false;
        return this;
    }

    // ---- sending

    /** The bytes of a frame. */
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length).put((byte) (payload.length >>> 16)).put((byte) (payload.length >>> 8))
                .put((byte) payload.length).put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    public Http2Wire send(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        wire.send(all.toByteArray());
        return this;
    }

    public static byte[] settingsFrame(int... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    public Http2Wire settings(int... pairs) {
        return send(settingsFrame(pairs));
    }

    /** A block of fields: names and values in turn, each as it is, in ISO 8859-1. */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            string(out, fields[i]);
            string(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int left = bytes.length - 127;
            for (; left > 127; left >>>= 7) {
                out.write(left & 127 | 128);
            }
            out.write(left);
        }
        out.writeBytes(bytes);
    }

    public static byte[] headersFrame(int stream, boolean end, String... fields) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    public Http2Wire headers(int stream, boolean end, String... fields) {
        return send(headersFrame(stream, end, fields));
    }

    /** The fields of a request without a body, and more behind them. */
    public static String[] get(String path, String... more) {
        return request("GET", path, more);
    }

    public static String[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "a", ":path", path));
        fields.addAll(List.of(more));
        return fields.toArray(new String[0]);
    }

    public static byte[] dataFrame(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Http2Wire data(int stream, boolean end, String text) {
        return send(dataFrame(stream, end, text));
    }

    public static byte[] windowUpdateFrame(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    public Http2Wire windowUpdate(int stream, int increment) {
        return send(windowUpdateFrame(stream, increment));
    }

    public static byte[] resetFrame(int stream, int code) {
        return frame(RST_STREAM, 0, stream, number(code));
    }

    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    // ---- receiving

    private Frame read() {
        ByteBuffer head = ByteBuffer.wrap(wire.read(9));
        int length = (head.get() & 255) << 16 | (head.get() & 255) << 8 | head.get() & 255;
        int type = head.get();
        int flags = head.get() & 255;
        int stream = head.getInt();
        return new Frame(type, flags, stream, length == 0 ? new byte[0] : wire.read(length));
    }

    /** The next frame of the wire, whatever it is. */
    public Frame next() {
        return read();
    }

    /** The next frame of this type; those before it are kept for others. SETTINGS and PING are answered. */
    public Frame next(int type) {
        return next(type, -1);
    }

    public Frame next(int type, int stream) {
        for (int i = 0; i < passed.size(); i++) {
            Frame frame = passed.get(i);
            if (frame.type() == type && (stream < 0 || frame.stream() == stream)) {
                passed.remove(i);
                return frame;
            }
        }
        while (true) {
            Frame frame = read();
            answer(frame);
            if (frame.type() == type && (stream < 0 || frame.stream() == stream)) {
                return frame;
            }
            passed.add(frame);
        }
    }

    /** The next frame of one of these types. */
    public Frame nextOf(int... types) {
        while (true) {
            Frame frame = passed.isEmpty() ? readAndAnswer() : passed.remove(0);
            for (int type : types) {
                if (frame.type() == type) {
                    return frame;
                }
            }
        }
    }

    /** Keeps a frame that was read for who waits for it. */
    public void passOn(Frame frame) {
        passed.add(frame);
    }

    private void answer(Frame frame) {
        if (answersSettings && (frame.flags() & ACK) == 0) {
            if (frame.type() == SETTINGS) {
                send(frame(SETTINGS, ACK, 0));
            } else if (frame.type() == PING) {
                send(frame(PING, ACK, 0, frame.payload()));
            }
        }
    }

    private final java.util.Map<Integer, Message> open = new java.util.HashMap<>();

    /** Reads until the stream has ended or was reset; what comes on others meanwhile is kept. Windows are given back. */
    public Message message(int stream) {
        return message(stream, true);
    }

    /** @param granting whether the windows are given back as bytes come */
    public Message message(int stream, boolean granting) {
        while (true) {
            Message message = open.computeIfAbsent(stream, s -> new Message());
            if (message.ended || message.resetCode >= 0) {
                open.remove(stream);
                return message;
            }
            take(passed.isEmpty() ? readAndAnswer() : passed.remove(0), granting);
        }
    }

    /** What has come on a stream as soon as the condition holds. */
    public Message messageOnce(int stream, java.util.function.Predicate<Message> condition) {
        while (true) {
            Message message = open.computeIfAbsent(stream, s -> new Message());
            if (condition.test(message)) {
                return message;
            }
            take(passed.isEmpty() ? readAndAnswer() : passed.remove(0), false);
        }
    }

    private Frame readAndAnswer() {
        Frame frame = read();
        answer(frame);
        return frame;
    }

    private void take(Frame frame, boolean granting) {
        if (frame.type() == GOAWAY && frame.code() != 0) {
            throw new AssertionError("GOAWAY with code " + frame.code() + ": "
                    + new String(frame.payload(), 8, frame.payload().length - 8, StandardCharsets.ISO_8859_1));
        }
        if (frame.type() == GOAWAY) {
            farewell = java.util.Optional.of(frame);
        }
        if (frame.stream() == 0 || frame.type() == WINDOW_UPDATE || frame.type() == PRIORITY) {
            return;
        }
        Message message = open.computeIfAbsent(frame.stream(), s -> new Message());
        switch (frame.type()) {
            case HEADERS -> fields(message, block(frame));
            case DATA -> {
                message.dataFrames++;
                message.body.writeBytes(frame.payload());
                if (granting && frame.payload().length > 0) {
                    send(windowUpdateFrame(0, frame.payload().length), windowUpdateFrame(frame.stream(), frame.payload().length));
                }
            }
            case RST_STREAM -> message.resetCode = frame.code();
            default -> throw new AssertionError("unexpected frame " + frame);
        }
        if ((frame.type() == HEADERS || frame.type() == DATA) && frame.ends()) {
            message.ended = true;
        }
    }

    /** The whole block, CONTINUATION included. */
    private byte[] block(Frame first) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first.payload());
        for (Frame frame = first; (frame.flags() & END_HEADERS) == 0;) {
            frame = read();
            if (frame.type() != CONTINUATION || frame.stream() != first.stream()) {
                throw new AssertionError("not the rest of a header block: " + frame);
            }
            all.writeBytes(frame.payload());
        }
        return all.toByteArray();
    }

    private void fields(Message message, byte[] block) {
        List<String> lines = decode(block);
        String status = lines.isEmpty() ? "" : lines.get(0);
        if (status.startsWith(":status: 1")) {
            message.interim.add(Integer.parseInt(status.substring(9)));
        } else if (message.fields.isEmpty()) {
            message.fields.addAll(lines);
        } else {
            message.trailers.addAll(lines);
        }
    }

    /** The fields of a block, in order. */
    public List<String> decode(byte[] block) {
        ByteBuf bytes = Unpooled.wrappedBuffer(block);
        try {
            Http2Headers headers = decoder.decodeHeaders(1, bytes);
            List<String> lines = new ArrayList<>();
            headers.forEach(h -> lines.add(h.getKey() + ": " + h.getValue()));
            return lines;
        } catch (Http2Exception e) {
            throw new AssertionError("a header block that cannot be decoded", e);
        }
    }

    /** Waits for GOAWAY and the end of the connection. */
    public Frame expectGoAway() {
        Frame frame = farewell.isPresent() ? farewell.get() : next(GOAWAY);
        wire.readToEnd();
        return frame;
    }

    @Override
    public void close() {
        wire.close();
    }
}
