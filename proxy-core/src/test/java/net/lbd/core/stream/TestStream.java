package net.lbd.core.stream;

import net.lbd.core.sample.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.CaptureSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.BytePool;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.session.Session;

/** A stream without traffic: the test says what has happened to it. */
public final class TestStream extends Stream {

    private static final int LIMIT = 1 << 16;

    private final HttpMessage request = new HttpMessage();
    private final HttpMessage response = new HttpMessage();
    private final List<byte[]> requestCaptures = new ArrayList<>();
    private final List<byte[]> responseCaptures = new ArrayList<>();
    private int status = -1;
    private boolean http = true;
    private Optional<Channel> serverChannel = Optional.empty();
    private Runnable queueTurn = () -> {
        throw new UnsupportedOperationException("a test stream does not queue");
    };

    public TestStream(Session session) {
        super(session);
        request.reset();
        response.reset();
        clock.begin(0, 0);
    }

    /** Reads a request head; LF stands for CRLF. The clock says that it came at once. */
    public TestStream withRequest(String head) {
        parse(request, true, head);
        clock.requestBegin = clock.accepted;
        clock.requestBeginWallMillis = clock.acceptedWallMillis;
        clock.requestHead = clock.accepted;
        capture(request, session.frontend().requestCaptures(), requestCaptures);
        bytesFromClient = head.length();
        return this;
    }

    public TestStream withResponse(String head) {
        parse(response, false, head);
        status = response.status();
        capture(response, session.frontend().responseCaptures(), responseCaptures);
        return this;
    }

    private static void parse(HttpMessage message, boolean isRequest, String head) {
        String text = head.replace("\r\n", "\n").replace("\n", "\r\n");
        ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
        message.reset();
        HeadParser parser = new HeadParser(isRequest, new BytePool(), LIMIT, 200);
        HeadParser.Result result = parser.feed(message, bytes);
        if (result != HeadParser.Result.COMPLETE) {
            throw new IllegalArgumentException(result + " " + parser.defect() + ": " + head);
        }
    }

    private static void capture(HttpMessage from, List<CaptureSpec> specs, List<byte[]> to) {
        for (CaptureSpec spec : specs) {
            int header = from.find(Ascii.bytes(spec.header().toLowerCase()), 0);
            to.add(header < 0 ? null : Arrays.copyOfRange(from.bytes(), from.valueOffset(header),
                    from.valueOffset(header) + Math.min(spec.lengthBytes(), from.valueLength(header))));
        }
    }

    @Override
    public boolean mayResolve() {
        return false;
    }

    @Override
    protected void ruleTurn() {
        throw new IllegalStateException("a stream of tests does not wait");
    }

    /** What happens when its wait in a queue is over. */
    public TestStream onQueueTurn(Runnable turn) {
        queueTurn = turn;
        return this;
    }

    /** Another exchange of the same session. */
    public void again() {
        beginStream(0, 0);
    }

    public TestStream tcp() {
        http = false;
        return this;
    }

    public TestStream withStatus(int newStatus) {
        status = newStatus;
        return this;
    }

    public TestStream withBackend(Backend chosen, Server chosenServer) {
        backend = chosen;
        server = chosenServer;
        return this;
    }

    public TestStream withBytes(long fromClient, long toClient) {
        bytesFromClient = fromClient;
        bytesToClient = toClient;
        return this;
    }

    public TestStream withRetries(int count, boolean elsewhere) {
        retries = count;
        redispatched = elsewhere;
        return this;
    }

    public TestStream withQueuePositions(int atServer, int atBackend) {
        serverQueuePosition = atServer;
        backendQueuePosition = atBackend;
        return this;
    }

    public TestStream withServerChannel(Channel channel) {
        serverChannel = Optional.of(channel);
        return this;
    }

    /** The values of a request header, in their order. */
    public List<String> requestHeader(String name) {
        return header(request, name);
    }

    public List<String> responseHeader(String name) {
        return header(response, name);
    }

    private static List<String> header(HttpMessage message, String name) {
        List<String> values = new ArrayList<>();
        byte[] lower = Ascii.bytes(name.toLowerCase());
        for (int i = message.find(lower, 0); i >= 0; i = message.find(lower, i + 1)) {
            values.add(Ascii.text(message.bytes(), message.valueOffset(i), message.valueLength(i)));
        }
        return values;
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
    public void capture(boolean ofRequest, int slot, Sample value) {
        throw new UnsupportedOperationException("no slots here");
    }

    @Override
    public byte[] requestCapture(int n) {
        return requestCaptures.get(n);
    }

    @Override
    public int requestCaptureLength(int n) {
        return n < requestCaptures.size() && requestCaptures.get(n) != null ? requestCaptures.get(n).length : -1;
    }

    @Override
    public byte[] responseCapture(int n) {
        return responseCaptures.get(n);
    }

    @Override
    public int responseCaptureLength(int n) {
        return n < responseCaptures.size() && responseCaptures.get(n) != null ? responseCaptures.get(n).length : -1;
    }

    @Override
    public Optional<Channel> serverChannel() {
        return serverChannel;
    }

    @Override
    protected void queueTurn() {
        queueTurn.run();
    }

    @Override
    protected void waitExpired(Wait what) {
        throw new UnsupportedOperationException("a test stream does not wait");
    }
}
