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
        ServerFiles files = new ServerFiles(name, dir.toAbsolutePath(), certificates, Ports.free());
        String program = kind.program().toString();
        String folder = files.dir().toString();
        String configuration = files.configuration().toString();
        List<String> command = switch (kind) {
            case NGINX -> List.of(program, "-p", folder, "-c", configuration);
            case APACHE -> List.of(program, "-X", "-d", folder, "-f", configuration);
        };
        files.write(kind == Kind.NGINX ? NginxText.of(files) : ApacheText.of(files));
        ChildServer server = new ChildServer(files, command);
        server.start();
        return server;
    }

    /** The files for an nginx that someone else starts, such as a container on the host's network. */
    public static ServerFiles nginxFiles(String name, Path dir, FarmCertificates certificates) throws IOException {
        ServerFiles files = new ServerFiles(name, dir.toAbsolutePath(), certificates, Ports.free());
        files.write(NginxText.of(files));
        return files;
    }
}
