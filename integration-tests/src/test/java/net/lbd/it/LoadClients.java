package net.lbd.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import net.lbd.testkit.Await;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;

/**
 * Clients that ask without a pause and verify status and every byte of each answer of an {@link
 * ExchangeFarm}. Half of them keep their connection for {@link #REQUESTS_PER_CONNECTION} requests, half
 * open one for each request. Nothing is retried: whatever is not a whole right answer is a failure.
 */
final class LoadClients implements AutoCloseable {

    private static final int REQUESTS_PER_CONNECTION = 50;
    private static final int BODY_BYTES = 3000;
    private static final byte[] BODY = ExchangeFarm.body(BODY_BYTES);

    private final Supplier<RawClient> connect;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private volatile boolean stopping;

    private LoadClients(Supplier<RawClient> connect) {
        this.connect = connect;
    }

    static LoadClients start(int clients, Supplier<RawClient> connect) {
        LoadClients load = new LoadClients(connect);
        for (int i = 0; i < clients; i++) {
            int requests = i % 2 == 0 ? REQUESTS_PER_CONNECTION : 1;
            Thread thread = new Thread(() -> load.askOn(requests), "load-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /** Right answers so far. */
    long answered() {
        return answered.get();
    }

    /** What went wrong so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits for this many more right answers. */
    void awaitMore(int count) {
        long wanted = answered() + count;
        Await.until(count + " more answers", () -> answered() >= wanted);
    }

    /** Lets every client end the request it is at. */
    @Override
    public void close() {
        stopping = true;
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

    private void askOn(int requestsPerConnection) {
        while (!stopping) {
            try (RawClient client = connect.get()) {
                for (int i = 0; i < requestsPerConnection && !stopping; i++) {
                    boolean last = i == requestsPerConnection - 1;
                    client.send("GET /owa/?s=" + BODY_BYTES + " HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n"
                            + (last ? "Connection: close\r\n" : "") + "\r\n");
                    ReceivedMessage response = client.readResponse();
                    if (response.status() != 200 || !Arrays.equals(response.body(), BODY)) {
                        failures.add("a wrong answer: " + response.head());
                    } else {
                        answered.incrementAndGet();
                    }
                    if (response.header("Connection").orElse("").equalsIgnoreCase("close")) {
                        break;
                    }
                }
            } catch (RuntimeException | AssertionError e) {
                failures.add(e.toString());
            }
        }
    }
}
