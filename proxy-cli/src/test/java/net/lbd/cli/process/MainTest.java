package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.cli.Version;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private static final String GOOD = """
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            listen li
              bind 127.0.0.1:18080
              server s1 127.0.0.1:18081
            """;
    private static final String WARNED = GOOD.replace("  timeout server 1s\n", "");
    /** A section that is read and that no part of the engine carries out. */
    private static final String UNSTARTABLE = "fcgi-app f\n  docroot /\n" + GOOD;
    private static final String BROKEN = GOOD.replace("server s1", "servr s1");

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return Main.run(List.of(words), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("lbd.cfg"), text).toString();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void validConfigurationIsToldAndZero() throws IOException {
        assertThat(run("-c", "-f", file(GOOD))).isZero();

        assertThat(out()).isEqualTo("Configuration file is valid\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void warningsAreToldAndStillZero() throws IOException {
        assertThat(run("-c", "-f", file(WARNED))).isZero();

        assertThat(out()).isEqualTo("Warnings were found.\nConfiguration file is valid\n");
        assertThat(err()).contains("[WARNING]  config : parsing [");
    }

    @Test
    void whatIsNotCarriedOutYetIsValidButToldLast() throws IOException {
        String file = file(UNSTARTABLE);
        String told = "Configuration file is valid\nlbd does not start with it: it uses what this version does not carry out yet,"
                + " 1 time (LB1217), the first at " + file + ":1.\n";

        assertThat(run("-c", "-f", file)).isZero();
        assertThat(out()).isEqualTo(told);

        assertThat(run("-c", "--startable", "-f", file)).isEqualTo(3);
        assertThat(out()).isEqualTo(told + told);
    }

    @Test
    void startableIsWhatTheDaemonStartsWith() throws IOException {
        assertThat(run("-c", "--startable", "-f", file(GOOD))).isZero();
        assertThat(out()).isEqualTo("Configuration file is valid\n");
    }

    @Test
    void machinesGetOneDocumentOnStandardOutput() throws IOException {
        assertThat(run("-c", "--format", "json", "-f", file(BROKEN))).isNotZero();

        Map<String, Object> document = new org.yaml.snakeyaml.Yaml().load(out());
        assertThat(document).containsEntry("valid", false);
        assertThat((List<?>) document.get("diagnostics")).hasSize(1).first().asString().contains("LB1201", "servr");
        assertThat(err()).isEmpty();
    }

    @Test
    void everyKeywordIsListed() {
        assertThat(run("-dK")).isZero();

        assertThat(out().lines()).hasSizeGreaterThan(700)
                .allSatisfy(line -> assertThat(line.split("\t")).as(line).hasSize(line.contains("\tpartly\t") ? 5 : 4))
                .contains("proxy\tdefaults,frontend,listen\tyes\ttimeout client <time>");
    }

    @Test
    void zeroWarningMakesThemFatal() throws IOException {
        assertThat(run("-c", "-dW", "-f", file(WARNED))).isEqualTo(1);

        assertThat(out()).isEmpty();
        assertThat(err()).contains("[ALERT]", "'zero-warning' (-dW) is set");
    }

    @Test
    void brokenConfigurationIsOne() throws IOException {
        assertThat(run("-c", "-f", file(BROKEN))).isEqualTo(1);

        assertThat(out()).isEmpty();
        assertThat(err()).contains("[ALERT]    config : parsing [", "lbd.cfg:8:3",
                "Fatal errors found in configuration.").doesNotContain("\tat ");
    }

    @Test
    void quietCheckSpeaksThroughItsCodeOnly() throws IOException {
        assertThat(run("-c", "-q", "-f", file(BROKEN))).isEqualTo(1);
        assertThat(run("-c", "-q", "-f", file(WARNED))).isZero();

        assertThat(out()).isEmpty();
        assertThat(err()).isEmpty();
    }

    @Test
    void missingFileIsAnErrorInWords() {
        assertThat(run("-c", "-f", folder.resolve("none.cfg").toString())).isEqualTo(1);

        assertThat(err()).contains("none.cfg", "[ALERT]").doesNotContain("Exception");
    }

    @Test
    void mistakeOnTheCommandLineIsOne() {
        assertThat(run("-D", "-f", "x")).isEqualTo(1);

        assertThat(err()).startsWith("[ALERT]    (").contains("'-D' is not supported yet");
    }

    @Test
    void flagWithoutEffectIsAcceptedWithAWord() throws IOException {
        assertThat(run("-dp", "-c", "-f", file(GOOD))).isZero();

        assertThat(err()).startsWith("[NOTICE]   (").contains("'-dp' has no effect here");
    }

    @Test
    void conditionsAreEvaluatedWithHaproxysExitCodes() {
        assertThat(run("-cc", "version_atleast(2.4)")).isZero();
        assertThat(run("-cc", "feature(OPENSSL) && !streq(a,b)")).isZero();
        assertThat(run("-cc", "version_atleast(9.9)")).isEqualTo(1);
        assertThat(run("-cc", "")).isEqualTo(1);
        assertThat(run("-cc", "bogus(")).isEqualTo(2);
    }

    @Test
    void theEffectiveConfigurationIsPrinted() throws IOException {
        assertThat(run("-dC", "-f", file(GOOD))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("  timeout client ");
        assertThat(run("-dC", "-f", file(BROKEN))).isEqualTo(1);
    }

    @Test
    void versionsArePrinted() {
        assertThat(run("-v")).isZero();
        assertThat(out()).isEqualTo(Version.CURRENT + "\n").matches("lbd version \\d+\\.\\d+\\S* \\d{4}/\\d\\d/\\d\\d\n");

        out.reset();
        assertThat(run("-vv")).isZero();
        assertThat(out()).contains("Java: ", "Netty: 4.", "Transport: ", "TLS: ", "netty-tcnative 2.", "+HTTP1 +HTTP2");
    }

    @Test
    void configurationWithoutAListenerIsTwo() throws IOException {
        String sentence = "Configuration file has no error but will not start (no listener) => exit(2).\n";
        assertThat(run("-c", "-f", file(""))).isEqualTo(2);
        assertThat(out()).isEqualTo(sentence);
        assertThat(err()).isEmpty();

        out.reset();
        assertThat(run("-c", "-f", file("backend be\n  server s1 127.0.0.1:1\n  timeout server 1s\n"
                + "  timeout connect 1s\n"))).isEqualTo(2);
        assertThat(out()).isEqualTo(sentence);
        assertThat(run("-c", "-q", "-f", file(""))).isEqualTo(2);
    }

    @Test
    void configurationWithoutAListenerIsToldToMachines() throws IOException {
        assertThat(run("-c", "--format", "json", "-f", file(""))).isEqualTo(2);
        assertThat(out()).contains("\"valid\": false", "\"LB3007\"", "has no listener").doesNotContain("built-in");
    }

    /** As the script of an editor or a deployment sees it; HAProxy's -c finds this, too. */
    @Test
    void filesOfTlsAreLookedInto() throws IOException {
        TestCertificates ca = TestCertificates.create();
        TestCertificates.Identity site = ca.server(TestCertificates.KeyKind.RSA, "x");
        site.writePem(folder.resolve("good.pem"));
        site.writeChain(folder.resolve("chain.pem"));
        ca.server(TestCertificates.KeyKind.RSA, "x").writeKey(folder.resolve("chain.pem.key"));
        Files.writeString(folder.resolve("text.pem"), "no certificate\n");
        String text = GOOD.replace("18080", "18080 ssl crt %s").replace("18081", "18081 ssl ca-file %s")
                + "  server s2 127.0.0.1:18082 check check-ssl verify none crt %s\n";

        assertThat(run("-c", "-f", file(text.formatted(path("good.pem"), path("chain.pem"), path("good.pem"))))).isZero();
        assertThat(err()).isEmpty();

        assertThat(run("-c", "-f", file(text.formatted(path("chain.pem"), path("text.pem"), path("text.pem"))))).isEqualTo(1);
        assertThat(err()).contains("lbd.cfg:7:8] : the private key of " + path("chain.pem") + " belongs to none of its"
                + " certificates (LB3002)", "lbd.cfg:8:10] : server 's1': " + path("text.pem") + " holds no certificate (LB3002)",
                "lbd.cfg:9:10] : server 's2': " + path("text.pem") + " holds no certificate (LB3002)",
                "Fatal errors found in configuration.").doesNotContain("\tat ", "Exception");
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    @Test
    void ciphersThatAreLeftOutAreToldAndStillZero() throws IOException {
        TestCertificates.create().server(TestCertificates.KeyKind.RSA, "x").writePem(path("good.pem"));

        assertThat(run("-c", "-f", file(GOOD.replace("18080", "18080 ssl crt " + path("good.pem")
                + " ciphers ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256")))).isZero();

        assertThat(err()).contains("[NOTICE]", "'ciphers': there is no suite for DHE-RSA-AES128-GCM-SHA256; it is left out");
        assertThat(out()).isEqualTo("Configuration file is valid\n");
    }

    @Test
    void zeroWarningOfTheConfigurationMakesThemFatal() throws IOException {
        assertThat(run("-c", "-f", file("global\n  zero-warning\n" + WARNED))).isEqualTo(1);
        assertThat(err()).contains("'zero-warning' (-dW) is set");
        assertThat(run("-c", "-f", file("global\n  zero-warning\n" + GOOD))).isZero();
    }

    /** A check is run by editors and deployment tools: what it does not need must not slow it down. */
    @Test
    void checkLoadsNeitherNettyNorTheLog() throws Exception {
        TestCertificates ca = TestCertificates.create();
        ca.server(TestCertificates.KeyKind.RSA, "x").writePem(path("good.pem"));
        String text = GOOD.replace("18080", "18080 ssl crt " + path("good.pem")).replace("18081",
                "18081 ssl ca-file " + ca.writeCa(path("ca.pem")));
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "-c",
                "-f", file(text));
        try (ChildProcess child = ChildProcess.start(Map.of(), command)) {
            assertThat(child.awaitExit()).isZero();

            assertThat(child.awaitOutput()).contains("net.lbd.config.ConfigurationLoader ")
                    .contains("Configuration file is valid").doesNotContain("io.netty.", "org.slf4j.", "ch.qos.");
        }
    }
}
