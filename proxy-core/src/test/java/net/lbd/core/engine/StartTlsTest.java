package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.Identity;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that begins by a command of SMTP, IMAP or POP3, towards clients and towards servers. */
class StartTlsTest {

    @TempDir
    static Path dir;
    private static Identity identity;

    @BeforeAll
    static void makeCertificate() {
        identity = TestCertificates.create().server(KeyKind.ECDSA, "mail.example");
        identity.writePem(dir.resolve("mail.pem"));
    }

    /** What stands before and after TLS in each protocol. */
    private enum Mail {
        SMTP("220 ", "EHLO me\r\n", "250 STARTTLS\r\n", "STARTTLS\r\n", "220 ", "530 ", "MAIL FROM:<a@b>\r\n",
                "220-real.server\r\n220 ready\r\n", "EHLO me\r\n", "250-real.server\r\n250-SIZE 100\r\n250 STARTTLS\r\n",
                "250-real.server\r\n250 SIZE 100\r\n"),
        IMAP("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ", "a CAPABILITY\r\n", "a OK CAPABILITY completed\r\n", "b STARTTLS\r\n", "b OK ",
                "c NO [PRIVACYREQUIRED]", "c LOGIN bob secret\r\n", "* OK [CAPABILITY IMAP4rev1 STARTTLS] real\r\n", "d CAPABILITY\r\n",
                "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\nd OK done\r\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nd OK done\r\n"),
        POP3("+OK ", "CAPA\r\n", "STLS\r\n.\r\n", "STLS\r\n", "+OK ", "-ERR STLS first", "USER bob\r\n", "+OK real\r\n", "CAPA\r\n",
                "+OK\r\nUSER\r\nSTLS\r\n.\r\n", "+OK\r\nUSER\r\n.\r\n");

        private final List<String> words;

        Mail(String... words) {
            this.words = List.of(words);
        }

        String greeting() {
            return words.get(0);
        }

        String ask() {
            return words.get(1);
        }

        String offer() {
            return words.get(2);
        }

        String begin() {
            return words.get(3);
        }

        String agreed() {
            return words.get(4);
        }

        String refused() {
            return words.get(5);
        }

        String early() {
            return words.get(6);
        }

        String serverGreeting() {
            return words.get(7);
        }

        String askAgain() {
            return words.get(8);
        }

        String serverCapabilities() {
            return words.get(9);
        }

        String clientSees() {
            return words.get(10);
        }
    }

    private static EngineHarness proxy(String bind, String server, int originPort, String... more) {
        return EngineHarness.start(EngineHarness.httpText("mode tcp\n" + String.join("\n", more),
                "mode tcp\n" + EngineHarness.server("s", originPort, server)).replace(":@1", ":@1 " + bind));
    }

    private static String bind(Mail mail) {
        return "ssl crt " + dir.resolve("mail.pem") + " starttls " + mail.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static InetSocketAddress address(EngineHarness proxy) {
        return (InetSocketAddress) proxy.engine().listeners().get(0).boundAddress();
    }

    /** Reads until these bytes have come at the end. */
    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int c = in.read();
            assertThat(c).as("more behind <%s>, up to <%s>", text, end).isNotNegative();
            text.append((char) c);
        }
        return text.toString();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static SSLSocket beginTls(Socket plain) throws IOException {
        SSLSocketFactory factory = ClientTls.trustAllContext().getSocketFactory();
        SSLSocket tls = (SSLSocket) factory.createSocket(plain, "mail.example", plain.getPort(), true);
        tls.startHandshake();
        return tls;
    }

