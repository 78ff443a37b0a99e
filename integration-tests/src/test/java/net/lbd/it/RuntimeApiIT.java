package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of HAProxy's management guide, given to Debian's HAProxy and to the daemon side by side. */
class RuntimeApiIT {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    /** In this order, as many change what later ones see. The answers are the same word for word, but for numbers of processes and times. */
    private static final List<String> THE_SAME = List.of(
            "add server be/n1 127.0.0.1:5", "add server be/n1 127.0.0.1:5", "add server be/n2 127.0.0.1:5 check inter 500ms", "add server be",
            "add server be/", "add server", "add server be/x", "add server zz/x 1.2.3.4:5", "add server rr/x 1.2.3.4:5",
            "add server be/x 1.2.3.4:5 init-addr none", "add server be/x 1.2.3.4:5 resolvers foo", "add server be/x 1.2.3.4:5 redir http://a",
            "add server be/n3 1.2.3.4:5 id 77 weight 3 maxconn 4 maxqueue 9 minconn 2 backup", "add server be/n4 1.2.3.4:5 track s1",
            "add server be/x 1.2.3.4:5 track n2", "add server be/n5 1.2.3.4:5 ssl verify none sni str(a) alpn http/1.1 ssl-min-ver TLSv1.2",
            "add server be/n6 1.2.3.4:5 agent-check agent-port 9 agent-inter 5s agent-send a agent-addr 127.0.0.1",
            "add server be/n7 1.2.3.4:5 check observe layer7 error-limit 5 on-error mark-down on-marked-down shutdown-sessions rise 3 fall 4",
            "add server be/n8 1.2.3.4:5 send-proxy-v2 pool-max-conn 3 pool-purge-delay 4s proto h1 slowstart 3s source 127.0.0.1 tfo ws h1",
            "add server be/n9 1.2.3.4:5 check addr 127.0.0.1 port 7 fastinter 1s downinter 2s check-send-proxy check-ssl verify none check-sni a",
            "get weight be/n3", "set weight be/n3 50%", "get weight be/n3", "set weight be/n3 300", "set weight be/n3 x", "set weight be/n3 5x",
            "set weight be/n3 5%x", "set weight be/n3 -1", "set weight be/n3 -1%", "set weight be/n3 99999999999", "set server be/n3 weight", "set weight be/n3",
            "set weight be/n3 30000%", "get weight be/n3", "set weight be/n3 %",  "get weight be/zz",
            "del server be/n1", "del server be/n1", "del server be/s1", "del server be/s2", "disable server be/s2", "del server be/s2",
            "disable server be/s1", "del server be/s1", "del server", "del server zz/b", "enable server be/s1",
            "enable health be/n2", "enable agent be/n2", "enable health be/n3", "disable health be/n2",
            "enable dynamic-cookie backend be", "disable dynamic-cookie backend be", "enable dynamic-cookie backend rr",
            "enable dynamic-cookie backend zz", "enable dynamic-cookie backend", "set dynamic-cookie-key backend be foo",
            "set dynamic-cookie-key backend be", "set dynamic-cookie-key backend zz foo",
            "set server be/s1", "set server be/s1 foo", "set server be/zz state ready", "set server be/s1 state foo", "set server be/s1 health foo",
            "set server be/ag agent foo", "set server be/s1 agent up", "set server be/ag agent-addr 1.2.3.4", "set server be/ag agent-addr 1.2.3.4 port 55",
            "set server be/ag agent-addr", "set server be/ag agent-addr x.invalid", "set server be/ag agent-port 99", "set server be/ag agent-port x",
            "set server be/ag agent-port", "set server be/ag agent-port 70000", "set server be/ag agent-send x", "set server be/n3 agent-port 9",
            "set server be/n3 agent-addr 1.2.3.4", "set server be/n3 check-port 9", "set server be/s1 check-addr", "set server be/s1 check-addr 127.0.0.1",
            "set server be/s1 check-addr x.invalid", "set server be/s1 check-addr 127.0.0.1 port x", "set server be/s1 check-port",
            "set server be/s1 check-port 70000", "set server be/s1 check-port abc", "set server be/s1 ssl", "set server be/s1 ssl maybe",
            "set server be/plain ssl on", "set server be/tls ssl maybe", "set server be/tls ssl off", "set server be/tls ssl on",
            "set server be/plain addr 127.0.0.9 port 4", "set server be/plain addr 127.0.0.9 port 4", "set server be/plain addr foo",
            "set server be/plain addr", "set server be/plain fqdn a.example",
            "get var proc.nope", "get var", "set var proc.x int(3)", "experimental-mode", "expert-mode", "set severity-output", "set severity-output loud",
            "experimental-mode on;set var proc.x int(3);get var proc.x", "experimental-mode on;set var proc.x expr str(a\\ b),upper;get var proc.x",
            "experimental-mode on;set var proc.y fmt a-%[int(3)]-b;get var proc.y", "experimental-mode on;set var proc.b bool(true);get var proc.b",
            "experimental-mode on;set var proc.x", "experimental-mode on;set var req.x int(3)", "experimental-mode on;set var",
            "set severity-output number;set server be/s1 foo;get weight be/zz", "set severity-output string;del server be/zz",
            "show cli level", "operator;show cli level", "user;show cli level", "set timeout cli", "set timeout cli 5", "set timeout cli x",
            "set maxconn frontend fe 7", "set maxconn frontend zz 7", "set maxconn frontend", "set maxconn frontend fe", "set maxconn server be/s1 5",
            "set maxconn server be/zz 5", "set maxconn global", "set rate-limit connections global 5", "set rate-limit sessions global 5",
            "set rate-limit ssl-sessions global 5", "set rate-limit connections global", "clear counters", "clear counters all",
            "shutdown sessions server be/s1", "shutdown sessions server be/zz", "shutdown session", "shutdown session 0x1",
            "disable frontend zz", "disable frontend", "disable frontend fe", "disable frontend fe", "enable frontend fe", "enable frontend fe",
            "shutdown frontend zz", "show backend", "show errors zz", "show env NOPE", "show resolvers nope", "show servers conn zz", "show servers state zz",
            "show table zz", "show map zz", "show acl zz", "show ssl cert zz", "show ssl crt-list zz", "show peers", "show startup-logs",
            "show events nope", "show fd 99999");

