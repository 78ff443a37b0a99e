package net.lbd.it;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;

/**
 * Clients of every kind of traffic at once, which ask without a pause and verify every byte: HTTP/1 with a connection kept and with one for each
 * request, clear and over TLS, HTTP/2 over TLS with several streams at a time, TCP connections and WebSockets that stay open and are echoed.
 * Nothing is retried, and what is not a whole right answer is a failure. The servers are an {@link ExchangeFarm} and an echo, whose own
 * answer to an upgrade is a {@code 101}. Used by one thread; its clients have their own.
 */
final class MixedLoad implements AutoCloseable {

    private static final int BODY_BYTES = 3000;
    private static final byte[] BODY = ExchangeFarm.body(BODY_BYTES);
    private static final int REQUESTS_PER_CONNECTION = 50;
    private static final int STREAMS = 4;

    /** @param echo a port of mode tcp */
    record Ports(int http, int https, int echo) { }

    /** One exchange after the other on a connection of its own, until it is told to stop or the connection is used up. */
    private interface Client {
        void talk(AtomicBoolean stopping, AtomicLong right) throws Exception;
    }

    private final Map<String, AtomicLong> right = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    static MixedLoad start(Ports ports, ClientTls tls) {
        MixedLoad load = new MixedLoad();
        load.add("HTTP/1, connection kept", (stop, right) -> http1(RawClient.connect(ports.http), REQUESTS_PER_CONNECTION, stop, right));
        load.add("HTTP/1, a connection each", (stop, right) -> http1(RawClient.connect(ports.http), 1, stop, right));
        load.add("TLS, connection kept", (stop, right) -> http1(RawClient.connectTls(ports.https, tls), REQUESTS_PER_CONNECTION, stop, right));
        load.add("TLS, a connection each", (stop, right) -> http1(RawClient.connectTls(ports.https, tls), 1, stop, right));
        load.add("HTTP/2", (stop, right) -> http2(RawClient.connectTls(ports.https, tls.alpn("h2")), stop, right));
        load.add("TCP", (stop, right) -> echoed(RawClient.connect(ports.echo), stop, right));
        load.add("WebSocket", (stop, right) -> webSocket(RawClient.connect(ports.http), stop, right));
        load.threads.forEach(Thread::start);
        return load;
    }

    private void add(String kind, Client client) {
        AtomicLong count = new AtomicLong();
        right.put(kind, count);
        Thread thread = new Thread(() -> {
            while (!stopping.get()) {
                try {
                    client.talk(stopping, count);
                } catch (Exception | AssertionError e) {
                    failures.add(kind + " behind " + count + ": " + e);
                }
            }
        }, "load " + kind);
        thread.setDaemon(true);
        threads.add(thread);
    }

    private static void http1(RawClient client, int requests, AtomicBoolean stopping, AtomicLong right) {
        try (client) {
            for (int i = 0; i < requests && !stopping.get(); i++) {
                client.send("GET /owa/?s=" + BODY_BYTES + " HTTP/1.1\r\nHost: a\r\n" + (i == requests - 1 ? "Connection: close\r\n" : "") + "\r\n");
                ReceivedMessage answer = client.readResponse();
                if (answer.status() != 200 || !Arrays.equals(answer.body(), BODY)) {
                    throw new AssertionError("a wrong answer: " + answer.head());
                }
                right.incrementAndGet();
                if (answer.header("Connection").orElse("").equalsIgnoreCase("close")) {
                    return;
                }
            }
        }
    }

    private static void http2(RawClient client, AtomicBoolean stopping, AtomicLong right) {
        try (client; Http2Wire wire = Http2Wire.client(client)) {
            for (int stream = 1; stream < 2 * STREAMS * REQUESTS_PER_CONNECTION && !stopping.get(); stream += 2 * STREAMS) {
                for (int i = 0; i < STREAMS; i++) {
                    wire.headers(stream + 2 * i, true, Http2Wire.get("/owa/?s=" + BODY_BYTES));
                }
                for (int i = 0; i < STREAMS; i++) {
                    Http2Wire.Message answer = wire.message(stream + 2 * i);
                    if (answer.resetCode() >= 0 || answer.status() != 200 || !Arrays.equals(answer.body(), BODY)) {
                        throw new AssertionError("a wrong answer: reset " + answer.resetCode() + ", " + answer.fields());
                    }
                    right.incrementAndGet();
                }
            }
        }
    }

    private static void webSocket(RawClient client, AtomicBoolean stopping, AtomicLong right) {
        client.send("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        String head = client.readHead();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("not upgraded: " + head);
        }
        echoed(client, stopping, right);
    }

    /** Stays open over many reloads: an old configuration serves it to its end. */
    private static void echoed(RawClient client, AtomicBoolean stopping, AtomicLong right) {
        try (client) {
            for (int i = 0; i < 1000 && !stopping.get(); i++) {
                byte[] sent = ("message " + i + ' ' + "x".repeat(i % 700)).getBytes(StandardCharsets.US_ASCII);
                client.send(sent);
                byte[] got = client.read(sent.length);
                if (!Arrays.equals(sent, got)) {
                    throw new AssertionError("a wrong echo: " + new String(got, StandardCharsets.US_ASCII));
                }
                right.incrementAndGet();
            }
        }
    }

    /** Right answers of each kind so far. */
    Map<String, Long> answered() {
        Map<String, Long> counts = new LinkedHashMap<>();
        right.forEach((kind, count) -> counts.put(kind, count.get()));
        return counts;
    }

    /** What went wrong so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until every kind has so many more right answers. */
    void awaitMore(int count) {
        Map<String, Long> before = answered();
        Await.until(count + " more answers of each kind", Await.DEADLINE.multipliedBy(3),
                () -> right.entrySet().stream().allMatch(e -> e.getValue().get() >= before.get(e.getKey()) + count), () -> answered() + " " + failures);
    }

    /** Lets every client end what it is at. */
    @Override
    public void close() {
        stopping.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(Await.DEADLINE.toMillis() * 2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while the load was ending", e);
            }
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " does not end");
            }
        }
    }
}
