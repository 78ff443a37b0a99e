package net.lbd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server on an ephemeral port of the loopback address that follows a script for each connection and
 * records every byte it receives.
 *
 * <pre>{@code
 * try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
 *     connection.readRequest();
 *     connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part");
 *     connection.reset();
 * })) { … }
 * }</pre>
 *
 * <p>The first connection follows the first script, the second the second; the last script serves all
 * further connections. {@link #close} fails when a script failed. Any thread may call any method.
 */
public final class ScriptedOrigin implements AutoCloseable {

    private final ServerSocket listener;
    private final Optional<SSLContext> tls;
    private final List<Script> scripts;
    private final List<OriginConnection> connections = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<IOException> handshakeFailures = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private volatile boolean listening = true;
    private volatile boolean closing;
    private volatile boolean forgetful;

    private ScriptedOrigin(ServerSocket listener, Optional<SSLContext> tls, List<Script> scripts) {
        this.listener = listener;
        this.tls = tls;
        this.scripts = scripts;
    }

    /** Starts a plain TCP origin. */
    public static ScriptedOrigin start(Script first, Script... next) {
        return startAt(0, Optional.empty(), first, next);
    }

    /** Starts a TLS origin; the handshake is made before the script runs. */
    public static ScriptedOrigin startTls(SSLContext context, Script first, Script... next) {
        return startAt(0, Optional.of(context), first, next);
    }

    /** Starts an origin on a given port, such as that of one that was closed before. */
    public static ScriptedOrigin startAt(int port, Optional<SSLContext> tls, Script first, Script... next) {
        try {
            ServerSocket listener = WatchedSocket.listen(port);
            List<Script> scripts = new ArrayList<>(List.of(first));
            scripts.addAll(List.of(next));
            ScriptedOrigin origin = new ScriptedOrigin(listener, tls, List.copyOf(scripts));
            origin.startThread("origin-accept", origin::acceptLoop);
            return origin;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port, e);
        }
    }

    /** Forgets connections with what they read once their scripts have ended: for tests of many of them. */
    public ScriptedOrigin forgetful() {
        forgetful = true;
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** The connections accepted so far, in TLS those whose handshake succeeded. */
    public List<OriginConnection> connections() {
        return List.copyOf(connections);
    }

    /**
     * The TLS handshakes that failed. They do not fail {@link #close}: a peer may refuse the
     * certificate, or leave in the middle, as a check does whose daemon stops.
     */
    public List<IOException> handshakeFailures() {
        return List.copyOf(handshakeFailures);
    }

    /** Waits until this many connections have been accepted and returns the last of them. */
    public OriginConnection awaitConnection(int count) {
        Await.until("connection " + count + " to the origin", Await.DEADLINE, () -> connections.size() >= count,
                () -> "there were " + connections.size() + showFailures());
        return connections.get(count - 1);
    }

    /** Waits until the scripts of this many connections have ended; fails when one of them failed. */
    public void awaitFinished(int count) {
        Await.until("the end of " + count + " scripts", Await.DEADLINE,
                () -> finished.get() >= count || !failures.isEmpty(), () -> finished.get() + " have ended");
        throwFailures();
    }

    /** Every request that the scripts have read, by connection and then in order. */
    public List<ReceivedMessage> requests() {
        return connections.stream().flatMap(c -> c.requests().stream()).toList();
    }

    /** Waits until the scripts have read this many requests and returns the last of {@link #requests}. */
    public ReceivedMessage awaitRequest(int count) {
        Await.until("request " + count + " at the origin", Await.DEADLINE, () -> requests().size() >= count,
                () -> "there were " + requests().size() + showFailures());
        return requests().get(count - 1);
    }

    /** Accepts nothing more; connections that are there go on. */
    public void stopListening() {
        listening = false;
        closeListener(listener);
    }

    /** Closes the listener and every connection, waits for the scripts. Fails when a script failed before. */
    @Override
    public void close() {
        closing = true;
        listening = false;
        closeListener(listener);
        connections.forEach(OriginConnection::cut);
        for (Thread thread : threads) {
            try {
                thread.join(Await.DEADLINE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while the origin was closing", e);
            }
            if (thread.isAlive()) {
                throw new AssertionError("the script on " + thread.getName() + " does not end");
            }
        }
        throwFailures();
    }

    private void acceptLoop() {
        while (listening) {
            try {
                WatchedSocket socket = (WatchedSocket) listener.accept();
                int index = accepted.getAndIncrement();
                startThread("origin-" + port() + "-" + index, () -> serve(index, socket));
            } catch (IOException e) {
                if (listening) {
                    failures.add(e);
                }
                return;
            }
        }
    }

    private void serve(int index, WatchedSocket socket) {
        try (OriginConnection connection = handshake(index, socket)) {
            connections.add(connection);
            if (!closing) {
                follow(scripts.get(Math.min(index, scripts.size() - 1)), connection);
            }
            if (forgetful) {
                connections.remove(connection);
            }
        } catch (IOException e) {
            handshakeFailures.add(e);
        } catch (UncheckedIOException e) {
            addFailure(e);
        } finally {
            finished.incrementAndGet();
            if (forgetful) {
                threads.remove(Thread.currentThread());
            }
        }
    }

    /** A failure is noted before the connection closes, so that a peer that sees the end finds it. */
    private void follow(Script script, OriginConnection connection) {
        try {
            script.run(connection);
        } catch (Exception | AssertionError e) {
            addFailure(e);
        }
    }

    private void addFailure(Throwable e) {
        // a script that is cut off by close() did nothing wrong
        if (!closing) {
            failures.add(e);
        }
    }

    private OriginConnection handshake(int index, WatchedSocket socket) throws IOException {
        if (tls.isEmpty()) {
            return new OriginConnection(index, socket, socket);
        }
        try {
            SSLSocket ssl = (SSLSocket) tls.get().getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            ssl.setUseClientMode(false);
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            ssl.startHandshake();
            return new OriginConnection(index, socket, ssl);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void startThread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private String showFailures() {
        return failures.isEmpty() ? "" : "; a script failed: " + failures.get(0);
    }

    private void throwFailures() {
        if (failures.isEmpty()) {
            return;
        }
        AssertionError error = new AssertionError("a script of the origin failed: " + failures.get(0), failures.get(0));
        failures.stream().skip(1).forEach(error::addSuppressed);
        failures.clear();
        throw error;
    }

    private static void closeListener(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
    }
}
