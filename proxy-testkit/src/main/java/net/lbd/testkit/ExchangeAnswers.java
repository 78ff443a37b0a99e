package net.lbd.testkit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.stream.ChunkedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Answers the requests of one connection as an Exchange server of the farm. Event-loop confined. */
final class ExchangeAnswers extends SimpleChannelInboundHandler<HttpObject> {

    private final ExchangeServer server;
    private final MessageDigest digest = sha256();
    private HttpRequest request;
    private long bodyBytes;
    /** Pipelined requests are answered in their order; the first is the one being answered. */
    private final Deque<Answer> waiting = new ArrayDeque<>();

    ExchangeAnswers(ExchangeServer server) {
        this.server = server;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            ctx.close();
            return;
        }
        if (message instanceof HttpRequest head) {
            request = head;
            bodyBytes = 0;
            digest.reset();
        }
        if (message instanceof HttpContent content) {
            bodyBytes += content.content().readableBytes();
            digest.update(content.content().nioBuffer());
        }
        if (message instanceof LastHttpContent) {
            waiting.add(answer(new QueryStringDecoder(request.uri())));
            if (waiting.size() == 1) {
                answerFirst(ctx);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a client or proxy that goes away or speaks no TLS is an everyday event for a server
        ctx.close();
    }

    private record Answer(
            boolean headOnly, boolean last, HttpResponseStatus status, long waitMillis, long length, InputStream body) {}

    private Answer answer(QueryStringDecoder uri) {
        Optional<ExchangeService> service = ExchangeService.of(uri.path());
        boolean headOnly = request.method().equals(HttpMethod.HEAD);
        if (uri.path().toLowerCase(Locale.ROOT).endsWith("healthcheck.htm")) {
            server.countCheck();
            boolean well = service.map(server::isHealthy).orElse(true);
            return text(headOnly, well ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, 0,
                    well ? "200 OK<br/>" + server.name() : "Service inactive");
        }
        server.countRequest();
        HttpResponseStatus status = HttpResponseStatus.valueOf((int) number(uri, "status", 200));
        long waitMillis = number(uri, "wait", 0);
        long size = number(uri, "s", -1);
        if (size >= 0) {
            return new Answer(headOnly, isLast(), status, waitMillis, size, new FarmBody(size));
        }
        return text(headOnly, status, waitMillis, describe(service));
    }

    private String describe(Optional<ExchangeService> service) {
        StringBuilder text = new StringBuilder()
                .append("server: ").append(server.name()).append('\n')
                .append("service: ").append(service.map(Enum::name).orElse("none")).append('\n')
                .append("request: ").append(request.method()).append(' ').append(request.uri()).append('\n')
                .append("host: ").append(request.headers().get(HttpHeaderNames.HOST, "-")).append('\n');
        for (String address : request.headers().getAll("X-Forwarded-For")) {
            text.append("x-forwarded-for: ").append(address).append('\n');
        }
        if (bodyBytes > 0) {
            text.append("body: ").append(bodyBytes).append(" bytes, sha256 ")
                    .append(HexFormat.of().formatHex(digest.digest())).append('\n');
        }
        return text.toString();
    }

    private Answer text(boolean headOnly, HttpResponseStatus status, long waitMillis, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Answer(headOnly, isLast(), status, waitMillis, bytes.length, new ByteArrayInputStream(bytes));
    }

    private static long number(QueryStringDecoder uri, String name, long otherwise) {
        List<String> values = uri.parameters().getOrDefault(name, List.of());
        return values.isEmpty() || !values.get(0).matches("[0-9]{1,12}") ? otherwise : Long.parseLong(values.get(0));
    }

    private boolean isLast() {
        return HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(request.headers().get(HttpHeaderNames.CONNECTION, ""));
    }

    private void answerFirst(ChannelHandlerContext ctx) {
        Answer answer = waiting.element();
        ctx.executor().schedule(() -> write(ctx, answer), answer.waitMillis(), TimeUnit.MILLISECONDS);
    }

    private void write(ChannelHandlerContext ctx, Answer answer) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status());
        head.headers()
                .set("Content-Type", "text/plain; charset=iso-8859-1")
                .set("Content-Length", answer.length())
                // Exchange's own header: which front-end server answered
                .set("X-FEServer", server.name());
        if (answer.last()) {
            head.headers().set("Connection", "close");
        }
        ctx.write(head);
        Object body = answer.headOnly() || answer.length() == 0
                ? LastHttpContent.EMPTY_LAST_CONTENT
                : new HttpChunkedInput(new ChunkedStream(answer.body()));
        ctx.writeAndFlush(body).addListener(done -> {
            if (!done.isSuccess()) {
                ctx.close();
                return;
            }
            waiting.remove();
            if (!waiting.isEmpty()) {
                answerFirst(ctx);
            }
        });
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A body of any size that a client can verify: byte i is the letter number i mod 26. */
    static final class FarmBody extends InputStream {

        private final long size;
        private long at;

        FarmBody(long size) {
            this.size = size;
        }

        static byte byteAt(long position) {
            return (byte) ('a' + position % 26);
        }

        @Override
        public int read() {
            return at < size ? byteAt(at++) : -1;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, size - at);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (at >= size) {
                return -1;
            }
            int count = (int) Math.min(length, size - at);
            for (int i = 0; i < count; i++) {
                target[offset + i] = byteAt(at + i);
            }
            at += count;
            return count;
        }
    }
}
