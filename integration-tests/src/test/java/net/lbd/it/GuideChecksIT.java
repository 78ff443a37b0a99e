package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import net.lbd.testkit.Await;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.Ports;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every check of the Exchange guides in the daemon, each with a server that is up, one that is slow, one that answers wrongly, one that says
 * nothing and one that is down: 2013 5.1.3 (eight steps on one TLS connection), 5.2.1 (SMTP), 5.3.1 (POP and IMAP on both ports), 6.5.3
 * (HTTP over TLS in mode tcp), and all forms of {@code option httpchk} of the 2010 guide.
 */
class GuideChecksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> SERVICES = List.of("Microsoft-Server-ActiveSync", "Autodiscover", "ECP", "EWS", "mapi", "OAB",
            "RPC", "owa");
    private static final String PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n200 OK<br/>EX1.example.local";
    private static final String CHALLENGE = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    private static final String SICK = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    private Path dir;
    private final TestCertificates.Identity identity = TestCertificates.create().server(TestCertificates.KeyKind.RSA, "ex1");
    private final List<ScriptedOrigin> origins = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> expected = new LinkedHashMap<>();

    /** How a server behaves. */
    private enum Way { UP, SLOW, WRONG, SILENT, DOWN }

    @AfterEach
    void stop() {
        origins.forEach(ScriptedOrigin::close);
    }

    /** What a server does on a connection: it says something, after a request if it waits for one. */
    private record Talk(boolean asked, int times, String good, String wrong) {

        Script script(Way way) {
            return connection -> {
                try {
                    talk(connection, way);
                } catch (AssertionError | UncheckedIOException left) {
                    // A check that knows enough, or has waited long enough, leaves in the middle: that is no failure of the server's.
                    return;
                }
            };
        }

        private void talk(OriginConnection connection, Way way) {
            for (int i = 0; i < times; i++) {
                if (asked) {
                    connection.readRequest();
                }
                switch (way) {
                    case UP, DOWN -> connection.send(good);
                    case SLOW -> inPieces(connection, good);
                    case WRONG -> {
                        connection.send(wrong);
                        connection.shutdownOutput();
                        connection.hang();
                        return;
                    }
                    case SILENT -> {
                        connection.hang();
                        return;
                    }
                }
            }
            connection.hang();
        }

        private static void inPieces(OriginConnection connection, String answer) {
            for (int at = 0; at < answer.length(); at += 8) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                connection.send(answer.substring(at, Math.min(answer.length(), at + 8)));
            }
        }
    }

    private int origin(boolean tls, Talk talk, Way way) {
        if (way == Way.DOWN) {
            return Ports.free();
        }
        ScriptedOrigin origin = tls ? ScriptedOrigin.startTls(identity.serverContext(), talk.script(way)) : ScriptedOrigin.start(talk.script(way));
        origins.add(origin);
        return origin.port();
    }

    /**
     * A backend for each way.
     *
     * @param lines of the backend; PORT and TLSPORT stand for the server's ports
     * @param wrong the status of the check where the answer is wrong
     */
    private void sequence(String name, String lines, String serverOptions, Talk talk, String wrong) {
        for (Way way : Way.values()) {
            boolean both = lines.contains("TLSPORT");
            boolean tls = !both && (lines.contains(" ssl") || serverOptions.contains("check-ssl"));
            int port = origin(tls, talk, way);
            int tlsPort = both ? origin(true, talk, way) : port;
            String backend = name + "_" + way;
            text.append("backend ").append(backend).append('\n')
                    .append(lines.replace("TLSPORT", Integer.toString(tlsPort)).replace("PORT", Integer.toString(port)))
                    .append("  server s 127.0.0.1:").append(port).append(" check inter 1s rise 1 fall 1 verify none ").append(serverOptions).append('\n');
            expected.put(backend, switch (way) {
                case UP, SLOW -> "UP L7OK";
                case WRONG -> "DOWN " + wrong;
                case SILENT -> "DOWN L7TOUT";
                case DOWN -> "DOWN L4CON";
            });
        }
    }

    private void sequences() {
        String eight = SERVICES.stream().map(service -> "  tcp-check send GET\\ /" + service + "/HealthCheck.htm\\ HTTP/1.1\\r\\n\n"
                + "  tcp-check send Host:\\ mail.2013.haproxylab.net\\r\\n\n  tcp-check send \\r\\n\n  tcp-check expect string 200\\ OK\n")
                .collect(Collectors.joining());
        sequence("s513", "  mode tcp\n  option tcp-check\n  tcp-check connect port PORT ssl\n" + eight, "", new Talk(true, 8, PAGE, SICK), "L7RSP");
        sequence("smtp", "  mode tcp\n  option tcp-check\n  tcp-check expect string \"220 \"\n", "",
                new Talk(false, 1, "220 mail ESMTP\r\n", "421 busy\r\n"), "L7RSP");
        sequence("pop", "  mode tcp\n  option tcp-check\n  tcp-check connect port PORT\n  tcp-check expect string +OK\n"
                + "  tcp-check connect port TLSPORT ssl\n  tcp-check expect string +OK\n", "", new Talk(false, 1, "+OK ready\r\n", "-ERR\r\n"), "L7RSP");
        sequence("imap", "  mode tcp\n  option tcp-check\n  tcp-check connect port PORT\n  tcp-check expect string \"* OK\"\n"
                + "  tcp-check connect port TLSPORT ssl\n  tcp-check expect string \"* OK\"\n", "",
                new Talk(false, 1, "* OK ready\r\n", "* BYE\r\n"), "L7RSP");
        String anchored = "  http-check expect rstatus ^(2|3|401)\n";
        String host = "Host:\\ mail.xlc.local\n";
        String owa = "  option httpchk GET /owa/HealthCheck.htm\n  http-check expect string 200\\ OK\n";
        sequence("s653", "  mode tcp\n" + owa, "check-ssl", new Talk(true, 1, PAGE, SICK), "L7RSP");
        sequence("owa", "  mode http\n" + owa, "", new Talk(true, 1, PAGE, SICK), "L7RSP");
        sequence("eas", "  mode http\n  option httpchk GET /Microsoft-Server-ActiveSync/ HTTP/1.1\\r\\n" + host + anchored, "",
                new Talk(true, 1, CHALLENGE, SICK), "L7STS");
        sequence("rpc", "  mode http\n  option httpchk RPC_IN_DATA /rpc/rpcproxy.dll?mail.xlc.local:6001 HTTP/1.1\\r\\nUser-Agent:\\ MSRPC\\r\\n" + host
                + anchored, "", new Talk(true, 1, CHALLENGE, SICK), "L7STS");
        sequence("autodiscover", "  mode http\n  option httpchk GET /Autodiscover/Autodiscover.xml HTTP/1.1\\r\\nUser-Agent:\\ Mozilla/5.0\\r\\n" + host
                + anchored, "", new Talk(true, 1, CHALLENGE, SICK), "L7STS");
        sequence("head", "  mode http\n  option httpchk HEAD /check HTTP/1.0\n", "", new Talk(true, 1, "HTTP/1.1 200 OK\r\n\r\n", SICK), "L7STS");
    }

    @Test
    void everyCheckTellsWhatIsTheMatter() {
        int port = Ports.free();
        text.append("""
                defaults
                  timeout connect 5s
                  timeout client 20s
                  timeout server 20s
                  timeout check 2s
                frontend f
                  mode tcp
                  bind 127.0.0.1:%d
                  default_backend smtp_UP
                """.formatted(port));
        sequences();
        assertThat(expected).hasSize(10 * Way.values().length);
        Map<String, String> open = new LinkedHashMap<>(expected);
        Map<String, String> last = new LinkedHashMap<>();
        try (Daemon lbd = Daemon.start(dir, text.toString(), port)) {
            // A check that was slow for once is well the next time: each must be seen as it should be.
            Await.until("every server as its behaviour is", PATIENCE, () -> {
                lbd.command("show stat -1 4 -1").lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(line -> {
                    String[] fields = line.split(",", -1);
                    String now = fields[17] + " " + fields[36];
                    last.put(fields[0], now);
                    if (now.equals(open.get(fields[0]))) {
                        open.remove(fields[0]);
                    }
                });
                return open.isEmpty();
            }, () -> "not yet " + open + "; last seen " + last);
        }
    }
}
