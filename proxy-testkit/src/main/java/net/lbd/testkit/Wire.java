package net.lbd.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * One end of a TCP or TLS connection, driven by a script: exact bytes out, exact bytes in. Text is
 * ISO-8859-1.
 *
 * <p>Every read waits at most the deadline ({@link Await#DEADLINE} unless {@link #deadline} changes
 * it) and then fails with an {@link AssertionError} that shows everything received so far. A write
 * that the peer refuses throws {@link UncheckedIOException}.
 *
 * <p>Threads: one thread reads and writes; {@link #received}, {@link #sentBytes}, {@link #close} and
 * {@link #reset} may be called from any thread.
 */
public abstract sealed class Wire implements AutoCloseable permits RawClient, OriginConnection {

    /** How the peer ended its direction. */
    public enum End {
        /** An orderly end: FIN, in TLS after close_notify. */
        FIN,
        /** A reset. */
        RESET,
        /** TLS only: FIN without close_notify, which a client must take for a cut. */
        TLS_CUT
    }

    private static final int SHOWN_BYTES = 4096;
    private static final long DEFAULT_PAUSE_NANOS = 2_000_000;

    private final String name;
    private final WatchedSocket transport;
    private final Socket stream;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final AtomicLong sent = new AtomicLong();
    private final byte[] chunk = new byte[64 * 1024];
    /** What was received and not yet taken by the script: from {@code start} to {@code stop}. */
    private byte[] unread = new byte[1024];
    private int start;
    private int stop;
    private Optional<End> end = Optional.empty();
    private Duration deadline = Await.DEADLINE;
    private Duration pause = Duration.ofNanos(DEFAULT_PAUSE_NANOS);

    /**
     * @param name says in failures whose end this is
     * @param transport the TCP socket, on which resets and FINs are made
     * @param stream what is read and written: the same socket or a TLS layer above it
     */
    Wire(String name, WatchedSocket transport, Socket stream) throws IOException {
        this.name = name;
        this.transport = transport;
        this.stream = stream;
        transport.setTcpNoDelay(true);
    }

    /** From now on reads wait at most this long. */
    public Wire deadline(Duration newDeadline) {
        this.deadline = newDeadline;
        return this;
    }

    /** From now on this long passes between the pieces of a split send; 2 ms at first. */
    public Wire pauseBetweenPieces(Duration newPause) {
        this.pause = newPause;
        return this;
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) transport.getLocalSocketAddress();
    }

    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) transport.getRemoteSocketAddress();
    }

    /** The TLS socket, for its session, protocol and ALPN result. */
    public SSLSocket tls() {
        if (stream instanceof SSLSocket ssl) {
            return ssl;
        }
        throw new IllegalStateException(name + " does not speak TLS");
    }

    // sending

    public Wire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) {
        try {
            // in pieces, so that sentBytes() moves while the peer takes a large body slowly
            for (int i = 0; i < bytes.length; i += 16 * 1024) {
                int length = Math.min(16 * 1024, bytes.length - i);
                stream.getOutputStream().write(bytes, i, length);
                sent.addAndGet(length);
            }
            stream.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not send after " + sent.get() + " bytes: " + e, e);
        }
        return this;
    }

    /**
     * Sends the bytes in pieces that end at the given offsets, each in a packet of its own, with the
     * pause between them. The pause makes it likely, not certain, that the peer reads each piece alone.
     */
    public Wire sendSplit(String text, int... splitPoints) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int point : splitPoints) {
            send(Arrays.copyOfRange(bytes, from, point));
            from = point;
            LockSupport.parkNanos(pause.toNanos());
        }
        return send(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** Sends each byte in a packet of its own. */
    public Wire sendByteByByte(String text) {
        int[] everywhere = new int[Math.max(0, text.length() - 1)];
        Arrays.setAll(everywhere, i -> i + 1);
        return sendSplit(text, everywhere);
    }

    /** How many bytes the socket has taken so far; any thread. */
    public long sentBytes() {
        return sent.get();
    }

    // receiving

    /** Everything received so far, also what the script has not looked at; any thread. */
    public byte[] received() {
        synchronized (received) {
            return received.toByteArray();
        }
    }

    /** {@link #received} as text. */
    public String receivedText() {
        return new String(received(), StandardCharsets.ISO_8859_1);
    }

    /** Reads exactly as many bytes as {@code expected} has and fails when they differ. */
    public Wire expect(String expected) {
        String got = new String(read(expected.length()), StandardCharsets.ISO_8859_1);
        if (!got.equals(expected)) {
            throw failure("expected " + show(expected) + " but got " + show(got));
        }
        return this;
    }

    /** Reads exactly this many bytes. */
    public byte[] read(int length) {
        fillUntil(() -> stop - start >= length, length + " bytes");
        return take(length);
    }

    /** Reads and forgets this many bytes; they are not recorded, so that a body may be large. */
    public Wire skip(long length) {
        long left = length - take((int) Math.min(stop - start, length)).length;
        while (left > 0) {
            int count = readSome((int) Math.min(chunk.length, left), System.nanoTime() + deadline.toNanos());
            if (count < 0) {
                throw failure("the peer ended (" + end.orElseThrow() + ") with " + left + " of " + length
                        + " bytes to come");
            }
            left -= count;
        }
        return this;
    }

    /** Reads what is there, at least one byte. */
    public byte[] readAvailable() {
        fillUntil(() -> stop > start, "a byte");
        return take(stop - start);
    }

    /** Reads up to and with the given text. */
    public String readUntil(String delimiter) {
        byte[] wanted = delimiter.getBytes(StandardCharsets.ISO_8859_1);
        fillUntil(() -> indexOf(wanted) >= 0, show(delimiter));
        return new String(take(indexOf(wanted) + wanted.length), StandardCharsets.ISO_8859_1);
    }

    /** Whether the peer sends something more; waits for a byte or the end of its direction. */
    public boolean hasMore() {
        long until = System.nanoTime() + Duration.ofDays(1).toNanos();
        while (stop == start && end.isEmpty()) {
            fill(until);
        }
        return stop > start;
    }

    /** Reads an HTTP/1 head, up to and with its empty line. */
    public String readHead() {
        return readUntil("\r\n\r\n");
    }

    /** Reads one request with its body. */
    public ReceivedMessage readRequest() {
        String head = readHead();
        return MessageBody.read(this, head, MessageBody.Framing.ofRequest(head));
    }

    /** Reads one response to a GET or POST with its body; an interim (1xx) response counts as one. */
    public ReceivedMessage readResponse() {
        return readResponseTo("GET");
    }

    /** Reads one response to a request with the given method. */
    public ReceivedMessage readResponseTo(String method) {
        String head = readHead();
        return MessageBody.read(this, head, MessageBody.Framing.ofResponse(head, method));
    }

    /** Reads until the peer ends its direction in whatever way, and returns what came. */
    public byte[] readToEnd() {
        long until = System.nanoTime() + deadline.toNanos();
        while (end.isEmpty()) {
            fill(until);
        }
        return take(stop - start);
    }

    /** How the peer ended; empty while it has not, as far as the script has read. */
    public Optional<End> end() {
        return end;
    }

    /** Waits for an orderly end and fails when bytes come first. */
    public void expectEof() {
        expectEnd(End.FIN);
    }

    /** Waits for a reset and fails when bytes come first. */
    public void expectReset() {
        expectEnd(End.RESET);
    }

    /** Waits for the end of the connection, orderly or not, and fails when bytes come first. */
    public void expectClosed() {
        byte[] rest = readToEnd();
        if (rest.length > 0) {
            throw failure("expected the end of the connection but got " + show(rest));
        }
    }

    // ending

    /** Ends this direction and keeps reading: FIN, in TLS after close_notify. */
    public Wire shutdownOutput() {
        try {
            stream.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not shut down its output", e);
        }
        return this;
    }

    /** Ends with a reset (SO_LINGER 0), in TLS without close_notify. */
    public void reset() {
        try {
            transport.setSoLinger(true, 0);
            transport.close();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not reset", e);
        }
    }

    /** Ends with FIN, in TLS without the close_notify that belongs before it. */
    public void cut() {
        closeSocket(transport);
    }

    /** Ends in order: FIN, in TLS after close_notify. */
    @Override
    public void close() {
        closeSocket(stream);
    }

    // the works

    AssertionError failure(String what) {
        return new AssertionError(name + ": " + what + "\nreceived in all: " + show(received()));
    }

    /** Reads once more, for at most the rest of the deadline; false at the end of the peer's direction. */
    boolean fill(long untilNanos) {
        int count = readSome(chunk.length, untilNanos);
        if (count <= 0) {
            return count == 0;
        }
        synchronized (received) {
            received.write(chunk, 0, count);
        }
        if (unread.length - stop < count) {
            byte[] larger = new byte[Math.max(unread.length, 2 * (stop - start + count))];
            System.arraycopy(unread, start, larger, 0, stop - start);
            unread = larger;
            stop -= start;
            start = 0;
        }
        System.arraycopy(chunk, 0, unread, stop, count);
        stop += count;
        return true;
    }

    long newDeadlineNanos() {
        return System.nanoTime() + deadline.toNanos();
    }

    private int readSome(int atMost, long untilNanos) {
        long leftMillis = (untilNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw failure("nothing more within " + deadline.toMillis() + " ms");
        }
        try {
            transport.setSoTimeout((int) Math.min(leftMillis, Integer.MAX_VALUE));
            int count = stream.getInputStream().read(chunk, 0, atMost);
            if (count < 0) {
                end = Optional.of(orderlyOrCut());
            } else {
                transport.dataTaken();
            }
            return count;
        } catch (SocketTimeoutException e) {
            throw failure("nothing more within " + deadline.toMillis() + " ms");
        } catch (SocketException e) {
            end = Optional.of(End.RESET);
            return -1;
        } catch (SSLException e) {
            return endOf(e);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not read", e);
        }
    }

    private End orderlyOrCut() {
        return stream == transport || transport.lastRecordWasAlert() ? End.FIN : End.TLS_CUT;
    }

    /** The JDK reports some ends below TLS as failures of TLS; what is none of them fails the script. */
    private int endOf(SSLException e) {
        if (e.getCause() instanceof SocketException) {
            end = Optional.of(End.RESET);
        } else if (e.getCause() instanceof EOFException) {
            end = Optional.of(End.TLS_CUT);
        } else {
            throw new UncheckedIOException(name + ": TLS failed: " + e.getMessage(), e);
        }
        return -1;
    }

    private void fillUntil(BooleanSupplier enough, String what) {
        long until = newDeadlineNanos();
        while (!enough.getAsBoolean()) {
            if (!fill(until)) {
                throw failure("the peer ended (" + end.orElseThrow() + ") before " + what + " came");
            }
        }
    }

    private byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(unread, start, start + length);
        start += length;
        return taken;
    }

    private void expectEnd(End wanted) {
        expectClosed();
        if (end.orElseThrow() != wanted) {
            throw failure("expected the end " + wanted + " but it was " + end.get());
        }
    }

    private void closeSocket(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closing again what the peer has reset already: the connection is gone, as wanted
            if (!socket.isClosed()) {
                throw new UncheckedIOException(name + " could not close", e);
            }
        }
    }

    /** Where {@code wanted} starts in what is unread, from 0; -1 when it is not there. */
    private int indexOf(byte[] wanted) {
        for (int i = start; i <= stop - wanted.length; i++) {
            if (Arrays.equals(unread, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i - start;
            }
        }
        return -1;
    }

    private static String show(byte[] bytes) {
        return show(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** Text as a Java literal would show it, the middle of a long one left out. */
    static String show(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            if (text.length() > SHOWN_BYTES && i == SHOWN_BYTES / 2) {
                int left = text.length() - SHOWN_BYTES;
                shown.append("\" … ").append(left).append(" bytes … \"");
                i += left;
            }
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append(i + 1 < text.length() ? "\\n\n " : "\\n");
                case '"', '\\' -> shown.append('\\').append(c);
                default -> {
                    if (c < 0x20 || c >= 0x7f) {
                        shown.append(String.format("\\x%02x", (int) c));
                    } else {
                        shown.append(c);
                    }
                }
            }
        }
        return shown.append('"').toString();
    }
}
