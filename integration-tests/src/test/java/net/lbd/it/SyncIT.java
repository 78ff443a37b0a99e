package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder of a configuration brought to a partner over a real ssh. The partner is this machine behind another view of the file system
 * (a mount namespace), so that both have their folder at one path.
 */
class SyncIT {

    private static final String PAGE = "HTTP/1.0 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nsoon";

    @TempDir
    private Path dir;

    private final List<Process> processes = new ArrayList<>();
    private int sshPort;
    private int listenPort;
    private Path here;
    private Path there;

    private record Ran(int code, String output) { }

    private Ran run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    private String lbctl(String socket) {
        return "LBD_SOCKET=" + dir.resolve(socket) + " exec java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path")
                + " net.lbd.cli.admin.Lbctl \"$@\"";
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(dir.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @BeforeEach
    void setUp() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "sync over ssh is left out: it needs root");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/sshd")), "sync over ssh is left out: sshd is not there");
        assumeTrue(run("unshare", "-m", "true").code() == 0, "sync over ssh is left out: no mount namespace can be made here");
        sshPort = Ports.free();
        listenPort = Ports.free();
        assertThat(run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir.resolve("host").toString()).code()).isZero();
        assertThat(run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir.resolve("user").toString()).code()).isZero();
        Files.createDirectories(Path.of("/run/sshd"));
        Path config = Files.writeString(dir.resolve("sshd_config"), "Port " + sshPort + "\nListenAddress 127.0.0.1\nHostKey " + dir.resolve("host")
                + "\nAuthorizedKeysFile " + dir.resolve("user.pub") + "\nPermitRootLogin yes\nStrictModes no\nUsePAM no\nPidFile none\n");
        processes.add(new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString()).redirectErrorStream(true)
                .redirectOutput(dir.resolve("sshd.log").toFile()).start());
        here = Files.createDirectories(dir.resolve("view/lbd"));
        there = Files.createDirectories(dir.resolve("partner/lbd"));
        script("here", lbctl("here.sock"));
        script("far", "mount --bind " + dir.resolve("partner") + " " + dir.resolve("view") + "; " + lbctl("there.sock"));
        script("remote", "exec unshare -m " + dir.resolve("far") + " \"$@\"");
        Await.until("sshd listens", () -> Files.readString(dir.resolve("sshd.log")).contains("listening"));
    }

    @AfterEach
    void tearDown() {
        processes.forEach(p -> {
            p.destroyForcibly();
            p.onExit().join();
        });
    }

    private Ran sync(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(dir.resolve("here").toString(), "sync", "127.0.0.1", "--folder", here.toString(), "--remote",
                dir.resolve("remote").toString(), "--ssh", "ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o LogLevel=ERROR -o UserKnownHostsFile=/dev/null -i "
                        + dir.resolve("user") + " -p " + sshPort));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    private String configuration(String page, String more) {
        return "global\n  stats socket " + dir.resolve("there.sock") + " mode 600 level admin\ndefaults\n  mode http\n  timeout client 5s\n"
                + "  timeout server 5s\n  timeout connect 5s\nfrontend f\n  bind 127.0.0.1:" + listenPort
                + "\n  http-request return status 200 content-type text/plain file " + page + "\n" + more;
    }

    private String ask() throws IOException, InterruptedException {
        return run("curl", "-s", "-m", "5", "http://127.0.0.1:" + listenPort + "/").output();
    }

    @Test
    void thePartnerTakesTheFolderInOneStepOrNotAtAll() throws IOException, InterruptedException {
        Path page = here.resolve("page.txt");
        Path elsewhere = Files.writeString(dir.resolve("elsewhere.txt"), PAGE);
        Files.writeString(page, "one");
        Files.writeString(here.resolve("lbd.cfg"), configuration(page.toString(), ""));
        Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("rw-r-----"));
        Files.createDirectories(there.resolve("local"));
        Files.writeString(there.resolve("local/own"), "the partner's own");
        Files.writeString(there.resolve("old.txt"), "old");

        Ran first = sync();
        assertThat(first.output()).contains("lbd does not run there: nothing to reload", "the partner has taken it; what it had is in " + here + ".before-sync");
        assertThat(first.code()).isZero();
        assertThat(there.resolve("page.txt")).hasContent("one");
        assertThat(Files.getPosixFilePermissions(there.resolve("page.txt"))).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(there.resolve("local/own")).hasContent("the partner's own");
        assertThat(there.resolve("old.txt")).doesNotExist();
        assertThat(dir.resolve("partner/lbd.before-sync/old.txt")).hasContent("old");

        processes.add(new ProcessBuilder("unshare", "-m", "sh", "-c", "mount --bind " + dir.resolve("partner") + " " + dir.resolve("view")
                + "; exec java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path") + " net.lbd.cli.process.Main -f " + here.resolve("lbd.cfg"))
                .redirectErrorStream(true).redirectOutput(dir.resolve("daemon.log").toFile()).start());
        Await.until("the partner serves", () -> ask().equals("one"));

        Files.writeString(page, "two");
        Files.writeString(here.resolve("lbd.cfg"), configuration(page.toString(), "  # " + elsewhere + "\n  errorfile 503 " + elsewhere + "\n"));
        Ran dry = sync("--dry-run");
        assertThat(dry.output()).contains("not copied, it is outside of " + here + ": " + elsewhere, "the partner could take it");
        assertThat(there.resolve("page.txt")).hasContent("one");
        Ran second = sync();
        assertThat(second.output()).contains("reloaded there");
        assertThat(ask()).isEqualTo("two");
        assertThat(there.resolve("local/own")).hasContent("the partner's own");

        // Good here, and not there: the file is missing on the partner.
        Path only = Files.writeString(here.getParent().resolve("only-here.txt"), PAGE);
        Files.writeString(page, "three");
        Files.writeString(here.resolve("lbd.cfg"), configuration(page.toString(), "  errorfile 503 " + only + "\n"));
        Ran refused = sync();
        assertThat(refused.output()).contains("only-here.txt").contains("it is not valid here", "the partner 127.0.0.1 has kept what it had");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(there.resolve("page.txt")).hasContent("two");
        assertThat(ask()).isEqualTo("two");

        // Valid, and the daemon there refuses it: somebody has the address.
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(here.resolve("lbd.cfg"), configuration(page.toString(), "  bind 127.0.0.1:" + taken.getLocalPort() + "\n"));
            Ran busy = sync();
            assertThat(busy.output()).contains("the reload was refused there", "what was refused is in " + here + ".rejected",
                    "the partner 127.0.0.1 has kept what it had");
            assertThat(there.resolve("page.txt")).hasContent("two");
            assertThat(dir.resolve("partner/lbd.rejected/page.txt")).hasContent("three");
            assertThat(ask()).isEqualTo("two");
        }

        // The daemon ends the conversation without a word: nobody can know, and what was sent stays.
        script("far", "mount --bind " + dir.resolve("partner") + " " + dir.resolve("view") + "; " + lbctl("mute.sock"));
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(dir.resolve("mute.sock")));
            CompletableFuture<Void> once = CompletableFuture.runAsync(() -> readAndClose(mute));
            Files.writeString(here.resolve("lbd.cfg"), configuration(page.toString(), ""));
            Ran unknown = sync();
            assertThat(unknown.output()).contains("whether lbd there has reloaded is not known", "the new folder stays in its place",
                    "it is not known whether its daemon has taken it; see there: lbctl status");
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(there.resolve("page.txt")).hasContent("three");
            once.join();
        }

        Files.writeString(here.resolve("lbd.cfg"), "rubbish");
        assertThat(sync().output()).contains("the configuration is not valid here; nothing was sent");
        assertThat(there.resolve("lbd.cfg")).content().contains("frontend f");
        assertThat(Files.list(there.getParent()).map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("lbd", "lbd.before-sync",
                "lbd.rejected", ".lbd-sync.lock");
    }

    private static void readAndClose(ServerSocketChannel socket) {
        try (SocketChannel asked = socket.accept()) {
            asked.read(ByteBuffer.allocate(100));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void foldersOfTheSystemAreNotReplaced() throws IOException, InterruptedException {
        for (String folder : List.of("/etc", "lbd", "/etc/my lbd")) {
            Ran ran = run(dir.resolve("here").toString(), "sync", "partner", "--folder", folder);
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.output()).contains("absolute paths without blanks");
        }
        assertThat(run(dir.resolve("here").toString(), "sync", "partner", "-f", "/etc/passwd").output()).contains("'/etc/passwd' is not in '/etc/lbd'");
        assertThat(run(dir.resolve("here").toString(), "sync", "-oProxyCommand=x", "-f", "/etc/lbd/lbd.cfg").code()).isEqualTo(2);
    }
}
