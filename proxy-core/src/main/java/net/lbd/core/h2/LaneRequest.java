package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import net.lbd.core.connect.Faults;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.BytePool;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.http.WebSocketAccept;

/**
 * Turns the HTTP/1 requests that we write into those of HTTP/2: read by the same parser as those of clients. A request that asks for
 * WebSocket becomes an extended CONNECT (RFC 8441), a CONNECT one of HTTP/2 (RFC 9113 §8.5); behind both every byte is one of the
 * tunnel. Event-loop confined; one for each {@link Lane}.
 */
final class LaneRequest {

    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString ASTERISK = AsciiString.cached("*");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
    private static final byte[] CONNECT_METHOD = Ascii.bytes("CONNECT");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] WEBSOCKET_KEY = Ascii.bytes("sec-websocket-key");
    private static final int NOT_PASSED_ON = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE | KnownHeader.PROXY_CONNECTION
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE | KnownHeader.HTTP2_SETTINGS | KnownHeader.TE | KnownHeader.HOST;
    /** Heads that rules have made longer are still ours. */
    private static final int LIMIT_BYTES = 1 << 20;
    private static final int LIMIT_HEADERS = 10_000;

    private final Lane lane;
    private final ServerLink link;
    private final SendStream sending;
    private final LaneResponse response;
    private final BytePool bytePool;
    private final HttpMessage request = new HttpMessage();
    private final HeadParser parser;
    private final BodyReader body = new BodyReader(LIMIT_BYTES);
    private boolean inBody;
    private boolean tunnel;
    /** The server has not made it a tunnel: whatever was meant for one is nobody's request. */
    private boolean refused;

    LaneRequest(Lane lane, ServerLink link, SendStream sending, LaneResponse response) {
        this.lane = lane;
        this.link = link;
        this.sending = sending;
        this.response = response;
        this.bytePool = link.resources().bytePool();
        this.parser = new HeadParser(true, bytePool, LIMIT_BYTES, LIMIT_HEADERS);
        request.reset();
    }

    /** Whether what is written goes through a tunnel, or will once the server agrees. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Sends what can be sent; the buffer stays the caller's. */
    void write(ByteBuf bytes) {
        while (bytes.isReadable() && sending.pendingBytes() == 0) {
            if (refused) {
                bytes.skipBytes(bytes.readableBytes());
            } else if (inBody || tunnel) {
                if (lane.stream() == 0) {
                    // The server does not want the rest.
                    skip(bytes);
                } else if (tunnel) {
                    sending.add(bytes.readRetainedSlice(bytes.readableBytes()));
                    sending.drain();
                } else {
                    writeBody(bytes);
                }
            } else {
                writeHead(bytes);
            }
        }
    }

    /** Follows the framing only. */
    private void skip(ByteBuf bytes) {
        if (tunnel) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        int run = body.next(bytes, bytes.readerIndex());
        bytes.skipBytes(run > 0 ? run : bytes.readableBytes());
        inBody = !body.isDone() && !body.isBad();
    }

    private void writeBody(ByteBuf bytes) {
        int run = body.next(bytes, bytes.readerIndex());
        if (run > 0 && body.lastRunIsData()) {
            sending.add(bytes.readRetainedSlice(run));
        } else if (run > 0) {
            if (body.lastRunIsTrailer()) {
                byte[] lines = new byte[run];
                bytes.getBytes(bytes.readerIndex(), lines);
                sending.setTrailers(lines);
            }
            bytes.skipBytes(run);
        } else {
            bytes.skipBytes(bytes.readableBytes());
        }
        if (body.isDone()) {
            inBody = false;
            sending.complete();
        }
        sending.drain();
        lane.endIfDone();
    }

    private void writeHead(ByteBuf bytes) {
        HeadParser.Result result = parser.feed(request, bytes);
        if (result == HeadParser.Result.INVALID) {
            Faults.bug("writing a request", new IllegalStateException("one of our own is not well formed: " + parser.defect()));
            bytes.skipBytes(bytes.readableBytes());
            lane.close();
        } else if (result == HeadParser.Result.COMPLETE) {
            if (lane.begin()) {
                send();
            } else {
                bytes.skipBytes(bytes.readableBytes());
            }
            release();
            parser.reset();
        }
    }

    private void send() {
        long framing = MessageFraming.ofRequest(request);
        boolean connect = request.methodIs(CONNECT_METHOD);
        // What has a body is no request for a tunnel: its bytes would be taken for those of the tunnel.
        boolean webSocket = !connect && framing == 0 && asksForWebSocket();
        if (connect && framing != 0) {
            lane.refuse();
            return;
        }
        tunnel = connect || webSocket;
        body.begin(framing);
        inBody = !tunnel && !body.isDone();
        if (webSocket && !link.takesWebSockets()) {
            lane.breach("WebSocket is asked for, which the server does not carry over HTTP/2");
            return;
        }
        response.begin(request.methodIs(HEAD), connect, webSocket ? accept() : LaneResponse.NO_ACCEPT);
        fields(connect, webSocket);
        boolean last = !tunnel && !inBody;
        link.frames().headers(lane.stream(), last);
        if (last) {
            sending.endedByHead();
        }
    }

    private boolean asksForWebSocket() {
        int at = request.find(KnownHeader.UPGRADE, 0);
        return at >= 0 && WEBSOCKET.contentEqualsIgnoreCase(text(request.valueOffset(at), request.valueLength(at)));
    }

    private AsciiString text(int at, int length) {
        return new AsciiString(request.bytes(), at, length, true);
    }

    private byte[] accept() {
        int at = request.find(WEBSOCKET_KEY, 0);
        return at < 0 ? LaneResponse.NO_ACCEPT : WebSocketAccept.of(
                Arrays.copyOfRange(request.bytes(), request.valueOffset(at), request.valueOffset(at) + request.valueLength(at)));
    }

    private void fields(boolean connect, boolean webSocket) {
        if (webSocket) {
            request.removeAll(WEBSOCKET_KEY);
        }
        FieldEncoder fields = link.frames().fields();
        fields.add(METHOD, webSocket ? CONNECT : text(request.methodOffset(), request.methodLength()));
        if (webSocket) {
            fields.add(PROTOCOL, WEBSOCKET);
        }
        if (connect) {
            fields.add(AUTHORITY, text(request.targetOffset(), request.targetLength()));
        } else {
            fields.add(SCHEME, link.isTls() ? HTTPS : HTTP);
            int host = request.find(KnownHeader.HOST, 0);
            if (host >= 0 && request.valueLength(host) > 0) {
                fields.add(AUTHORITY, text(request.valueOffset(host), request.valueLength(host)));
            }
            fields.add(PATH, request.hasPath() ? text(request.pathOffset(), request.pathAndQueryLength()) : ASTERISK);
        }
        byte[] bytes = request.bytes();
        for (int i = 0; i < request.headerCount(); i++) {
            if (!request.isRemoved(i) && (request.kind(i) & NOT_PASSED_ON) == 0) {
                fields.add(bytes, request.nameOffset(i), request.nameLength(i), bytes, request.valueOffset(i), request.valueLength(i));
            }
        }
    }

    /** The server does not make it a tunnel: our half ends, the answer is one as any other, and it is the last here. */
    void noTunnel() {
        tunnel = false;
        refused = true;
        sending.complete();
        sending.drain();
    }

    /** Gives back what the head needed. */
    void release() {
        bytePool.give(request.takeBytes());
        request.reset();
    }
}
