package net.lbd.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A TCP socket that knows whether the last TLS record it received was an alert. The JDK's TLS sockets
 * report FIN after close_notify and FIN without it alike, but only the second is a cut. One thread
 * reads.
 */
final class WatchedSocket extends Socket {

    private static final int ALERT = 21;
    private static final int APPLICATION_DATA = 23;
    /** An alert in TLS 1.3: level and description, the inner content type, the AEAD tag. */
    private static final int ENCRYPTED_ALERT_BYTES = 2 + 1 + 16;
    /** The JDK pads it. */
    private static final int PADDED_ALERT_BYTES = ENCRYPTED_ALERT_BYTES + 16;

    private final byte[] header = new byte[5];
    private int headerBytes;
    private int payloadLeft;
    private boolean lastMayBeAlert;
    private boolean dataTaken;

    /** A listener whose connections are watched sockets. */
    static ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket() {
            @Override
            public Socket accept() throws IOException {
                WatchedSocket socket = new WatchedSocket();
                implAccept(socket);
                return socket;
            }
        };
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        return listener;
    }

    /** Tells that the records so far yielded data, so that the last one was not an alert. */
    void dataTaken() {
        dataTaken = true;
    }

    /** Whether what was received ends with a whole alert record. */
    boolean lastRecordWasAlert() {
        return lastMayBeAlert && !dataTaken && headerBytes == 0 && payloadLeft == 0;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                for (int i = 0; i < count; i++) {
                    watch(target[offset + i]);
                }
                return count;
            }
        };
    }

    private void watch(byte next) {
        if (payloadLeft > 0) {
            payloadLeft--;
            return;
        }
        header[headerBytes++] = next;
        if (headerBytes == header.length) {
            headerBytes = 0;
            payloadLeft = (header[3] & 0xff) << 8 | header[4] & 0xff;
            dataTaken = false;
            // TLS 1.3 hides the type: told by its size, and by yielding no data
            lastMayBeAlert = header[0] == ALERT
                    || header[0] == APPLICATION_DATA
                            && (payloadLeft == ENCRYPTED_ALERT_BYTES || payloadLeft == PADDED_ALERT_BYTES);
        }
    }
}
