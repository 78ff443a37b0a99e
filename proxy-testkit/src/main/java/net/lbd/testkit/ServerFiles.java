package net.lbd.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a {@link RealServer} finds on disk. Immutable.
 *
 * @param name what it calls itself
 * @param dir the folder of everything
 * @param certificates what it shows
 * @param port where it listens
 */
public record ServerFiles(String name, Path dir, FarmCertificates certificates, int port) {

    /** The folder of the documents. */
    Path documents() {
        return dir.resolve("www");
    }

    /** While this file is there, the health pages answer 503. */
    private Path sickMarker() {
        return dir.resolve("sick");
    }

    /** Whether the health pages answer 200 or 503, from the next request on. */
    public void setHealthy(boolean healthy) {
        try {
            if (healthy) {
                Files.deleteIfExists(sickMarker());
            } else {
                Files.writeString(sickMarker(), "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change the health of " + name, e);
        }
    }

    /** What the server's configuration file is called. */
    public Path configuration() {
        return dir.resolve("server.conf");
    }

    void write(String configurationText) throws IOException {
        Files.createDirectories(dir);
        Files.writeString(configuration(), configurationText);
        byte[] block = new byte[26 * 4096];
        for (int i = 0; i < block.length; i++) {
            block[i] = ExchangeAnswers.FarmBody.byteAt(i);
        }
        Files.createDirectories(documents());
        try (OutputStream out = Files.newOutputStream(documents().resolve("large.bin"))) {
            for (int left = RealServer.LARGE_BYTES; left > 0; left -= block.length) {
                out.write(block, 0, Math.min(left, block.length));
            }
        }
        Files.writeString(documents().resolve("health.htm"), "200 OK<br/>" + name);
        Files.writeString(documents().resolve("answer.txt"), "server: " + name + "\n");
    }
}
