package net.lbd.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client of a control socket, step by step. */
final class UnixClient implements AutoCloseable {

    private final SocketChannel channel;

    UnixClient(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    static String ask(SocketAddress address, String line) throws IOException {
        try (UnixClient client = new UnixClient(address)) {
            return client.send(line).readAll();
        }
    }

    UnixClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    UnixClient send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return this;
    }

    UnixClient halfClose() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Whole lines up to one that holds this text. */
    String readUntil(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        while (!(out.toString(StandardCharsets.UTF_8).contains(text) && out.toString(StandardCharsets.UTF_8).endsWith("\n"))) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the end came before '" + text + "': " + out);
            }
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Everything until the server closes. */
    String readAll() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(777);
        while (channel.read(buffer) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
