package net.lbd.cli.exchange.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.SiteFile;
import net.lbd.cli.exchange.probe.Finding.Level;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;

class ExchangeProbeTest {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificates.Identity SHARED = AUTHORITY.server(KeyKind.ECDSA, "mail.example.com", "autodiscover.example.com");

    /** What a healthy server answers to each request, but for what {@code otherwise} says of a path's beginning. */
    private static Script exchange(boolean guarded, Map<String, String> otherwise) {
        return Script.answering(request -> {
            String[] words = request.startLine().split(" ");
            String path = words[1];
            for (Map.Entry<String, String> other : otherwise.entrySet()) {
                if (path.startsWith(other.getKey())) {
                    return other.getValue();
                }
            }
            if (path.endsWith("/HealthCheck.htm")) {
                return guarded ? answer("403 Forbidden", "", "") : answer("200 OK", "", "200 OK<br/>EX1.example.com");
            }
            if (path.startsWith("/owa") || path.startsWith("/ecp") || path.equals("/")) {
                return answer("302 Found", "Location: /owa/auth/logon.aspx\r\n", "");
            }
            if (path.startsWith("/Microsoft-Server-ActiveSync")) {
                return answer(words[0].equals("OPTIONS") ? "200 OK" : "401 Unauthorized", "MS-ASProtocolVersions: 14.1\r\n", "");
            }
            return answer("401 Unauthorized", "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n", "");
        });
    }

    private static String answer(String status, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    private static Script redirect() {
        return Script.answering(request -> answer("302 Found", "Location: https://" + host(request) + "/x\r\n", ""));
    }

    private static String host(ReceivedMessage request) {
        return request.headers("Host").get(0);
    }

    private static Site site(int virtual, int clear, int server, String more) {
        SiteFile.Result result = SiteFile.read("site.yaml", """
                exchange: 2019
                servers: [{name: ex1, address: 127.0.0.1}]
                name: mail.example.com
                names: {autodiscover: autodiscover.example.com}
                address: 127.0.0.1
                certificate: /etc/x.pem
                http: {mode: bridging, port: %d, clear-port: %d, server-port: %d}
                """.formatted(virtual, clear, server) + more);
        assertThat(result.problems()).isEmpty();
        return result.site().orElseThrow();
    }

    private static List<Finding> probe(Site site) throws InterruptedException {
        return ExchangeProbe.of(site, Duration.ofSeconds(10));
    }

    private static List<Finding> troubles(List<Finding> findings) {
        return findings.stream().filter(f -> f.level() != Level.GOOD && !f.subject().startsWith("TLS versions")).toList();
    }

    @Test
    void aHealthySiteIsFoundHealthy() throws Exception {
        try (ScriptedOrigin virtual = ScriptedOrigin.startTls(SHARED.serverContext(), exchange(true, Map.of()));
                ScriptedOrigin clear = ScriptedOrigin.start(redirect());
                ScriptedOrigin server = ScriptedOrigin.startTls(SHARED.serverContext(), exchange(false, Map.of()))) {
            List<Finding> findings = probe(site(virtual.port(), clear.port(), server.port(), ""));
            assertThat(troubles(findings)).isEmpty();
            assertThat(findings).anySatisfy(f -> assertThat(f).isEqualTo(Finding.good("ex1", "/owa/HealthCheck.htm", "200 OK EX1.example.com")))
                    .anySatisfy(f -> assertThat(f).isEqualTo(Finding.good("ex1", "certificate beside the virtual address's", "the same")))
                    .anySatisfy(f -> assertThat(f.subject()).startsWith("RPC_IN_DATA /rpc/rpcproxy.dll"))
                    // The JDK's server speaks 1.2 and 1.3.
                    .anySatisfy(f -> assertThat(f).isEqualTo(Finding.good("ex1", "TLS versions", "TLS 1.2, TLS 1.3")));
        }
    }

    @Test
    void eachFaultIsToldWithWhatToDo() throws Exception {
        Map<String, String> ill = new HashMap<>(Map.of("/ews/HealthCheck.htm", answer("503 Unavailable", "", ""), "/mapi/emsmdb", answer("200 OK", "", ""),
                "/rpc/rpcproxy", answer("400 Bad Request", "", ""), "/oab/", answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "")));
        try (ScriptedOrigin virtual = ScriptedOrigin.startTls(AUTHORITY.expiredServer(KeyKind.ECDSA, "mail.example.com").serverContext(), exchange(false, ill));
                ScriptedOrigin clear = ScriptedOrigin.start(Script.answering(r -> answer("301 Moved", "Location: http://a/\r\n", "")));
                ScriptedOrigin server = ScriptedOrigin.startTls(SHARED.serverContext(), exchange(false, ill))) {
            List<Finding> troubles = troubles(probe(site(virtual.port(), clear.port(), server.port(), "")));
            assertThat(troubles).allSatisfy(f -> assertThat(f.advice()).isNotEmpty());
            assertThat(troubles).extracting(f -> f.level() + " " + f.where() + " " + f.subject().split(" http")[0]).contains(
                    "BAD virtual address certificate", "WARNING virtual address /owa/HealthCheck.htm", "BAD ex1 /ews/HealthCheck.htm", "BAD ex1 POST /mapi/emsmdb/",
                    "BAD ex1 RPC_IN_DATA /rpc/rpcproxy.dll?mail.example.com:6001", "NOTE ex1 GET /oab/", "WARNING virtual address GET",
                    "WARNING ex1 certificate beside the virtual address's");
        }
    }

