package net.lbd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address that behave as a test needs. Any thread. */
public final class Ports {

    /** Below the ports that Linux gives to connections and to port 0: none of those takes a port that was found free. */
    private static final int FIRST = 15_000;
    private static final int BEHIND_LAST = 32_000;
    private static final int ATTEMPTS = 100;

    private Ports() {}

    /**
     * A port on which nothing listens now: connecting to it is refused, and a child process may bind
     * it. Another process can take it in between, so prefer port 0 where the listener can tell its port.
     */
    public static int free() {
        return free(1).get(0);
    }

    /** Different ports on which nothing listens now. */
    public static List<Integer> free(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = bindAnywhere();
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    private static ServerSocket bindAnywhere() throws IOException {
        for (int attempt = 1;; attempt++) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return socket;
            } catch (BindException taken) {
                socket.close();
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    /** Whether something listens on the port. */
    public static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until something listens on the port. */
    public static void awaitListening(int port) {
        Await.until("a listener on port " + port, () -> isListening(port));
    }

    /**
     * A port to which connections are neither accepted nor refused: its queue is full, so that the
     * kernel drops every SYN. Linux.
     */
    public static final class Blackhole implements AutoCloseable {

        private final ServerSocket listener;
        private final List<Socket> fillers = new ArrayList<>();

        public Blackhole() {
            try {
                listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                fill();
            } catch (IOException e) {
                throw new UncheckedIOException("no black hole", e);
            }
        }

        public int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() {
            try {
                for (Socket filler : fillers) {
                    filler.close();
                }
                listener.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the black hole", e);
            }
        }

        private void fill() throws IOException {
            for (int i = 0; i < 64; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                try {
                    filler.connect(listener.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    return;
                }
            }
            throw new IOException("the queue of a listener that never accepts does not fill");
        }
    }
}
