package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new process takes the place of the old one, on the same sockets. */
class UpgradeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SERVES = Pattern.compile("process (\\d+) serves; process (\\d+) lets its sessions end\nSuccess=1");

    @TempDir
    private Path dir;

    private ExchangeFarm farm;
    private ScriptedOrigin echo;
    private MixedLoad.Ports ports;
    private Path unix;
    private Daemon lbd;

    @BeforeEach
    void start() throws Exception {
        Path certificate = TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        List<Integer> free = Ports.free(4);
        ports = new MixedLoad.Ports(free.get(0), free.get(1), free.get(2));
        farm = ExchangeFarm.plain(1);
        echo = ScriptedOrigin.start(MixedLoad::upgradeOrEcho).forgetful();
        unix = dir.resolve("web.sock");
        lbd = Daemon.start(dir.resolve("lbd"), """
                global
                  nbthread 2
                  stats socket 127.0.0.1:%d level admin
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend web
                  bind 127.0.0.1:%d
                  bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
                  bind unix@%s mode 666
                  use_backend sockets if { path /socket }
                  default_backend owa
                backend owa
                  server ex1 127.0.0.1:%d check inter 1s
                backend sockets
                  server echo 127.0.0.1:%d
                listen mail
                  mode tcp
                  bind 127.0.0.1:%d
                  server echo 127.0.0.1:%d
                """.formatted(free.get(3), ports.http(), ports.https(), certificate, unix, farm.server(0).port(), echo.port(), ports.echo(), echo.port()),
                ports.http(), ports.https(), ports.echo());
        Await.until("lbd to be ready", PATIENCE, () -> lbd.output().contains(" is ready: "));
    }

    @AfterEach
    void stop() throws Exception {
        try (AutoCloseable a = farm; AutoCloseable b = echo) {
            lbd.close();
        }
    }

    private long upgrade() {
        String answer = lbd.command("upgrade");
        Matcher serves = SERVES.matcher(answer);
        assertThat(serves.find()).as(answer + lbd.output()).isTrue();
        return Long.parseLong(serves.group(1));
    }

    private static void awaitEnd(long pid) {
        Await.until("process " + pid + " to end", PATIENCE, () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void noRequestOfAnyKindIsLostOverUpgrades() {
        try (MixedLoad load = MixedLoad.start(ports, ClientTls.trustAll())) {
            load.awaitMore(5);
            long former = lbd.pid();
            for (int i = 0; i < 3; i++) {
                long now = upgrade();
                assertThat(now).isNotEqualTo(former);
                assertThat(lbd.command("show info")).contains("\nPid: " + now + "\n");
                load.awaitMore(5);
                awaitEnd(former);
                former = now;
            }
            assertThat(Files.exists(unix)).as("the file of the socket is the new process's").isTrue();
            assertThat(CommandResult.of(dir, List.of("curl", "-sS", "--unix-socket", unix.toString(), "-o", "/dev/null", "-w", "%{http_code}",
                    "http://a/owa/?s=10")).output()).isEqualTo("200");
            assertThat(load.failures()).as("%s right answers", load.answered()).isEmpty();
            System.out.println("upgrade: 3 upgrades, right answers " + load.answered() + ", lost 0");
            assertThat(lbd.lbctl("stop").exitCode()).isZero();
            awaitEnd(former);
        }
        lbd.awaitCleanEnd();
        assertThat(unix).doesNotExist();
    }

    @Test
    void aSuccessorThatCannotStartLeavesTheOldProcessServing() {
        String good = read(dir.resolve("lbd/lbd.cfg"));
        lbd.configure(good.replace("balance", "balanse") + "backend broken\n  balance nosuchthing\n");

        CommandResult upgrade = lbd.lbctl("upgrade");

        assertThat(upgrade.exitCode()).isEqualTo(1);
        assertThat(upgrade.output()).contains("the new process has ended with code 1");
        assertThat(lbd.output()).contains("nosuchthing");
        try (RawClient client = RawClient.connect(ports.http())) {
            client.send("GET /owa/?s=10 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        lbd.configure(good);
        long successor = upgrade();
        assertThat(lbd.lbctl("stop").exitCode()).isZero();
        awaitEnd(successor);
        lbd.awaitCleanEnd();
    }

    @Test
    void ofTwoUpgradesAtATimeOneIsRefusedAndAReloadToo() throws Exception {
        AtomicReference<String> first = new AtomicReference<>("");
        Thread upgrade = new Thread(() -> first.set(lbd.command("upgrade")));
        upgrade.start();
        Await.until("the new process", () -> lbd.output().contains("is started to take over"));
        String second = lbd.command("upgrade");
        String reload = lbd.command("reload");
        upgrade.join(PATIENCE.toMillis());

        assertThat(first.get()).containsPattern(SERVES);
        // The first may be over already on a quick machine; then this is one more, in its turn.
        if (second.contains("Refused")) {
            assertThat(second).contains("Refused: an upgrade is under way.");
            assertThat(reload).contains("Success=");
        }
        Matcher last = SERVES.matcher(second.contains("Refused") ? first.get() : second);
        assertThat(last.find()).isTrue();
        lbd.awaitCleanEnd();
        assertThat(lbd.command("show info")).contains("\nPid: " + last.group(1) + "\n");
        assertThat(lbd.command("stop")).isBlank();
        awaitEnd(Long.parseLong(last.group(1)));
    }

    @Test
    void socketsAreHandedToNobodyElse() throws Exception {
        Path open = Files.createDirectory(dir.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ServerSocketChannel thief = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            thief.bind(UnixDomainSocketAddress.of(open.resolve("s")));
            assertThat(lbd.command("hand over sockets " + open.resolve("s"))).contains("Refused: the folder of " + open.resolve("s")
                    + " does not belong to the user of this process, or others may write in it.");
        }
        assertThat(lbd.command("hand over sockets /no/such/path")).contains("Refused: ");
        assertThat(lbd.command("hand over sockets")).contains("wants the path of the Unix socket");
        assertThat(lbd.command("taken over nobody")).contains("wants the id of the process");
    }

    @Test
    void whoStopsDuringAnUpgradeGetsNoNewProcess() throws Exception {
        Thread upgrade = new Thread(() -> lbd.command("upgrade"));
        upgrade.start();
        Await.until("the new process", () -> lbd.output().contains("is started to take over"));
        Matcher started = Pattern.compile("process (\\d+) is started to take over").matcher(lbd.output());
        assertThat(started.find()).isTrue();

        lbd.signal("TERM");

        lbd.awaitCleanEnd();
        awaitEnd(Long.parseLong(started.group(1)));
        upgrade.join(PATIENCE.toMillis());
    }

    @Test
    void systemdLearnsWhichProcessIsTheServiceNow() throws Exception {
        List<Integer> free = Ports.free(1);
        String text = """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend web
                  bind 127.0.0.1:%d
                  http-request return status 200
                """.formatted(free.get(0));
        Path file = Files.writeString(dir.resolve("service.cfg"), text);
        try (SyslogSink systemd = SyslogSink.unix(dir.resolve("notify"));
                Daemon service = Daemon.start(Files.createDirectory(dir.resolve("service")), Map.of("NOTIFY_SOCKET", dir.resolve("notify").toString()),
                        List.of("-f", file.toString()), free.get(0))) {
            systemd.awaitContaining("READY=1");
            systemd.clear();
            Matcher serves = SERVES.matcher(service.command("upgrade"));
            assertThat(serves.find()).as(service.output()).isTrue();
            systemd.awaitContaining("MAINPID=" + serves.group(1));
            systemd.awaitContaining("READY=1");
            service.awaitCleanEnd();
            assertThat(systemd.messages().toString()).as("the service does not stop").doesNotContain("STOPPING=1");
            assertThat(service.command("stop")).isBlank();
            awaitEnd(Long.parseLong(serves.group(1)));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
