package net.lbd.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of {@code -p}: holds the process id while the daemon runs. Used by one thread. */
final class PidFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);

    private final Path path;
    private final String content = ProcessHandle.current().pid() + "\n";

    private PidFile(Path path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    static PidFile write(Path path) throws IOException {
        PidFile file = new PidFile(path);
        Files.writeString(path, file.content, StandardCharsets.US_ASCII);
        return file;
    }

    /** Removes the file, unless a successor has written itself into it. */
    @Override
    public void close() {
        try {
            if (Files.exists(path) && Files.readString(path, StandardCharsets.US_ASCII).equals(content)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Usual after privileges were dropped or with a folder of root.
            LOG.debug("pid file {}: cannot be removed: {}", path, e.getMessage());
        }
    }
}
