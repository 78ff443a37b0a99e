package net.lbd.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real name server, unbound, with the zone {@code test.}, whose records change while it runs. It listens on a port of the loopback
 * address, by UDP and TCP. Any thread.
 */
public final class DnsServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/unbound");
    private static final Path CONTROL = Path.of("/usr/sbin/unbound-control");

    private final Path dir;
    private final int port;
    private final Thread atExit = new Thread(this::kill);
    private Process process;

    private DnsServer(Path dir, int port) {
        this.dir = dir;
        this.port = port;
    }

    /** Whether the program is on this machine; on Debian: apt-get install unbound. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM) && Files.isExecutable(CONTROL);
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param dir a folder for its files
     * @param records such as {@code a.test. 0 A 127.0.0.1}
     */
    public static DnsServer start(Path dir, String... records) {
        DnsServer server = new DnsServer(dir.toAbsolutePath(), Ports.free());
        Runtime.getRuntime().addShutdownHook(server.atExit);
        try {
            Files.createDirectories(server.dir);
            Files.writeString(server.configuration(), """
                    server:
                      directory: "%1$s"
                      chroot: ""
                      username: ""
                      pidfile: ""
                      use-syslog: no
                      logfile: "%1$s/log"
                      interface: 127.0.0.1
                      port: %2$d
                      do-daemonize: no
                      access-control: 127.0.0.0/8 allow
                      num-threads: 1
                      module-config: "iterator"
                      local-zone: "test." static
                    remote-control:
                      control-enable: yes
                      control-interface: "%1$s/control"
                      control-use-cert: no
                    """.formatted(server.dir, server.port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        for (String record : records) {
            server.add(record);
        }
        return server;
    }

    public int port() {
        return port;
    }

    /** Begins to run again, without records. */
    public synchronized void start() {
        try {
            process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration().toString())
                    .redirectErrorStream(true).redirectOutput(dir.resolve("output.log").toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until("unbound to take commands", Await.DEADLINE, () -> control("status") == 0, this::log);
    }

    /** Adds a record. */
    public void add(String record) {
        command("local_data", record);
    }

    /** Removes all records of a name. */
    public void remove(String name) {
        command("local_data_remove", name);
    }

    /** Gives a name these records and no others; for a moment it has none. */
    public void replace(String name, String... records) {
        remove(name);
        for (String record : records) {
            add(record);
        }
    }

    /** Ends the process: questions are answered by nobody. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }

    private void command(String... words) {
        if (control(words) != 0) {
            throw new AssertionError("unbound does not carry out " + List.of(words) + ": " + log());
        }
    }

    private int control(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of(CONTROL.toString(), "-c", configuration().toString()));
        for (String word : words) {
            command.addAll(List.of(word.split(" ")));
        }
        try {
            Process run = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return run.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS) ? run.exitValue() : -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private Path configuration() {
        return dir.resolve("unbound.conf");
    }

    private String log() {
        try {
            return Files.readString(dir.resolve("output.log"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
