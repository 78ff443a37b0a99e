package net.lbd.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Web servers of this machine as child processes on ephemeral loopback ports. */
public final class RealServers {

    /** A program that can be started. */
    public enum Kind {
        NGINX("nginx"),
        APACHE("apache2");

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        /** Whether the program is on this machine. */
        public boolean isInstalled() {
            return executable().isPresent();
        }

        /** One line for a test that is skipped. */
        public String howToInstall() {
            return program + " is not installed; on Debian: apt-get install " + program;
        }

        Path program() {
            return executable().orElseThrow(() -> new IllegalStateException(howToInstall()));
        }

        private Optional<Path> executable() {
            return List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin").stream()
                    .map(folder -> Path.of(folder, program))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private RealServers() {}

    /**
     * Starts a server and waits until it listens.
     *
     * @param name what it calls itself
     * @param dir a folder of its own, made if missing; its configuration, logs and files go there
     * @param certificates whose {@code server.crt} and {@code server.key} it shows
     */
    public static RealServer start(Kind kind, String name, Path dir, FarmCertificates certificates)
            throws IOException {
        Files.createDirectories(dir);
        ServerFiles files = new ServerFiles(name, dir.toAbsolutePath(), certificates, Ports.free());
        files.write();
        List<String> command = switch (kind) {
            case NGINX -> List.of(kind.program().toString(), "-p", files.dir().toString(), "-c",
                    files.writeConfiguration(NginxText.of(files)).toString());
            case APACHE -> List.of(kind.program().toString(), "-X", "-d", files.dir().toString(), "-f",
                    files.writeConfiguration(ApacheText.of(files)).toString());
        };
        ChildServer server = new ChildServer(files, command);
        server.start();
        return server;
    }
}
