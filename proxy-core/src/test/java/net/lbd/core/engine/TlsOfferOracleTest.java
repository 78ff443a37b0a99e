package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fetches say of a client's TLS hello, beside HAProxy 2.6, which gets the same hello. */
@Timeout(120)
class TlsOfferOracleTest {

    private static final List<String> EXPRESSIONS = List.of("ssl_fc_protocol_hello_id", "ssl_fc_cipherlist_bin,hex", "ssl_fc_cipherlist_bin(1),hex",
            "ssl_fc_cipherlist_bin(2),hex", "ssl_fc_cipherlist_hex", "ssl_fc_cipherlist_hex(1)", "ssl_fc_cipherlist_str", "ssl_fc_cipherlist_str(1)",
            "ssl_fc_cipherlist_xxh", "ssl_fc_extlist_bin,hex", "ssl_fc_extlist_bin(1),hex", "ssl_fc_eclist_bin,hex", "ssl_fc_eclist_bin(1),hex",
            "ssl_fc_ecformats_bin,hex", "ssl_fc_cipherlist_bin(1),be2dec(-,2)", "ssl_fc_ecformats_bin,be2dec(-,1)");

    /** With values of GREASE at every place, numbers that only look like it, suites that OpenSSL does not know, and no version in common. */
    private static final String GREASE = hello("0303", "1a1a 0005 0a0a fafa 1aba c02f 1301 5600 00ff",
            "2a2a 0000", "000a 0008 0006 dada 001d 0017", "000b 0003 02 00 01", "eaea 0001 00", "002b 0003 02 7a7a");

    @TempDir
    static Path dir;

    @BeforeAll
    static void makeCertificates() {
        TestCertificates.create().server(KeyKind.RSA, "mail.example").writePem(dir.resolve("site.pem"));
    }

    /** A record with a client's hello; extensions as they are. */
    private static String hello(String version, String suites, String... extensions) {
        String list = suites.replace(" ", "");
        String more = Stream.of(extensions).map(e -> e.replace(" ", "")).collect(Collectors.joining());
        String body = version + "00".repeat(32) + "00" + "%04x".formatted(list.length() / 2) + list + "0100"
                + (extensions.length == 0 ? "" : "%04x".formatted(more.length() / 2) + more);
        String message = "01" + "%06x".formatted(body.length() / 2) + body;
        return "160301" + "%04x".formatted(message.length() / 2) + message;
    }

    private static String text(int logPort, String setting) {
        String line = EXPRESSIONS.stream().map(e -> "|%[" + e + "]").collect(Collectors.joining());
        return EngineHarness.httpText("log 127.0.0.1:" + logPort + " len 8192 local0\ntimeout client 2s\nlog-format \"offer" + line + "\"\nerror-log-format \"offer"
                        + line + "\"\nhttp-request return status 200", "")
                .replace(":@1", ":@1 ssl crt " + dir.resolve("site.pem") + " ssl-min-ver TLSv1.2").replace("nbthread 1", "nbthread 1\n" + setting);
    }

    private static List<String> logged(SyslogSink log) {
        String line = log.await("the line", message -> message.contains("offer|")).strip();
        return List.of(line.substring(line.indexOf("offer|") + 6).split("\\|", -1));
    }

    private static List<String> theirs(String setting, IntConsumer client) {
        try (SyslogSink log = SyslogSink.udp(); HaproxyProcess haproxy = HaproxyProcess.start(text(log.port(), setting), dir)) {
            client.accept(haproxy.port());
            return logged(log);
        }
    }

    private static List<String> ours(String setting, IntConsumer client) {
        try (SyslogSink log = SyslogSink.udp(); EngineHarness proxy = EngineHarness.start(text(log.port(), setting))) {
            client.accept(((java.net.InetSocketAddress) proxy.engine().listeners().get(0).boundAddress()).getPort());
            return logged(log);
        }
    }

    private static void request(int port, String version) {
        try (RawClient client = RawClient.connectTls(port, ClientTls.trustAll().sni("mail.example").protocols(version))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readResponse().status()).isEqualTo(200);
        }
    }

    private static void raw(int port, String hello) {
        try (RawClient client = RawClient.connect(port)) {
            client.send(ByteBuffer.wrap(HexFormat.of().parseHex(hello)).array()).readToEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tellsOfAClientWhatHaproxyTells(String version) {
        HaproxyProcess.assumeInstalled();
        String setting = "tune.ssl.capture-buffer-size 1000";
        List<String> ours = ours(setting, port -> request(port, version));
        assertThat(ours).isEqualTo(theirs(setting, port -> request(port, version)));
        assertThat(ours.get(0)).isEqualTo("771");
        assertThat(ours.subList(0, 13)).doesNotContain("-", "");
    }

    /** The older word, and every place at which the room may end. */
    @Test
    void tellsOfGreaseAndOfLittleRoomWhatHaproxyTells() {
        HaproxyProcess.assumeInstalled();
        for (int room : new int[] {0, 1, 2, 17, 18, 19, 20, 21, 27, 28, 29, 33, 34, 35, 36, 37, 1000}) {
            String setting = "tune.ssl.capture-cipherlist-size " + room;
            assertThat(ours(setting, port -> raw(port, GREASE))).as("room %d", room).isEqualTo(theirs(setting, port -> raw(port, GREASE)));
        }
    }

    @Test
    void ofAHelloWithoutExtensionsThereAreTheSuites() {
        HaproxyProcess.assumeInstalled();
        String setting = "tune.ssl.capture-buffer-size 100";
        String bare = hello("0303", "0005 c02f");
        assertThat(ours(setting, port -> raw(port, bare))).isEqualTo(theirs(setting, port -> raw(port, bare))).contains("771", "0005C02F");
    }

    @Test
    void givesJa3() {
        List<String> values = ours("tune.ssl.capture-buffer-size 1000", port -> raw(port, GREASE));
        assertThat(values.get(0) + "," + values.get(14)).isEqualTo("771,5-6842-49199-4865-22016-255");
        assertThat(values.get(15)).isEqualTo("0-1");
    }
}
