package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.health.check.CheckPlan;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckRunner;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The checks of single protocols against Debian's servers: while they run, and after they have ended. */
@ExtendWith(NoLeaks.class)
class RealProtocolsTest {

    private static MultiThreadIoEventLoopGroup loops;
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    private Path folder;
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @AfterEach
    void endServers() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        started.clear();
    }

    @Test
    void redis() throws Exception {
        Path program = program("/usr/bin/redis-server", "redis-server");
        int port = Ports.free();
        start(List.of(program.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "",
                "--dir", folder.toString()));
        Ports.awaitListening(port);

        assertThat(check("option redis-check", port)).isEqualTo("L7OK Redis server is ok");
        assertThat(check("option tcp-check ; tcp-check send PING\\r\\n ; tcp-check expect string +PONG ; tcp-check send info\\ replication\\r\\n"
                + " ; tcp-check expect string role:master ; tcp-check send QUIT\\r\\n ; tcp-check expect string +OK", port))
                .isEqualTo("L7OK (tcp-check)");
        assertThat(check("option smtpchk", port)).startsWith("L7TOUT");
        endServers();
        assertThat(check("option redis-check", port)).isEqualTo("L4CON Connection refused");
    }

    @Test
    void redisThatWantsAPassword() throws Exception {
        Path program = program("/usr/bin/redis-server", "redis-server");
        int port = Ports.free();
        start(List.of(program.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "",
                "--dir", folder.toString(), "--requirepass", "x"));
        Ports.awaitListening(port);

        assertThat(check("option redis-check", port)).isEqualTo("L7STS -NOAUTH Authentication required.");
    }

    @Test
    void postgresql() throws Exception {
        Optional<Path> bin = newest(Path.of("/usr/lib/postgresql"), "bin/postgres");
        assumeTrue(bin.isPresent(), "postgresql is not installed; on Debian: apt-get install postgresql");
        assumeTrue(!ROOT || Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path data = folder.resolve("data");
        int port = Ports.free();
        Process init = new ProcessBuilder(asPostgres(List.of(bin.get().resolveSibling("initdb").toString(), "-D", data.toString(), "-A", "trust",
                "-U", "postgres", "--no-sync"))).redirectErrorStream(true).redirectOutput(folder.resolve("init.log").toFile()).start();
        assertThat(init.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(init.exitValue()).as(Files.readString(folder.resolve("init.log"))).isZero();
        start(asPostgres(List.of(bin.get().toString(), "-D", data.toString(), "-p", Integer.toString(port), "-h", "127.0.0.1",
                "-k", folder.toString(), "-F")));
        Ports.awaitListening(port);

        // While it recovers it says so; a moment later it serves.
        assertThat(checkUntil("option pgsql-check user postgres", port, "L7OK")).isEqualTo("L7OK PostgreSQL server is ok");
        endServers();
        assertThat(check("option pgsql-check user postgres", port)).isEqualTo("L4CON Connection refused");
    }

    @Test
    void mysql() throws Exception {
        Path program = program("/usr/sbin/mariadbd", "mariadb-server-core");
        int port = Ports.free();
        Files.createDirectory(folder.resolve("data"));
        List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults", "--datadir=" + folder.resolve("data"), "--port=" + port,
                "--bind-address=127.0.0.1", "--socket=" + folder.resolve("socket"), "--skip-grant-tables", "--skip-networking=0"));
        if (ROOT) {
            command.add("--user=root");
        }
        start(command);
        Ports.awaitListening(port);

        assertThat(check("option mysql-check", port)).startsWith("L7OK ");
        assertThat(check("option mysql-check user haproxy", port)).startsWith("L7OK ");
        assertThat(check("option mysql-check user haproxy post-41", port)).startsWith("L7OK ");
        assertThat(check("option redis-check", port)).startsWith("L7");
        endServers();
        assertThat(check("option mysql-check user haproxy", port)).isEqualTo("L4CON Connection refused");
    }

    @Test
    void ldap() throws Exception {
        Path program = program("/usr/sbin/slapd", "slapd");
        int port = Ports.free();
        Path config = Files.writeString(folder.resolve("slapd.conf"), """
                include /etc/ldap/schema/core.schema
                pidfile %1$s/slapd.pid
                modulepath /usr/lib/ldap
                moduleload back_ldif
                database ldif
                suffix "dc=example,dc=org"
                directory %1$s
                """.formatted(folder));
        start(List.of(program.toString(), "-d", "0", "-f", config.toString(), "-h", "ldap://127.0.0.1:" + port));
        Ports.awaitListening(port);

        assertThat(check("option ldap-check", port)).startsWith("L7OK ");
        assertThat(check("option mysql-check", port)).startsWith("L7");
        endServers();
        assertThat(check("option ldap-check", port)).isEqualTo("L4CON Connection refused");
    }

    @Test
    void dovecot() throws Exception {
        Path program = program("/usr/sbin/dovecot", "dovecot-imapd dovecot-pop3d");
        assumeTrue(ROOT, "dovecot is started by root only");
        List<Integer> ports = Ports.free(2);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path config = Files.writeString(folder.resolve("dovecot.conf"), """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/dovecot.log
                protocols = imap pop3
                ssl = no
                listen = 127.0.0.1
                disable_plaintext_auth = no
                passdb {
                  driver = static
                  args = nopassword=y
                }
                userdb {
                  driver = static
                  args = uid=65534 gid=65534 home=%1$s
                }
                service imap-login {
                  inet_listener imap {
                    port = %2$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = %3$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                """.formatted(folder, ports.get(0), ports.get(1)));
        start(List.of(program.toString(), "-F", "-c", config.toString()));
        Ports.awaitListening(ports.get(0));

        assertThat(check("option tcp-check ; tcp-check connect port " + ports.get(0) + " ; tcp-check expect string \"* OK\""
                + " ; tcp-check connect port " + ports.get(1) + " ; tcp-check expect string +OK ; tcp-check send QUIT\\r\\n ; tcp-check expect string +OK",
                ports.get(0))).isEqualTo("L7OK (tcp-check)");
        assertThat(check("option smtpchk", ports.get(0))).startsWith("L7RSP * OK ");
    }

    @Test
    void postfix() throws Exception {
        Path program = program("/usr/lib/postfix/sbin/master", "postfix");
        assumeTrue(ROOT, "postfix is started by root only");
        int port = Ports.free();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String dir : List.of("pid", "private", "public", "active", "incoming", "maildrop", "deferred", "defer", "bounce", "hold",
                "corrupt", "flush", "trace", "saved")) {
            Files.createDirectories(folder.resolve("queue").resolve(dir));
        }
        Files.createDirectory(folder.resolve("data"));
        assertThat(new ProcessBuilder("chown", "postfix", folder + "/data", folder + "/queue/private", folder + "/queue/public").start().waitFor())
                .isZero();
        Files.writeString(folder.resolve("main.cf"), """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                mail_owner = postfix
                setgid_group = postdrop
                myhostname = mail.test
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                alias_maps =
                alias_database =
                maillog_file = /dev/stdout
                smtpd_banner = $myhostname ESMTP
                """.formatted(folder));
        Files.writeString(folder.resolve("master.cf"), """
                127.0.0.1:%d inet n - n - - smtpd
                anvil unix - - n - 1 anvil
                rewrite unix - - n - - trivial-rewrite
                proxymap unix - - n - - proxymap
                postlog unix-dgram n - n - 1 postlogd
                """.formatted(port));
        start(List.of(program.toString(), "-c", folder.toString(), "-d"));
        Ports.awaitListening(port);

        assertThat(checkUntil("option tcp-check ; tcp-check expect string \"220 \"", port, "L7OK")).isEqualTo("L7OK (tcp-check)");
        assertThat(checkUntil("option smtpchk EHLO lb.example.org", port, "L7OK")).startsWith("L7OK ");
        assertThat(check("option tcp-check ; tcp-check expect string \"220 mail.test ESMTP\" ; tcp-check send QUIT\\r\\n"
                + " ; tcp-check expect string \"221 2.0.0 Bye\"", port)).isEqualTo("L7OK (tcp-check)");
        assertThat(check("option tcp-check ; tcp-check expect ! string \"220 \"", port)).startsWith("L7RSP ");
        endServers();
        assertThat(checkUntil("option smtpchk", port, "L4CON")).isEqualTo("L4CON Connection refused");
    }

    private static Path program(String path, String debianPackage) {
        assumeTrue(Files.isExecutable(Path.of(path)), path + " is not installed; on Debian: apt-get install " + debianPackage);
        return Path.of(path);
    }

    private static Optional<Path> newest(Path of, String program) throws IOException {
        if (!Files.isDirectory(of)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(of)) {
            return versions.map(v -> v.resolve(program)).filter(Files::isExecutable).max(Path::compareTo);
        }
    }

    private static List<String> asPostgres(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> words = new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        words.addAll(command);
        return words;
    }

    private void start(List<String> command) throws IOException {
        started.add(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile()).start());
    }

    private static String checkUntil(String lines, int port, String status) throws Exception {
        String result;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        do {
            result = check(lines, port);
        } while (!result.startsWith(status) && System.nanoTime() < deadline);
        return result;
    }

    private static String check(String lines, int port) throws Exception {
        CheckPlan plan = CheckPlan.of(HaproxyLines.check(lines), CheckPlan.Connections.of(Optional.empty()));
        Duration limit = lines.equals("option smtpchk") ? Duration.ofSeconds(1) : Duration.ofSeconds(8);
        CheckRunner runner = new CheckRunner(NioSocketChannel::new, plan, new CheckRunner.Deadlines(limit, Optional.empty()),
                InstantSource.system());
        CompletableFuture<CheckResult> done = new CompletableFuture<>();
        var loop = loops.next();
        loop.execute(() -> runner.start(loop, CheckRunner.Subject.of(
                () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), done::complete));
        CheckResult result = done.get(12, TimeUnit.SECONDS);
        return result.status() + " " + result.info();
    }
}
