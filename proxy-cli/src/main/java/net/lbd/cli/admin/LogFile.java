package net.lbd.cli.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A file that grows, read line by line, also over its rotation: the rest of the old file first, then the new one from its
 * beginning; one that was cut is read from its beginning. A line without its end yet waits for it. Used by one thread.
 */
final class LogFile implements AutoCloseable {

    private static final int BLOCK_BYTES = 65536;

    /** The daemon notices a rotation within a second, and writes into the old file until then. */
    private static final long OLD_NANOS = 1_500_000_000L;

    private final Path path;
    private final LongSupplier clock;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Optional<FileChannel> channel = Optional.empty();
    private Optional<Object> key = Optional.empty();
    private OptionalLong rotatedNanos = OptionalLong.empty();

    /** @param clock as {@link System#nanoTime} */
    LogFile(Path path, LongSupplier clock) {
        this.path = path;
        this.clock = clock;
    }

    /** Reads what has come since the last time; nothing while there is no such file. */
    void read(Consumer<String> lines) throws IOException {
        Optional<Object> onDisk = keyOnDisk();
        if (channel.isPresent()) {
            FileChannel open = channel.get();
            if (open.size() < open.position()) {
                open.position(0);
                line.reset();
            }
            drain(open, lines);
            if (onDisk.isPresent() && !onDisk.equals(key)) {
                rotatedNanos = rotatedNanos.isPresent() ? rotatedNanos : OptionalLong.of(clock.getAsLong());
                if (clock.getAsLong() - rotatedNanos.getAsLong() >= OLD_NANOS) {
                    close();
                }
            }
        }
        if (channel.isEmpty() && onDisk.isPresent()) {
            channel = Optional.of(FileChannel.open(path));
            key = onDisk;
            drain(channel.get(), lines);
        }
    }

    private void drain(FileChannel open, Consumer<String> lines) throws IOException {
        while (open.read(block) > 0) {
            block.flip();
            while (block.hasRemaining()) {
                byte b = block.get();
                if (b == '\n') {
                    lines.accept(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(b);
                }
            }
            block.clear();
        }
    }

    /** Device and inode. */
    private Optional<Object> keyOnDisk() throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            if (channel.isPresent()) {
                channel.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be closed", e);
        }
        channel = Optional.empty();
        rotatedNanos = OptionalLong.empty();
        line.reset();
    }
}