    /** What stands in a program's own words, or tells of its own inside, and only has to be known. */
    private static final List<String> OF_ITS_OWN = List.of("debug dev exit", "trace", "show trace", "show profiling", "set profiling tasks on", "show tasks",
            "httpclient GET http://127.0.0.1:1/", "show activity", "show threads", "show pools", "show libs", "show schema json", "show ssl providers",
            "show info", "show stat", "show cli sockets", "show env", "show fd", "show version", "show events");

    @TempDir
    private Path dir;
    private final int[] ports = {Ports.free(), Ports.free()};
    private Process haproxy;
    private Daemon lbd;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed; on Debian: apt-get install haproxy");
        Path file = dir.resolve("haproxy.cfg");
        Files.writeString(file, configuration("h", ports[0]));
        haproxy = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString()).redirectErrorStream(true)
                .redirectOutput(dir.resolve("haproxy.log").toFile()).start();
        lbd = Daemon.start(dir.resolve("lbd"), configuration("l", ports[1]), ports[1]);
        Await.until("haproxy to listen", () -> Ports.isListening(ports[0]) || !haproxy.isAlive());
        assertThat(haproxy.isAlive()).as(Files.readString(dir.resolve("haproxy.log"))).isTrue();
    }

    @AfterEach
    void end() throws InterruptedException {
        lbd.close();
        haproxy.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private String configuration(String socket, int port) {
        return """
                global
                  stats socket %s level admin
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 5s
                  timeout server 5s
                frontend fe
                  bind 127.0.0.1:%d
                  default_backend be
                backend be
                  balance roundrobin
                  cookie SRV insert
                  server s1 127.0.0.1:1 check inter 1h
                  server s2 127.0.0.1:1 track s1
                  server ag 127.0.0.1:1 agent-check agent-port 1 agent-inter 1h
                  server plain 127.0.0.1:1
                  server tls 127.0.0.1:1 ssl verify none
                backend rr
                  balance static-rr
                  server a 127.0.0.1:1
                """.formatted(dir.resolve(socket), port);
    }

    private String ask(String socket, String line) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve(socket)))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** Empty lines between and behind answers, and the commands that are listed for one that is not known, are each program's own. */
    private static String said(String answer) {
        return answer.replaceAll("\n+", "\n").strip().replaceAll("(?s)(one of the following ones is a better match:).*", "$1");
    }

    @Test
    void answersAreHaproxys() {
        SoftAssertions.assertSoftly(all -> {
            for (String command : THE_SAME) {
                all.assertThat(said(ask("l", command))).as(command).isEqualTo(said(ask("h", command)));
            }
        });
        assertThat(states("l")).as("'show servers state' behind all that").isEqualTo(states("h"));
    }

    /** Without the time since the last change, and what each check has come to meanwhile. */
    private List<String> states(String socket) {
        List<String> rows = new ArrayList<>();
        for (String line : ask(socket, "show servers state be").lines().filter(l -> !l.isBlank()).toList()) {
            String[] fields = line.split(" ");
            if (fields.length > 20 && !fields[0].equals("#")) {
                rows.add(String.join(" ", fields[3], fields[4], fields[7], fields[8], fields[18], fields[20], fields[21], fields[22], fields[23], fields[24]));
            }
        }
        return rows;
    }

    @Test
    void everyCommandOfHaproxyIsKnown() {
        List<String> unknown = new ArrayList<>();
        int looked = 0;
        for (String line : ask("h", "expert-mode on;experimental-mode on;help").lines().filter(l -> l.startsWith("  ")).toList()) {
            String usage = line.strip().replaceAll("\\s*(:|\\(DEPRECATED\\)).*", "");
            String words = usage.replaceAll("\\s*[\\[<{@].*", "").strip();
            // "new ssl crlfile" is a slip of the pen in its help: the command is "new ssl crl-file".
            String command = words.replace("crlfile", "crl-file");
            if (command.isEmpty() || command.equals("quit") || command.equals("prompt")) {
                continue;
            }
            looked++;
            String answer = ask("l", "help " + command);
            if (answer.startsWith("Unknown command")) {
                answer = ask("l", command.startsWith("debug dev") ? "debug dev" : command);
            }
            if (answer.startsWith("Unknown command")) {
                unknown.add(command);
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(looked).isGreaterThan(90);
    }

    @Test
    void whatIsOfItsOwnSaysSomething() {
        SoftAssertions.assertSoftly(all -> {
            for (String command : OF_ITS_OWN) {
                all.assertThat(ask("l", command)).as(command).isNotBlank().doesNotStartWith("Unknown command").doesNotContain("Internal error");
            }
        });
        assertThat(ask("l", "show libs")).contains("/libjvm.so").containsPattern("(?m)^0x[0-9a-f]{12}-0x[0-9a-f]{12} \\(0x[0-9a-f]{7,}\\) /");
    }

    /** A server that is added takes traffic, and one that is removed takes none; no request fails. */
    @Test
    void serversComeAndGoUnderTraffic() {
        try (ExchangeFarm farm = ExchangeFarm.plain(2)) {
            assertThat(ask("l", "add server be/a 127.0.0.1:" + farm.server(0).port() + " enabled")).startsWith("New server registered.");
            for (String name : List.of("s1", "s2", "ag", "plain", "tls")) {
                ask("l", "disable server be/" + name);
            }
            try (LoadClients load = LoadClients.start(4, () -> RawClient.connect(new InetSocketAddress("127.0.0.1", ports[1])))) {
                for (int i = 0; i < 20; i++) {
                    assertThat(ask("l", "add server be/b 127.0.0.1:" + farm.server(1).port() + " enabled")).startsWith("New server registered.");
                    load.awaitMore(20);
                    ask("l", "disable server be/b");
                    Await.until("b is removed", Duration.ofSeconds(20), () -> ask("l", "del server be/b").startsWith("Server deleted."));
                }
                load.close();
                assertThat(load.failures()).isEmpty();
            }
        }
    }
}
