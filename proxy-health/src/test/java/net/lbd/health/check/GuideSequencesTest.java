package net.lbd.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.health.HaproxyLines;
import net.lbd.health.NoLeaks;
import net.lbd.health.ScriptedServer;
import net.lbd.health.TestTls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every check of the Exchange guides against a server that is up, slow, wrong, silent, broken, and down: Exchange 2013
 * 5.1.3, 5.1.4, 5.2.1, 5.3.1, 6.5.3 and Exchange 2010 3.2.2.
 */
@ExtendWith(NoLeaks.class)
class GuideSequencesTest {

    private static MultiThreadIoEventLoopGroup loops;

    private static final List<String> SERVICES = List.of("Microsoft-Server-ActiveSync", "Autodiscover", "ECP", "EWS", "mapi", "OAB",
            "RPC", "owa");
    private static final String PAGE = "send:HTTP/1.1 200 OK\\r\\nContent-Length: 28\\r\\n\\r\\n200 OK<br/>EX1.example.local";
    private static final String SICK = "send:HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 0\\r\\n\\r\\n";

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        advanced513(cases);
        chain(cases);
        banners(cases);
        httpForms(cases);
        return cases.stream();
    }

    /** 5.1.3: eight requests on one TLS connection. */
    private static void advanced513(List<Arguments> cases) {
        String check = "option tcp-check ; tcp-check connect port PORT ssl ; " + SERVICES.stream().map(service ->
                "tcp-check send GET\\ /" + service + "/HealthCheck.htm\\ HTTP/1.1\\r\\n ; tcp-check send Host:\\ mail.2013.haproxylab.net\\r\\n"
                        + " ; tcp-check send \\r\\n ; tcp-check expect string 200\\ OK").collect(Collectors.joining(" ; "));
        String ask = "read | " + PAGE;
        add(cases, "5.1.3 up", check, "tls | " + repeat(ask, 8) + " | hold", "L7OK 0 (tcp-check)");
        add(cases, "5.1.3 slow", check, "tls | " + repeat("read | pause | send:HTTP/1.1 200 | pause | send: OK\\r\\nContent-Length: 0\\r\\n\\r\\n", 8)
                + " | hold", "L7OK 0 (tcp-check)");
        add(cases, "5.1.3 third service wrong", check, "tls | " + repeat(ask, 2) + " | read | " + SICK + " | fin | hold",
                "L7RSP - TCPCHK did not match content '200 OK' at step 13");
        add(cases, "5.1.3 third service silent", check, "tls | " + repeat(ask, 2) + " | read | hold",
                "L7TOUT -  at step 13 of tcp-check (expect string '200 OK')");
        add(cases, "5.1.3 no TLS", check, "send:220 mail\\r\\n | hold", "L6RSP - SSL handshake failure at step 1 of tcp-check (connect port PORT)");
        add(cases, "5.1.3 TLS alert", check, "some | send:\\x15\\x03\\x03\\x00\\x02\\x02\\x28 | hold",
                "L6RSP - SSL handshake failure at step 1 of tcp-check (connect port PORT)");
        add(cases, "5.1.3 silent", check, "hold", "L6TOUT -  at step 1 of tcp-check (connect port PORT)");
        add(cases, "5.1.3 down", check, "refuse", "L4CON - Connection refused at step 1 of tcp-check (connect port PORT)");
    }

    /** The same as http-check steps, each service on a connection of its own; the example ex2013-https-tcp-reverse-advcheck.cfg. */
    private static void chain(List<Arguments> cases) {
        String check = "option httpchk ; " + SERVICES.stream().map(service -> "http-check connect port PORT ssl sni mail.example.com"
                + " ; http-check send meth GET uri /" + service + "/HealthCheck.htm ver HTTP/1.1 hdr Host mail.example.com"
                + " ; http-check expect comment " + service + " status 200").collect(Collectors.joining(" ; "));
        String up = "tls | read | " + PAGE + " | hold";
        add(cases, "chain up", check, Stream.generate(() -> up).limit(8).collect(Collectors.joining(" || ")), "L7OK 200 -");
        add(cases, "chain byte by byte", check, Stream.generate(() -> up.replace("send:", "bytes:")).limit(8).collect(Collectors.joining(" || ")), "L7OK 200 -");
        add(cases, "chain fifth service wrong", check, Stream.generate(() -> up).limit(4).collect(Collectors.joining(" || "))
                + " || tls | read | " + SICK + " | hold", "L7STS 503 Service Unavailable comment: mapi");
        add(cases, "chain second service silent", check, up + " || tls | read | hold", "L7TOUT - -");
        add(cases, "chain second connection refused by TLS", check, up + " || read | close", "L6RSP - SSL handshake failure");
        add(cases, "chain down", check, "refuse", "L4CON - Connection refused");
    }

    /** 5.2.1 and 5.3.1: banners, of POP3 and IMAP4 on both ports. */
    private static void banners(List<Arguments> cases) {
        String smtp = "option tcp-check ; tcp-check expect string \"220 \"";
        add(cases, "SMTP up", smtp, "send:220 mail ESMTP\\r\\n | hold", "L7OK 0 (tcp-check)");
        add(cases, "SMTP multi-line", smtp, "send:220-mail\\r\\n220 ESMTP\\r\\n | hold", "L7OK 0 (tcp-check)");
        add(cases, "SMTP slow", smtp, "pause | bytes:220 mail ESMTP\\r\\n | hold", "L7OK 0 (tcp-check)");
        add(cases, "SMTP wrong", smtp, "send:421 busy\\r\\n | fin | hold", "L7RSP - TCPCHK did not match content '220 ' at step 1");
        add(cases, "SMTP no blank", smtp, "send:2200\\r\\n | hold", "L7TOUT -  at step 1 of tcp-check (expect string '220 ')");
        add(cases, "SMTP silent", smtp, "hold", "L7TOUT -  at step 1 of tcp-check (expect string '220 ')");
        add(cases, "SMTP half-open", smtp, "fin | hold", "L7RSP - TCPCHK got an empty response at step 1");
        add(cases, "SMTP reset", smtp, "pause | rst", "SOCKERR - Connection reset by peer at step 1 of tcp-check (expect string '220 ')");
        add(cases, "SMTP down", smtp, "refuse", "L4CON - Connection refused at initial connection step of tcp-check");
        for (String[] protocol : new String[][] {{"POP", "+OK", "+OK ready\\r\\n", "-ERR\\r\\n"}, {"IMAP", "\"* OK\"", "* OK ready\\r\\n", "* BYE\\r\\n"}}) {
            String text = protocol[1].replace("\"", "");
            String check = "option tcp-check ; tcp-check connect port PORT ; tcp-check expect string " + protocol[1]
                    + " ; tcp-check connect port PORT ssl ; tcp-check expect string " + protocol[1];
            String plain = "send:" + protocol[2] + " | hold";
            add(cases, protocol[0] + " up", check, plain + " || tls | " + plain, "L7OK 0 (tcp-check)");
            add(cases, protocol[0] + " slow", check, "pause | " + plain + " || tls | pause | " + plain, "L7OK 0 (tcp-check)");
            add(cases, protocol[0] + " plain port wrong", check, "send:" + protocol[3] + " | fin | hold",
                    "L7RSP - TCPCHK did not match content '" + text + "' at step 2");
            add(cases, protocol[0] + " TLS port wrong", check, plain + " || tls | send:" + protocol[3] + " | fin | hold",
                    "L7RSP - TCPCHK did not match content '" + text + "' at step 4");
            add(cases, protocol[0] + " TLS port silent", check, plain + " || tls | hold",
                    "L7TOUT -  at step 4 of tcp-check (expect string '" + text + "')");
            add(cases, protocol[0] + " TLS port without TLS", check, plain + " || " + plain,
                    "L6RSP - SSL handshake failure at step 3 of tcp-check (connect port PORT)");
            add(cases, protocol[0] + " down", check, "refuse", "L4CON - Connection refused at step 1 of tcp-check (connect port PORT)");
        }
    }

    /** 5.1.4, 6.5.3 (over TLS in a tcp backend) and every form of the Exchange 2010 guide. */
    private static void httpForms(List<Arguments> cases) {
        String anchored = " ; http-check expect rstatus ^(2|3|401)";
        List<String> forms = List.of("option httpchk GET /owa/HealthCheck.htm ; http-check expect string 200\\ OK",
                "option httpchk GET /Microsoft-Server-ActiveSync/ HTTP/1.1\\r\\nHost:\\ mail.xlc.local" + anchored,
                "option httpchk RPC_IN_DATA /rpc/rpcproxy.dll?mail.xlc.local:6001 HTTP/1.1\\r\\nUser-Agent:\\ MSRPC\\r\\nHost:\\ mail.xlc.local" + anchored,
                "option httpchk GET /Autodiscover/Autodiscover.xml HTTP/1.1\\r\\nUser-Agent:\\ Mozilla/5.0\\r\\nHost:\\ mail.xlc.local" + anchored,
                "option httpchk HEAD /check HTTP/1.0");
        for (int i = 0; i < forms.size(); i++) {
            String check = forms.get(i);
            boolean body = check.contains("expect string");
            boolean rstatus = check.contains("rstatus");
            String good = rstatus ? "send:HTTP/1.1 401 Unauthorized\\r\\nContent-Length: 0\\r\\n\\r\\n" : PAGE;
            String name = "http form " + (i + 1);
            for (String tls : List.of("", "tls | ")) {
                String over = tls.isEmpty() ? "" : " over TLS";
                add(cases, name + over + " up", check, tls + "read | " + good + " | hold", "L7OK " + (rstatus ? 401 : 200) + " -");
                add(cases, name + over + " slow", check, tls + "read | pause | " + good.replace("send:", "bytes:") + " | hold",
                        "L7OK " + (rstatus ? 401 : 200) + " -");
                add(cases, name + over + " wrong", check, tls + "read | " + SICK + " | hold",
                        body ? "L7RSP - HTTP content check could not find a response body" : "L7STS 503 Service Unavailable");
                add(cases, name + over + " silent", check, tls + "read | hold", "L7TOUT - -");
            }
            add(cases, name + " down", check, "refuse", "L4CON - Connection refused");
            add(cases, name + " reset", check, "read | rst", "SOCKERR - Connection reset by peer");
        }
    }

    private static String repeat(String actions, int times) {
        return Stream.generate(() -> actions).limit(times).collect(Collectors.joining(" | "));
    }

    private static void add(List<Arguments> cases, String name, String check, String script, String expected) {
        cases.add(Arguments.of(name, check, script, expected));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tells(String name, String check, String script, String expected) throws Exception {
        boolean tlsByDefault = script.startsWith("tls") && !check.contains(" ssl");
        // A time-out on a busy machine may strike an earlier step: then the check gets more time.
        String said = "";
        String wanted = "";
        for (int millis = expected.contains("TOUT") ? 250 : 9000; millis <= 9000 && !(said.equals(wanted) && !said.isEmpty()); millis *= 6) {
            try (ScriptedServer server = new ScriptedServer(script, Optional.empty())) {
                wanted = expected.replace("PORT", Integer.toString(server.port()));
                said = run(check.replace("PORT", Integer.toString(server.port())), tlsByDefault, Duration.ofMillis(millis), server);
            }
        }
        assertThat(said).isEqualTo(wanted);
    }

    private static String run(String check, boolean tlsByDefault, Duration limit, ScriptedServer server) throws Exception {
        CheckPlan plan = CheckPlan.of(HaproxyLines.check(check),
                new CheckPlan.Connections(Optional.of(TestTls.trustingAll()), tlsByDefault, false, 1));
        CheckRunner runner = new CheckRunner(NioSocketChannel::new, plan,
                new CheckRunner.Deadlines(limit, Optional.empty()), InstantSource.system());
        CompletableFuture<CheckResult> done = new CompletableFuture<>();
        var loop = loops.next();
        loop.execute(() -> runner.start(loop, CheckRunner.Subject.of(server::address), done::complete));
        CheckResult result = done.get(30, TimeUnit.SECONDS);
        String code = result.code().isPresent() ? Integer.toString(result.code().getAsInt()) : "-";
        return result.status() + " " + code + " " + (result.info().isEmpty() ? "-" : result.info());
    }
}
