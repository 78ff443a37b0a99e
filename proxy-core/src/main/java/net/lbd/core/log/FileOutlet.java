package net.lbd.core.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file that is appended to. If another file, or none, stands under its name, as after a rotation, it
 * is opened anew within a second. Confined to its sink's thread.
 */
final class FileOutlet implements StreamSink.Outlet {

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path path;
    private Optional<OutputStream> stream = Optional.empty();
    /** Device and inode of the open file. */
    private Optional<Object> key = Optional.empty();
    private long checkedNanos;

    FileOutlet(Path path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
        long now = System.nanoTime();
        if (stream.isPresent() && now - checkedNanos >= CHECK_NANOS) {
            checkedNanos = now;
            if (!keyOnDisk().equals(key)) {
                close();
            }
        }
        if (stream.isEmpty()) {
            stream = Optional.of(Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            key = keyOnDisk();
            checkedNanos = now;
            if (endsInALine()) {
                stream.get().write('\n');
            }
        }
        try {
            stream.get().write(bytes, 0, length);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether its end is the beginning of a line, all that a full disk took of it: the next line must not stick to that. */
    private boolean endsInALine() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0 || !Files.isReadable(path)) {
            return false;
        }
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            file.position(file.size() - 1).read(last);
            return last.position() == 1 && last.get(0) != '\n';
        }
    }

    private Optional<Object> keyOnDisk() throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.of("no file");
        }
    }

    @Override
    public void close() throws IOException {
        Optional<OutputStream> open = stream;
        stream = Optional.empty();
        if (open.isPresent()) {
            open.get().close();
        }
    }
}