    @Test
    void whatDoesNotAnswerIsOneFindingForEachAddress() throws Exception {
        int nobody;
        try (ScriptedOrigin gone = ScriptedOrigin.start(connection -> { })) {
            nobody = gone.port();
        }
        try (ScriptedOrigin plain = ScriptedOrigin.start(connection -> connection.send("220 hello\r\n"))) {
            List<Finding> findings = probe(site(nobody, plain.port(), plain.port(), ""));
            assertThat(findings).hasSize(3).allSatisfy(f -> assertThat(f.level()).isNotEqualTo(Level.GOOD));
            assertThat(findings.get(0).text()).startsWith("no connection");
            assertThat(findings.get(1).text()).contains("no HTTP");
            assertThat(findings.get(2).text()).startsWith("TLS fails");
        }
    }

    @Test
    void mailPortsAreGreetedAndAskedForStarttls() throws Exception {
        Script imap = connection -> {
            connection.send("* OK ready\r\n");
            connection.readUntil("\n");
            connection.send("* CAPABILITY IMAP4rev1 STARTTLS\r\na OK done\r\n");
        };
        Script smtp = connection -> {
            connection.send("220 mx\r\n");
            // Who wanted another protocol leaves at once.
            if (connection.hasMore()) {
                connection.readUntil("\n");
                connection.send("250-mx\r\n250 SIZE 1000\r\n");
            }
        };
        try (ScriptedOrigin first = ScriptedOrigin.start(imap); ScriptedOrigin second = ScriptedOrigin.start(smtp)) {
            ProbeClient client = new ProbeClient(Duration.ofSeconds(10));
            assertThat(new MailProbe(client, "mail.example.com", "imap", "ex1", new ProbeClient.Target("127.0.0.1", first.port(), false)).ask(false)).singleElement()
                    .satisfies(f -> assertThat(f.level() + f.text()).isEqualTo("GOOD* OK ready (offers STARTTLS)"));
            assertThat(new MailProbe(client, "mail.example.com", "smtp", "ex1", new ProbeClient.Target("127.0.0.1", second.port(), false)).ask(true)).singleElement()
                    .satisfies(f -> assertThat(f.level()).isEqualTo(Level.BAD));
            assertThat(new MailProbe(client, "mail.example.com", "pop", "ex1", new ProbeClient.Target("127.0.0.1", second.port(), false)).ask(false)).singleElement()
                    .satisfies(f -> assertThat(f.text()).isEqualTo("greets with '220 mx'"));
        }
    }

    @Test
    void oldVersionsOfTlsAreSeen() throws Exception {
        try (ScriptedOrigin old = ScriptedOrigin.start(connection -> {
            byte[] hello = connection.read(11);
            connection.readAvailable();
            byte minor = hello[10];
            // A ServerHello of the version that was asked for, or an alert.
            connection.send(minor <= 2 ? new byte[] {22, 3, minor, 0, 38, 2, 0, 0, 34, 3, minor} : new byte[] {21, 3, 3, 0, 2, 2, 70, 0, 0, 0, 0});
        })) {
            ProbeClient client = new ProbeClient(Duration.ofSeconds(10));
            ProbeClient.Target target = new ProbeClient.Target("127.0.0.1", old.port(), true);
            assertThat(client.speaks(target, "mail.example.com", 1)).isTrue();
            assertThat(client.speaks(target, "mail.example.com", 2)).isTrue();
            assertThat(client.speaks(target, "mail.example.com", 3)).isFalse();
            assertThat(Optional.of(client.speaks(target, "mail.example.com", 4))).contains(false);
        }
    }
}
