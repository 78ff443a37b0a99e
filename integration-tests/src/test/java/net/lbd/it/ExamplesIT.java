package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.FarmCertificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example is valid, for lbd and for haproxy. Certificates are put where the examples expect them. */
class ExamplesIT {

    @TempDir
    private Path dir;

    private FarmCertificates certificates;

    static List<Path> examples() {
        return SourceTree.files("conf-examples", ".cfg");
    }

    @BeforeEach
    void makeCertificates() throws IOException {
        certificates = FarmCertificates.in(dir);
        Files.copy(certificates.site(), dir.resolve("2013.haproxylab.net.pem"));
        Files.copy(certificates.ca(), dir.resolve("exchange-ca.pem"));
        Files.writeString(dir.resolve("sites.list"), "site.pem [alpn h2,http/1.1 ocsp-update on] www.example.com *.example.com\n");
        Files.writeString(dir.resolve("tickets.keys"), ("A".repeat(64) + "\n").repeat(3));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsValidWithoutAWarning(Path example) throws IOException {
        CommandResult check = Daemon.check(dir, remapped(example));
        assertThat(check.output()).doesNotContainIgnoringCase("warning").doesNotContain("ALERT");
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void haproxyAgrees(Path example) throws IOException {
        assumeTrue(SourceTree.program("haproxy").isPresent(),
                "haproxy is not installed; on Debian: apt-get install haproxy");
        assumeFalse(Files.readString(example).contains("\n# haproxy cannot read this file: "), "uses what HAProxy's language has no words for");
        Path file = Files.writeString(dir.resolve("example.cfg"), remapped(example));
        CommandResult check = CommandResult.of(dir, List.of(
                SourceTree.program("haproxy").orElseThrow().toString(), "-c", "-f", file.toString()));
        assertThat(check.output()).doesNotContain("WARNING");
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @Test
    void rawTcpAsPrintedIsValid() {
        CommandResult check = Daemon.check(dir, SourceTree.read("conf-examples/verbatim/ex2013-5.1.1-raw-tcp.cfg"));
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @Test
    void bridgingAsPrintedIsRefusedWithWhatToChange() {
        CommandResult check = Daemon.check(dir, SourceTree.read(
                "conf-examples/verbatim/ex2013-5.1.5-https-bridging-advanced.cfg"));
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output())
                .as("the wrapped log-format").containsPattern("lbd\\.cfg:2[0-2]:\\d+").contains("log-format")
                .as("servers without verify").contains("verify")
                .doesNotContain("Exception");
    }

    @Test
    void bridgingAsPrintedIsValidOnceItsCertificatesAreNamedAndItsLogFormatIsOneLine() {
        CommandResult check = Daemon.check(dir, GuideText.bridgingAsPrinted().certificates(certificates).text());
        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    private String remapped(Path example) throws IOException {
        return Files.readString(example)
                .replace("/etc/lbd/certs", dir.toString())
                .replace(".quickstart", dir.toString());
    }
}
