package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.lbd.testkit.Await;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Binds and servers in network namespaces. The daemon runs on a machine without any network; the clients' network reaches the namespace
 * {@code a}, that of the servers the namespace {@code b}, and no route leads from one to the other.
 */
class NamespaceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FRONT = "10.96.1.1";
    private static final String FRONT6 = "fd96:1::1";
    /** Prints what each connection begins with, in hexadecimal, and answers with its own name. */
    private static final String SINK = """
            import socket, sys
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", 90))
            s.listen(9)
            print("serving", flush=True)
            while True:
                c, _ = s.accept()
                c.settimeout(5)
                print("got " + c.recv(4096).hex(), flush=True)
                c.sendall(sys.argv[1].encode() + b"\\n")
                c.close()
            """;
    /** Connects, begins with a PROXY header that names a network namespace, and prints the answer. */
    private static final String ASK = """
            import socket, sys
            s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
            s.settimeout(10)
            if len(sys.argv) > 3:
                name = sys.argv[3].encode()
                body = bytes([192, 0, 2, 1, 192, 0, 2, 2, 4, 0, 0, 25]) + b"\\x30" + len(name).to_bytes(2, "big") + name
                s.sendall(b"\\r\\n\\r\\n\\0\\r\\nQUIT\\n\\x21\\x11" + len(body).to_bytes(2, "big") + body)
            s.sendall(b"hello")
            print(s.recv(100).decode().strip())
            """;

    @TempDir
    private Path dir;

    private Lab lab;
    private Path file;
    private String a;
    private String b;
    private LabProcess server;

    @BeforeEach
    void build() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        lab = new Lab();
        lab.network("front").network("back").machine("lb");
        lab.machine("client").cable("client", "eth0", "front", "10.96.1.2/24", "fd96:1::2/64");
        lab.machine("a").cable("a", "eth0", "front", FRONT + "/24", FRONT6 + "/64");
        lab.machine("b").cable("b", "eth0", "back", "10.96.2.1/24", "10.96.2.9/24", "fd96:2::1/64");
        lab.machine("s1").cable("s1", "eth0", "back", "10.96.2.11/24", "fd96:2::11/64");
        server = lab.serve("s1", 25);
        a = lab.name("a");
        b = lab.name("b");
        file = dir.resolve("lbd.cfg");
    }

    @AfterEach
    void takeDown() {
        if (lab != null) {
            lab.close();
        }
    }

    private void write(String proxies) throws IOException {
        Files.writeString(file, "global\n stats socket " + dir.resolve("lbd.sock") + " mode 600 level admin\n"
                + "defaults\n mode tcp\n timeout client 20s\n timeout server 20s\n timeout connect 5s\n timeout check 5s\n" + proxies);
    }

    private void writeMail(String server) throws IOException {
        write("listen mail\n bind " + FRONT + ":25 namespace " + a + "\n bind " + FRONT6 + ":25 namespace " + a + "\n server s1 " + server + "\n");
    }

    private LabProcess lbd() {
        return lab.start("lb", "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "net.lbd.cli.process.Main",
                "-f", file.toString());
    }

    private LabProcess started() {
        LabProcess daemon = lbd();
        daemon.awaitContaining("is ready");
        return daemon;
    }

    private String lbctl(String words) {
        return lab.on("lb", "LBD_SOCKET=" + dir.resolve("lbd.sock") + " java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path")
                + " net.lbd.cli.admin.Lbctl " + words);
    }

    /** Where the mail server sees a connection come from. */
    private String mail(String host) {
        List<String> answers = lab.ask("client", host, 25, 1);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).startsWith("s1 ");
        return answers.get(0).split(" ")[1];
    }

    /** The processes that make sockets for a daemon. */
    private static Set<Long> makers(LabProcess daemon) {
        return ProcessHandle.of(daemon.pid()).orElseThrow().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static Set<String> folders() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "lbd-netns*")) {
            all.forEach(path -> found.add(path.getFileName().toString()));
        }
        return new HashSet<>(found);
    }

    private LabProcess sink(String machine) throws IOException {
        Path script = Files.writeString(dir.resolve("sink.py"), SINK);
        LabProcess sink = lab.start(machine, "python3", script.toString(), machine);
        sink.awaitContaining("serving");
        return sink;
    }

    private String told(String machine, String host, int port, String namespace) throws IOException {
        Path script = Files.writeString(dir.resolve("ask.py"), ASK);
        return lab.on(machine, "python3 " + script + " " + host + " " + port + " " + namespace).strip();
    }

    private static String hex(String text) {
        StringBuilder out = new StringBuilder("3000" + String.format("%02x", text.length()));
        text.chars().forEach(c -> out.append(String.format("%02x", c)));
        return out.toString();
    }

    @Test
    void clientsOfOneNamespaceReachServersOfAnotherAndNothingIsLeft() throws IOException {
        Set<String> before = folders();
        write("frontend mail\n bind " + FRONT + ":25 namespace " + a + "\n bind :::25 v6only namespace " + a + "\n bind 127.0.0.1:26\n default_backend four\n"
                + " use_backend six if { dst fd96:1::1 }\n"
                + "backend four\n source 10.96.2.9 interface eth0\n server s1 10.96.2.11:25 namespace " + b + "\n"
                + "backend six\n default-server namespace " + b + "\n server s1 [fd96:2::11]:25\n");
        LabProcess daemon = started();
        Set<Long> makers = makers(daemon);

        assertThat(makers).as("a process for each namespace").hasSize(2);
        assertThat(mail(FRONT)).isEqualTo("10.96.2.9");
        assertThat(mail(FRONT6)).isEqualTo("fd96:2::1");
        assertThat(lab.ask("lb", "127.0.0.1", 26, 1).get(0)).as("a bind of the daemon's own network").startsWith("s1 10.96.2.9 ");
        assertThat(folders()).as("the way in is closed once the process is there").isEqualTo(before);

        daemon.kill("TERM");
        Await.until("the processes are gone", PATIENCE, () -> makers.stream().noneMatch(NamespaceIT::isAlive));
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void checksAndAgentsAreMadeWhereTheServerIs() throws IOException {
        LabProcess agent = lab.start("s1", "python3", "-c", """
                import socket
                s = socket.socket()
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("10.96.2.11", 77))
                s.listen(9)
                print("serving", flush=True)
                while True:
                    c, peer = s.accept()
                    print("asked by " + peer[0], flush=True)
                    c.sendall(b"up\\n")
                    c.close()
                """);
        agent.awaitContaining("serving");
        writeMail("10.96.2.11:25 namespace " + b + " check inter 200ms fall 2 rise 1 agent-check agent-port 77 agent-inter 200ms");
        try (LabProcess daemon = started()) {
            agent.awaitContaining("asked by 10.96.2.1");
            assertThat(mail(FRONT)).isEqualTo("10.96.2.1");

            server.close();
            daemon.awaitContaining("server mail/s1 is DOWN");
            server = lab.serve("s1", 25);
            daemon.awaitContaining("server mail/s1 is UP");

            assertThat(mail(FRONT)).isEqualTo("10.96.2.1");
        }
    }

    @Test
    void reloadsLoseNothingAndKeepTheProcessesThatAreStillNeeded() throws IOException {
        writeMail("10.96.2.11:25 namespace " + b);
        try (LabProcess daemon = started()) {
            Set<Long> makers = makers(daemon);
            LabProcess storm = lab.storm("client", FRONT, 25, 4);
            for (int i = 0; i < 4; i++) {
                writeMail("10.96.2.11:25 weight " + (i + 1) + " namespace " + b);
                lbctl("reload");
            }
            assertThat(makers(daemon)).isEqualTo(makers);
            assertThat(storm.finish("done")).matches("done [1-9]\\d* failed 0");
            assertThat(storm.seen()).noneMatch(line -> line.startsWith("error"));

            write("listen mail\n bind " + FRONT + ":25 namespace " + a + "\n server s1 127.0.0.1:25\n");
            lbctl("reload");
            Await.until("the process of the namespace that is not named any more is gone", PATIENCE, () -> makers(daemon).size() == 1);
            writeMail("10.96.2.11:25 namespace " + b);
            lbctl("reload");
            assertThat(mail(FRONT)).isEqualTo("10.96.2.1");
        }
    }

    @Test
    void aProcessThatDiesIsStartedAgain() throws IOException {
        writeMail("10.96.2.11:25 namespace " + b);
        try (LabProcess daemon = started()) {
            assertThat(mail(FRONT)).isEqualTo("10.96.2.1");
            Set<Long> killed = makers(daemon);
            LabProcess storm = lab.storm("client", FRONT, 25, 4);

            killed.forEach(pid -> lab.sh("kill -9 " + pid));
            daemon.awaitContaining("is started again");
            daemon.awaitContaining("makes its sockets again");

            assertThat(makers(daemon)).doesNotContainAnyElementsOf(killed);
            assertThat(storm.finish("done")).as("connections wait meanwhile").matches("done [1-9]\\d* failed 0");
            assertThat(mail(FRONT6)).isEqualTo("10.96.2.1");
        }
    }

    @Test
    void aNamespaceThatIsNotThereIsToldWithTheCommandThatMendsIt() throws IOException {
        writeMail("10.96.2.11:25 namespace " + b + "x");
        try (LabProcess refused = lbd()) {
            refused.awaitContaining("there is no network namespace '" + b + "x'");
            refused.awaitContaining("ip netns add " + b + "x");
        }
        assertThat(lbctl("preflight -f " + file + " || true")).contains("FAIL  there is no network namespace '" + b + "x'", "ip netns add " + b + "x");
        writeMail("10.96.2.11:25 namespace " + b);
        assertThat(lbctl("preflight -f " + file)).contains("is set up");
        try (LabProcess daemon = started()) {
            Set<Long> makers = makers(daemon);
            writeMail("10.96.2.11:25 namespace " + b + "x");

            assertThat(lbctl("reload 2>&1 || true")).contains("there is no network namespace '" + b + "x'");

            assertThat(mail(FRONT)).as("the old configuration serves on").isEqualTo("10.96.2.1");
            assertThat(makers(daemon)).isEqualTo(makers);
        }
    }

    @Test
    void aProcessWithoutTheRightIsRefused() throws IOException {
        writeMail("10.96.2.11:25 namespace " + b);

        String said = lab.on("lb", "setpriv --bounding-set -sys_admin --inh-caps -sys_admin java -XX:TieredStopAtLevel=1 -cp "
                + System.getProperty("java.class.path") + " net.lbd.cli.process.Main -f " + file + " 2>&1 || true");

        assertThat(said).contains("CAP_SYS_ADMIN", "systemctl edit lbd").doesNotContain("is ready");
    }

    @Test
    void aNamespaceThatWasMadeAnewIsAnotherForAReload() throws IOException {
        writeMail("10.96.2.11:25 namespace " + b);
        try (LabProcess daemon = started()) {
            assertThat(mail(FRONT)).isEqualTo("10.96.2.1");
            lab.sh("ip netns del " + b + "; ip netns add " + b);
            lab.cable("b", "eth9", "back", "10.96.2.8/24");

            lbctl("reload");

            Await.until("the server is reached from the new one", PATIENCE, () -> lab.ask("client", FRONT, 25, 1).get(0).startsWith("s1 10.96.2.8 "));
            assertThat(makers(daemon)).hasSize(2);
        }
    }

    /** As Debian's haproxy was seen to do. */
    @Test
    void theClientsNamespaceDecidesAndIsPassedOn() throws IOException {
        write("listen told\n bind 127.0.0.1:80 namespace " + a + "\n bind 127.0.0.1:81 accept-proxy\n bind 127.0.0.1:82 namespace " + a + " accept-proxy\n"
                + " server s1 127.0.0.1:90 namespace * send-proxy-v2\n"
                + "namespace_list\n namespace " + b + "\n");
        try (LabProcess inA = sink("a"); LabProcess inB = sink("b"); LabProcess here = sink("lb"); LabProcess daemon = started()) {
            assertThat(told("a", "127.0.0.1", 80, "")).as("that of the bind line").isEqualTo("a");
            assertThat(inA.awaitContaining("got")).contains(hex(a));
            assertThat(told("lb", "127.0.0.1", 81, b)).as("what the header says").isEqualTo("b");
            assertThat(inB.awaitContaining("got")).contains(hex(b));
            assertThat(told("a", "127.0.0.1", 82, b)).as("what the header says before that of the bind line").isEqualTo("b");
            assertThat(told("lb", "127.0.0.1", 81, "nowhere")).as("a name that is not known is passed over").isEqualTo("lb");
            assertThat(here.awaitContaining("got")).doesNotContain("30000");
            assertThat(told("a", "127.0.0.1", 82, "nowhere")).isEqualTo("a");
        }
    }
}