    private static Socket connect(EngineHarness proxy) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(address(proxy));
        return socket;
    }

    // ---- clients

    @ParameterizedTest
    @org.junit.jupiter.params.provider.EnumSource(Mail.class)
    void theProxyGreetsAndTheServersGreetingAndOfferAreLeftOut(Mail mail) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.send(mail.serverGreeting());
                    connection.readUntil(mail.askAgain());
                    // In pieces: what is left out may be cut anywhere.
                    connection.sendByteByByte(mail.serverCapabilities());
                    connection.readUntil("END\r\n");
                    connection.send("bye STARTTLS STLS\r\n");
                });
                EngineHarness proxy = proxy(bind(mail), "", origin.port()); Socket plain = connect(proxy)) {
            assertThat(until(plain.getInputStream(), "\r\n")).startsWith(mail.greeting());
            say(plain, mail.early());
            assertThat(until(plain.getInputStream(), "\r\n")).startsWith(mail.refused());
            say(plain, mail.ask());
            until(plain.getInputStream(), mail.offer());
            assertThat(origin.connections()).as("nothing reaches a server in the clear").isEmpty();
            say(plain, mail.begin());
            assertThat(until(plain.getInputStream(), "\r\n")).startsWith(mail.agreed());

            try (SSLSocket tls = beginTls(plain)) {
                say(tls, mail.askAgain());
                String last = mail.clientSees();
                assertThat(until(tls.getInputStream(), last)).isEqualTo(last);
                say(tls, "END\r\n");
                assertThat(until(tls.getInputStream(), "\r\n")).isEqualTo("bye STARTTLS STLS\r\n");
            }
            assertThat(origin.awaitConnection(1).receivedText()).isEqualTo(mail.askAgain() + "END\r\n");
        }
    }

    /** CVE-2011-0411: what was put in behind the command would be taken for encrypted. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.EnumSource(Mail.class)
    void commandsBehindTheOneThatBeginsTlsEndTheConnection(Mail mail) {
        try (SyslogSink log = SyslogSink.udp(); ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy(bind(mail), "", origin.port(), "log 127.0.0.1:" + log.port() + " local0");
                RawClient client = proxy.client()) {
            client.readUntil("\r\n");
            client.send(mail.begin() + mail.early());

            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII)).doesNotContain("eady", "egin");
            log.await("its line", text -> text.contains("Commands sent in the clear behind STARTTLS"));
            assertThat(origin.connections()).isEmpty();
            proxy.awaitIdle();
        }
    }

    @Test
    void aDialogIsBoundedInLinesAndTheirLengthAndTime() {
        try (SyslogSink log = SyslogSink.udp(); ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy(bind(Mail.SMTP), "", origin.port(), "log 127.0.0.1:" + log.port() + " local0",
                        "timeout client 500ms")) {
            for (String flood : List.of("NOOP\r\n".repeat(100), "x".repeat(5000))) {
                try (RawClient client = proxy.client()) {
                    client.readUntil("\r\n");
                    client.send(flood).readToEnd();
                    log.await("a bound", text -> text.contains("Too many or too long commands before STARTTLS"));
                    log.clear();
                }
            }
            try (RawClient client = proxy.client()) {
                client.readToEnd();
                log.await("the time", text -> text.contains("Timeout before STARTTLS"));
            }
            try (RawClient client = proxy.client()) {
                client.readUntil("\r\n");
                assertThat(new String(client.send("QUIT\r\n").readToEnd(), StandardCharsets.US_ASCII)).startsWith("221 ");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aServerThatTurnsTheClientAwayIsHeard() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.send("421 too busy\r\n"));
                EngineHarness proxy = proxy(bind(Mail.SMTP), "", origin.port()); Socket plain = connect(proxy)) {
            until(plain.getInputStream(), "\r\n");
            say(plain, "STARTTLS\r\n");
            until(plain.getInputStream(), "\r\n");
            try (SSLSocket tls = beginTls(plain)) {
                assertThat(until(tls.getInputStream(), "\r\n")).isEqualTo("421 too busy\r\n");
            }
        }
    }

    // ---- servers

    private static ScriptedOrigin server(Mail mail, String capabilities, String agreement) {
        return ScriptedOrigin.start(connection -> {
            connection.send(mail.serverGreeting());
            connection.readUntil("\r\n");
            connection.send(capabilities);
            if (!agreement.isEmpty()) {
                connection.readUntil("\r\n");
                connection.send(agreement);
            }
            connection.hang();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"250-x\r\n250 SIZE 1\r\n|", "500 what?\r\n|", "250 STARTTLS\r\n|454 not now\r\n", "250 STARTTLS\r\n|220 go\r\n250 injected\r\n"})
    void aServerWithoutTlsIsNotSpokenToInTheClear(String script) {
        String[] said = script.split("\\|", -1);
        try (ScriptedOrigin origin = server(Mail.SMTP, said[0], said[1]);
                EngineHarness proxy = proxy("", "ssl verify none starttls smtp", origin.port(), "retries 0");
                RawClient client = proxy.client()) {
            client.send("MAIL FROM:<secret@b>\r\n");

            assertThat(client.readToEnd()).isEmpty();
            assertThat(origin.connections()).allSatisfy(c -> assertThat(c.receivedText()).doesNotContain("secret"));
            proxy.awaitIdle();
        }
    }
}
