package net.lbd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exact bytes and sees exact bytes. See {@link Wire} for what it can say.
 *
 * <pre>{@code
 * try (RawClient client = RawClient.connect(port)) {
 *     client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
 *     assertThat(client.readResponse().status()).isEqualTo(200);
 * }
 * }</pre>
 */
public final class RawClient extends Wire {

    private static final int CONNECT_MILLIS = 10_000;

    private final InetSocketAddress address;

    private RawClient(WatchedSocket transport, Socket stream) throws IOException {
        super("client on port " + transport.getLocalPort(), transport, stream);
        this.address = (InetSocketAddress) transport.getRemoteSocketAddress();
    }

    /** Another connection, without TLS, to where this one leads. */
    public RawClient another() {
        return connect(address);
    }

    /** Connects to a port of the loopback address. */
    public static RawClient connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects. */
    public static RawClient connect(InetSocketAddress address) {
        try {
            WatchedSocket socket = open(address);
            return new RawClient(socket, socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + address + ": " + e, e);
        }
    }

    /** Connects to a port of the loopback address and makes the TLS handshake. */
    public static RawClient connectTls(int port, ClientTls tls) {
        return connectTls(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls);
    }

    /**
     * Connects and makes the TLS handshake.
     *
     * @throws UncheckedIOException when either fails; the cause of a failed handshake is an
     *     {@link javax.net.ssl.SSLException}
     */
    public static RawClient connectTls(InetSocketAddress address, ClientTls tls) {
        try {
            WatchedSocket socket = open(address);
            try {
                SSLSocket ssl = tls.layer(socket);
                socket.setSoTimeout(CONNECT_MILLIS);
                ssl.startHandshake();
                return new RawClient(socket, ssl);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no TLS with " + address + ": " + e, e);
        }
    }

    private static WatchedSocket open(InetSocketAddress address) throws IOException {
        WatchedSocket socket = new WatchedSocket();
        try {
            socket.connect(address, CONNECT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
