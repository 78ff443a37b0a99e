package net.lbd.core.stream;

import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Persistence;
import net.lbd.core.backend.Server;
import net.lbd.core.http.BytePool;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.session.Session;

/**
 * An exchange that never takes place: a request head that rules can be run over. Used by one thread; it
 * takes no server, so nothing must be given back.
 */
public final class DryStream extends Stream {

    private static final int LIMIT_BYTES = 1 << 16;
    private static final int MAX_HEADERS = 1000;

    private final HttpMessage request = new HttpMessage();
    private final HttpMessage response = new HttpMessage();
    private final Captures captures;
    private final boolean http;
    private int status = -1;
    private byte[] body = {};

    /**
     * @param head a request head with CR LF line ends, in ISO 8859-1; empty for a connection without HTTP
     * @throws IllegalArgumentException if a client's request of this form would be refused
     */
    public DryStream(Session session, String head) {
        super(session);
        request.reset();
        response.reset();
        clock.begin(System.nanoTime(), System.currentTimeMillis());
        clock.requestBegin = clock.accepted;
        clock.requestBeginWallMillis = clock.acceptedWallMillis;
        clock.requestHead = clock.accepted;
        captures = new Captures(session.frontend().requestCaptures());
        http = !head.isEmpty();
        if (http) {
            read(head);
            captures.take(request);
        }
    }

    private void read(String head) {
        ByteBuf bytes = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.ISO_8859_1));
        HeadParser parser = new HeadParser(true, new BytePool(), LIMIT_BYTES, MAX_HEADERS);
        HeadParser.Result result = parser.feed(request, bytes);
        if (result != HeadParser.Result.COMPLETE) {
            throw new IllegalArgumentException(result == HeadParser.Result.INVALID
                    ? "the request is not valid: " + parser.defect() : "the request does not end");
        }
    }

    /** Is answered with 200 and no header. */
    public void answer() {
        answer("HTTP/1.1 200 OK\r\n\r\n");
    }

    /**
     * Is answered with this head, in ISO 8859-1.
     *
     * @throws IllegalArgumentException if a server's answer of this form would be refused
     */
    public void answer(String head) {
        response.reset();
        HeadParser parser = new HeadParser(false, new BytePool(), LIMIT_BYTES, MAX_HEADERS);
        ByteBuf bytes = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.ISO_8859_1));
        if (parser.feed(response, bytes) != HeadParser.Result.COMPLETE) {
            throw new IllegalArgumentException("the answer is not valid: " + parser.defect());
        }
        status = response.status();
    }

    /** As {@link #answer(String)}, with as much of a body as is there. */
    public void answer(String head, byte[] answered) {
        answer(head);
        body = answered;
    }

    @Override
    public void copyResponseBody(ByteSink out) {
        for (byte b : body) {
            out.put(b);
        }
    }

    @Override
    public long responseBodyLength() {
        return -1;
    }

    /** Is seen to have received these bytes from a server, and nothing else. */
    public void look(ByteBuf received) {
        byte[] bytes = ByteBufUtil.getBytes(received);
        inspection().beginResponse(false);
        inspection().show(bytes, 0, bytes.length);
    }

    /** Belongs to this server, of which it takes no place. */
    public void choose(Server chosen) {
        server = chosen;
    }

    /** Goes on in this backend. */
    public void enter(Backend chosen) {
        backend = chosen;
    }

    /**
     * The server that a {@code use-server} line or the client's cookie names, or {@link Server#NONE}; what the server must not
     * see of the cookie is taken out.
     */
    public Server persistentServer() {
        Persistence persistence = backend.rules().persistence();
        evaluatePersistence(persistence);
        if (!http || persistence.cookie().isEmpty()) {
            return askedFor();
        }
        CookiePersistence cookie = new CookiePersistence();
        cookie.read(this, persistence.cookie().get());
        return askedFor() != Server.NONE ? askedFor() : cookie.server();
    }

    /** Whether the last answer of {@link #persistentServer} came from a rule, not from the cookie. */
    public boolean isAskedFor() {
        return askedFor() != Server.NONE;
    }

    /** {@code option forwardfor} of both sides. */
    public void addForwardedFor() {
        ForwardedFor.add(this);
    }

    @Override
    public boolean isHttp() {
        return http;
    }

    @Override
    public HttpMessage request() {
        return request;
    }

    @Override
    public HttpMessage response() {
        return response;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public byte[] requestCapture(int n) {
        return captures.bytes(n);
    }

    @Override
    public int requestCaptureLength(int n) {
        return captures.length(n);
    }

    @Override
    public void capture(boolean ofRequest, int slot, Sample value) {
        if (ofRequest) {
            captures.put(slot, value);
        }
    }

    @Override
    public byte[] responseCapture(int n) {
        return new byte[0];
    }

    @Override
    public int responseCaptureLength(int n) {
        return -1;
    }

    @Override
    public Optional<Channel> serverChannel() {
        return Optional.empty();
    }

    @Override
    protected void queueTurn() {
        throw new IllegalStateException("a dry stream does not queue");
    }

    @Override
    public boolean mayResolve() {
        return false;
    }

    @Override
    protected void ruleTurn() {
        throw new IllegalStateException("a dry stream does not wait");
    }

    @Override
    protected void waitExpired(Wait what) {
        throw new IllegalStateException("a dry stream does not wait");
    }
}
