package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.lbd.testkit.Await;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that see the clients' addresses, between two networks: the proxied and the guide's transparent modes. */
class TransparentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FRONT = "10.95.1.1";
    private static final String CLIENT = "10.95.1.2";
    private static final String SECOND = "10.95.1.3";
    /** Answers each request with the address and port that it came from, and keeps connections open. */
    private static final String SERVER = """
            import http.server, socketserver
            class H(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_GET(self):
                    body = ("%s %d\\n" % (self.client_address[0], self.client_address[1])).encode()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *a):
                    pass
            class S(socketserver.ThreadingMixIn, http.server.HTTPServer):
                daemon_threads = True
            s = S(("10.95.2.11", 80), H)
            print("serving", flush=True)
            s.serve_forever()
            """;

    @TempDir
    private Path dir;

    private Lab lab;
    private Path file;

    @BeforeEach
    void build() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        lab = new Lab();
        lab.network("front").network("back");
        lab.machine("client").cable("client", "eth0", "front", CLIENT + "/24", SECOND + "/24", "fd95:1::2/64");
        lab.machine("lb").cable("lb", "eth0", "front", FRONT + "/24", "fd95:1::1/64").cable("lb", "eth1", "back", "10.95.2.1/24", "10.95.2.9/24",
                "fd95:2::1/64");
        lab.machine("s1").cable("s1", "eth0", "back", "10.95.2.11/24", "fd95:2::11/64");
        lab.on("s1", "ip route add default via 10.95.2.1; ip -6 route add default via fd95:2::1");
        lab.serve("s1", 25);
        lab.start("s1", "python3", "-c", SERVER).awaitContaining("serving");
        file = dir.resolve("lbd.cfg");
    }

    @AfterEach
    void takeDown() {
        if (lab != null) {
            lab.close();
        }
    }

    private void write(String global, String mail, String web) throws IOException {
        Files.writeString(file, "global\n stats socket " + dir.resolve("lbd.sock") + " mode 600 level admin\n" + global
                + "defaults\n timeout client 20s\n timeout server 20s\n timeout connect 3s\n"
                + "listen mail\n mode tcp\n bind :::25\n" + mail
                + "listen web\n mode http\n bind :::80\n option http-keep-alive\n http-reuse always\n" + web);
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

    private String lbctl(String... words) {
        return lab.on("lb", "LBD_SOCKET=" + dir.resolve("lbd.sock") + " java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path")
                + " net.lbd.cli.admin.Lbctl " + String.join(" ", words));
    }

    /** What the mail server saw. */
    private String mail(String host) {
        List<String> answers = lab.ask("client", host, 25, 1);
        assertThat(answers).hasSize(1);
        return answers.get(0).split(" ")[1];
    }

    private List<String> web(String curl) {
        return lab.on("client", "curl -s -m 20 " + curl).lines().map(l -> l.split(" ")[0]).toList();
    }

    private void nothingIsLeft() {
        Await.until("the rules are gone", PATIENCE, () -> lab.on("lb", "nft list ruleset").isEmpty());
        assertThat(lab.on("lb", "ip rule show; ip -6 rule show")).doesNotContain("fwmark");
        assertThat(lab.on("lb", "ip route show table all")).doesNotContain("19522");
    }

    @Test
    void serversSeeTheClientsAddress() throws IOException {
        write(" transparent-routing on\n", " source 0.0.0.0 usesrc clientip\n server s1 10.95.2.11:25\n",
                " source 0.0.0.0 usesrc clientip\n server s1 10.95.2.11:80\n");
        LabProcess daemon = started();

        assertThat(mail(FRONT)).isEqualTo(CLIENT);
        // Connections may be shared, and are not between clients of different addresses.
        String url = "http://" + FRONT + "/ ";
        for (int i = 0; i < 3; i++) {
            assertThat(web("--interface " + CLIENT + " " + url + url)).containsExactly(CLIENT, CLIENT);
            assertThat(web("--interface " + SECOND + " " + url)).containsExactly(SECOND);
        }

        daemon.kill("TERM");
        nothingIsLeft();
    }

    @Test
    void theClientsPortAHeaderAFixedAddressAndIpv6() throws IOException {
        write(" transparent-routing on\n", " server s1 [fd95:2::11]:25 source 0.0.0.0 usesrc clientip\n",
                " source 10.95.2.9 usesrc hdr_ip(x-forwarded-for,-1)\n server s1 10.95.2.11:80\n"
                        + "listen ports\n mode http\n bind :::81\n server s1 10.95.2.11:80 source 0.0.0.0 usesrc client\n"
                        + "listen range\n mode http\n bind :::82\n http-reuse never\n server s1 10.95.2.11:80 source 10.95.2.9:4000-4009 interface eth1\n"
                        + "listen foreign\n mode http\n bind :::83\n server s1 10.95.2.11:80 source 0.0.0.0 usesrc 192.0.2.77:5555\n");
        LabProcess daemon = started();

        assertThat(mail("fd95:1::1")).isEqualTo("fd95:1::2");
        // One client connection, three identities.
        String url = "http://" + FRONT + "/ ";
        assertThat(web("-H 'X-Forwarded-For: 192.0.2.1, 192.0.2.5' " + url + "--next -s -m 20 -H 'X-Forwarded-For: 192.0.2.6' " + url + "--next -s -m 20 " + url))
                .containsExactly("192.0.2.5", "192.0.2.6", "10.95.2.9");
        assertThat(lab.on("client", "curl -s -m 20 --local-port 33333 http://" + FRONT + ":81/").strip()).isEqualTo(CLIENT + " 33333");
        assertThat(lab.on("client", "curl -s -m 20 http://" + FRONT + ":82/").strip()).matches("10\\.95\\.2\\.9 400[0-9]");
        assertThat(lab.on("client", "curl -s -m 20 http://" + FRONT + ":83/").strip()).isEqualTo("192.0.2.77 5555");

        daemon.kill("TERM");
        nothingIsLeft();
    }

    @Test
    void aMachineThatIsNotSetUpIsToldBeforeConnectionsTimeOut() throws IOException {
        write("", " source 0.0.0.0 usesrc clientip\n server s1 10.95.2.11:25\n", " server s1 10.95.2.11:80\n");
        try (LabProcess refused = lbd()) {
            refused.awaitContaining("connections would time out");
        }
        assertThat(lbctl("preflight", "-f", file.toString(), "||", "true")).contains("ip -4 rule add fwmark 0x4c42 lookup 19522");

        assertThat(lbctl("preflight", "--apply", "-f", file.toString())).contains("done: ip -4 rule add fwmark").doesNotContain("failed");

        try (LabProcess daemon = started()) {
            assertThat(mail(FRONT)).isEqualTo(CLIENT);
            assertThat(web("http://" + FRONT + "/")).containsExactly("10.95.2.1");
            daemon.kill("TERM");
        }
        assertThat(lab.on("lb", "nft list ruleset")).as("it belongs to whoever made it").contains("lbd_transparent");
    }

    @Test
    void aProcessWithoutTheRightIsRefused() throws IOException {
        write(" transparent-routing on\n", " source 0.0.0.0 usesrc clientip\n server s1 10.95.2.11:25\n", " server s1 10.95.2.11:80\n");

        String said = lab.on("lb", "setpriv --bounding-set -net_admin,-net_raw --inh-caps -net_admin,-net_raw --ambient-caps -net_admin,-net_raw java"
                + " -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path") + " net.lbd.cli.process.Main -f " + file + " 2>&1 || true");

        assertThat(said).contains("CAP_NET_ADMIN").doesNotContain("is ready");
    }
}
