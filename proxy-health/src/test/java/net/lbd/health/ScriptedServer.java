package net.lbd.health;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server that does to every connection what its script says; observe.py explains the words. */
public final class ScriptedServer implements AutoCloseable {

    /** How the peer left: {@code FIN}, {@code RST}, or that the script left first. */
    public enum End { FIN, RST, NOT_SEEN }

    private final ServerSocket socket;
    private final InetSocketAddress address;
    private final Optional<SSLContext> tls;
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Closeable> open = new ConcurrentLinkedQueue<>();
    private final Optional<Semaphore> connected;
    private volatile String script;
    private int connections;

    public ScriptedServer(String script, Optional<SSLContext> tls) throws IOException {
        this(script, tls, Optional.empty());
    }

    /**
     * A server whose conversations each wait for a permit of {@code connected}. A client that gives one when it knows
     * that it is connected never sees a connection end before it has begun, as fast as the script may be.
     */
    public ScriptedServer(String script, Optional<SSLContext> tls, Optional<Semaphore> connected) throws IOException {
        this.script = script;
        this.tls = tls;
        this.connected = connected;
        boolean full = script.equals("full");
        socket = new ServerSocket(0, full ? 1 : 64, InetAddress.getLoopbackAddress());
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        if (script.equals("refuse")) {
            socket.close();
        } else if (full) {
            for (int i = 0; i < 4; i++) {
                SocketChannel client = SocketChannel.open();
                client.configureBlocking(false);
                client.connect(address);
                open.add(client);
            }
        } else {
            Thread acceptor = new Thread(this::accept, "scripted-server");
            acceptor.setDaemon(true);
            acceptor.start();
        }
    }

    public SocketAddress address() {
        return address;
    }

    public int port() {
        return address.getPort();
    }

    /** From the next connection on. */
    public void script(String next) {
        script = next;
    }

    /** How the next connection that ended was left by its client. */
    public End nextEnd() throws InterruptedException {
        End end = ends.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no connection ended");
        }
        return end;
    }

    /** What the next {@code read} read. */
    public byte[] nextRequest() throws InterruptedException {
        byte[] request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException closed) {
                return;
            }
            open.add(client);
            String[] each = script.split(" \\|\\| ");
            String now = each[connections++ % each.length];
            Thread conversation = new Thread(() -> ends.add(converse(client, now)), "scripted-connection");
            conversation.setDaemon(true);
            conversation.start();
        }
    }

    private End converse(Socket raw, String now) {
        try (raw) {
            if (connected.isPresent() && !connected.get().tryAcquire(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the client was never connected");
            }
            raw.setTcpNoDelay(true);
            Socket client = tls.isPresent() ? secure(raw, tls.get()) : raw;
            for (String action : now.split(" \\| ")) {
                if (action.equals("tls")) {
                    client = secure(raw, TestTls.server());
                } else if (action.equals("line")) {
                    line(client.getInputStream());
                } else if (action.equals("some")) {
                    requests.add(some(client.getInputStream()));
                } else if (action.equals("read")) {
                    requests.add(request(client.getInputStream()));
                } else if (action.startsWith("send:")) {
                    client.getOutputStream().write(Escapes.bytes(action.substring(5)));
                    client.getOutputStream().flush();
                } else if (action.startsWith("bytes:")) {
                    for (byte b : Escapes.bytes(action.substring(6))) {
                        client.getOutputStream().write(b);
                        client.getOutputStream().flush();
                    }
                } else if (action.equals("pause")) {
                    // A pause in the script itself, so that pieces travel apart; nothing waits for it to be over.
                    TimeUnit.MILLISECONDS.sleep(30);
                } else if (action.equals("fin")) {
                    client.shutdownOutput();
                } else if (action.equals("rst")) {
                    raw.setSoLinger(true, 0);
                } else if (action.equals("hold")) {
                    return drain(client.getInputStream());
                } else if (!action.equals("close")) {
                    throw new IllegalArgumentException(action);
                }
            }
            return End.NOT_SEEN;
        } catch (SocketException reset) {
            return End.RST;
        } catch (Exception left) {
            return End.NOT_SEEN;
        }
    }

    private static Socket secure(Socket raw, SSLContext context) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(raw, null, raw.getPort(), false);
        secure.setUseClientMode(false);
        secure.startHandshake();
        return secure;
    }

    private static void line(InputStream in) throws IOException {
        int read;
        do {
            read = in.read();
        } while (read >= 0 && read != '\n');
    }

    private static byte[] some(InputStream in) throws IOException {
        byte[] piece = new byte[65_536];
        return Arrays.copyOf(piece, Math.max(0, in.read(piece)));
    }

    private static End drain(InputStream in) throws IOException {
        byte[] waste = new byte[8192];
        int read;
        do {
            read = in.read(waste);
        } while (read >= 0);
        return End.FIN;
    }

    /** An HTTP request with its body, or whatever else comes first. */
    private static byte[] request(InputStream in) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        byte[] piece = new byte[65_536];
        String text = "";
        do {
            int read = in.read(piece);
            if (read < 0) {
                break;
            }
            pieces.add(Arrays.copyOf(piece, read));
            text = new String(join(pieces), StandardCharsets.ISO_8859_1);
        } while (Character.isLetter(text.charAt(0)) && !complete(text));
        return join(pieces);
    }

    private static boolean complete(String text) {
        int end = text.indexOf("\r\n\r\n");
        int at = text.indexOf("content-length: ");
        if (end < 0 || at < 0) {
            return end >= 0;
        }
        int length = Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
        return text.length() >= end + 4 + length;
    }

    private static byte[] join(List<byte[]> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Closeable each : open) {
            each.close();
        }
    }
}
