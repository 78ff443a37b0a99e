package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day of Exchange in some seconds: the routes of section 5.1.5 of the guide, two servers that authenticate connections as NTLM does,
 * users who read and send mail, MAPI and ActiveSync long polls, RPC over HTTP in its pairs of endless requests. Every body is
 * verified, and that it is the user's own. Seeded. {@code -Dlbd.day.seconds=600} makes it a longer day.
 */
class ExchangeDayIT {

    private static final String SITE = "mail.2013.haproxylab.net";
    private static final int SECONDS = Integer.getInteger("lbd.day.seconds", 12);
    private static final int USERS = 10;
    private static final String RPC = "/rpc/rpcproxy.dll?";

    @TempDir
    private static Path dir;

    /** How often each thing was done and found right. */
    private final Map<String, Integer> done = new ConcurrentHashMap<>();

    @Test
    void everybodyGetsWhatIsTheirsAllDay() throws Exception {
        FarmCertificates certificates = FarmCertificates.in(dir);
        ExchangeScript exchange = new ExchangeScript();
        List<Integer> ports = Ports.free(2);
        try (ScriptedOrigin first = ScriptedOrigin.startTls(certificates.serverContext(), exchange).forgetful();
                ScriptedOrigin second = ScriptedOrigin.startTls(certificates.serverContext(), exchange).forgetful();
                Daemon lbd = Daemon.start(dir.resolve("lbd"), GuideText.bridging().binds(ports.get(0), ports.get(1))
                        .servers(first.port(), second.port()).certificates(certificates).log("127.0.0.1:9")
                        // The hardest case for identities: every connection may be shared that does not speak for somebody.
                        .replace("http-reuse never", "http-reuse always").text(), ports.get(0), ports.get(1))) {
            lbd.awaitServersUp(GuideText.BRIDGED_SERVERS);
            InetSocketAddress site = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(1));
            ClientTls tls = certificates.client().sni(SITE).verifying(SITE);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            List<Callable<Void>> day = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                User user = new User("user" + i, new Random(i), site, tls, end);
                day.add(user.keeping(user::webMail, "/owa/", "/ews/exchange.asmx"));
                day.add(switch (i % 3) {
                    case 0 -> user.keeping(user::outlookAnywhere, RPC);
                    case 1 -> user.keeping(user::mapi, "/mapi/emsmdb/");
                    default -> user.keeping(user::phone, "/Microsoft-Server-ActiveSync");
                });
            }
            ExecutorService pool = Executors.newCachedThreadPool();
            try {
                for (Future<Void> each : pool.invokeAll(day)) {
                    each.get();
                }
            } finally {
                pool.shutdownNow();
            }
            assertThat(new TreeMap<>(done).keySet()).containsExactly("download", "login", "mapi", "page", "ping", "rpc", "upload");
            assertThat(done).allSatisfy((what, times) -> assertThat(times).as(what).isGreaterThan(USERS / 3));
            assertThat(lbd.lbctl("status").output()).doesNotContain("DOWN");
            System.out.println("a day of " + SECONDS + " s: " + new TreeMap<>(done));
        }
    }

    /** One person, with a connection for each program. */
    private final class User {
        private final String name;
        private final Random random;
        private final InetSocketAddress site;
        private final ClientTls tls;
        private final long end;

        User(String name, Random random, InetSocketAddress site, ClientTls tls, long end) {
            this.name = name;
            this.random = random;
            this.site = site;
            this.tls = tls;
            this.end = end;
        }

        private interface Program {
            /** @return whether the connection can be used on */
            boolean use(RawClient connection) throws Exception;
        }

        /** Opens a connection, logs in, uses the program a few times, and begins anew, until the day ends. */
        Callable<Void> keeping(Program program, String... services) {
            return () -> {
                while (System.nanoTime() < end) {
                    try (RawClient connection = connect()) {
                        for (String service : services) {
                            logIn(connection, service);
                        }
                        boolean open = true;
                        for (int i = 0; open && i < 6 && System.nanoTime() < end; i++) {
                            open = program.use(connection);
                        }
                    }
                }
                return null;
            };
        }

        private RawClient connect() {
            RawClient client = RawClient.connectTls(site, tls);
            client.deadline(Duration.ofSeconds(60));
            return client;
        }

        private synchronized int some(int bound) {
            return random.nextInt(bound);
        }

        /** Each service has a backend, and with it a connection, of its own: a login there says nothing to another. */
        private void logIn(RawClient connection, String service) {
            connection.send(head("GET", service, "Authorization: NTLM negotiate"));
            assertThat(connection.readResponse().header("WWW-Authenticate")).contains("NTLM challenge");
            connection.send(head("GET", service, "Authorization: NTLM user=" + name));
            assertThat(connection.readResponse().header("X-User")).as("login of %s", name).contains(name);
            count("login");
        }

        boolean webMail(RawClient connection) {
            connection.send(head("GET", "/owa/?page=" + some(1000)));
            ReceivedMessage page = connection.readResponse();
            assertThat(page.header("X-User")).as("page").contains(name);
            count("page");
            int size = some(200_000);
            connection.send(head("GET", "/owa/attachment?s=" + size));
            ReceivedMessage file = connection.readResponse();
            assertThat(file.header("X-User")).as("download").contains(name);
            assertThat(file.body()).isEqualTo(ExchangeScript.body(name, size));
            count("download");
            byte[] mail = ExchangeScript.body(name + "'s mail", some(300_000));
            connection.send(head("POST", "/ews/exchange.asmx", "Content-Length: " + mail.length)).send(mail);
            ReceivedMessage receipt = connection.readResponse();
            assertThat(receipt.bodyText()).as("upload: %s", receipt.head()).isEqualTo(name + " " + mail.length + " " + ExchangeScript.sha256(mail));
            count("upload");
            return true;
        }

        boolean mapi(RawClient connection) {
            String wanted = "poll " + some(1_000_000);
            connection.send(head("POST", "/mapi/emsmdb/?MailboxId=" + name, "Content-Length: " + wanted.length()) + wanted);
            ReceivedMessage answer = connection.readResponse();
            assertThat(answer.header("X-User")).as("mapi").contains(name);
            assertThat(answer.bodyText()).matches("PROCESSING\r\n(PENDING\r\n){2}DONE\r\n" + wanted);
            count("mapi");
            return true;
        }

        boolean phone(RawClient connection) {
            connection.send(head("POST", "/Microsoft-Server-ActiveSync?Cmd=Ping&User=" + name, "Content-Length: 0"));
            assertThat(connection.readResponse().bodyText()).isEqualTo("ping of " + name);
            count("ping");
            return true;
        }

        /** RPC_IN_DATA and RPC_OUT_DATA: two requests that never end, on two connections, answer each other. */
        boolean outlookAnywhere(RawClient in) {
            String channel = name + "-" + some(1 << 30);
            try (RawClient out = connect()) {
                logIn(out, RPC);
                out.send(head("RPC_OUT_DATA", RPC + channel, "Content-Length: 76"));
                out.send(new byte[76]);
                String begin = out.readHead();
                assertThat(begin).startsWith("HTTP/1.1 200 ").contains("Content-Length: 1073741824").contains("X-User: " + name + "\r\n");
                in.send(head("RPC_IN_DATA", RPC + channel, "Content-Length: 1073741824"));
                for (int i = 0; i < 20 && System.nanoTime() < end; i++) {
                    byte[] pdu = ExchangeScript.body(channel + i, 1 + some(3000));
                    in.send(pdu);
                    assertThat(out.read(pdu.length)).isEqualTo(pdu);
                }
                count("rpc");
            }
            return false;
        }
    }

    private void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    private static String head(String method, String target, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + SITE + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }
}
