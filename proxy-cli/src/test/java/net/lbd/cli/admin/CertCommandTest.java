package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import net.lbd.cli.command.CertificateDetails;
import net.lbd.cli.command.SocketLocations;
import net.lbd.core.tls.PemFile;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertCommandTest {

    @TempDir
    static Path dir;
    private static Path good;
    private static Path ended;
    private static Path broken;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeCertificates() throws Exception {
        TestCertificates authority = TestCertificates.create();
        good = authority.server(KeyKind.ECDSA, "mail.example", "autodiscover.example").writePem(dir.resolve("good.pem"));
        ended = authority.expiredServer(KeyKind.ECDSA, "old.example").writePem(dir.resolve("ended.pem"));
        broken = Files.writeString(dir.resolve("broken.pem"), Files.readString(good).replaceAll("(?s)-----BEGIN PRIVATE.*", ""));
    }

    private int run(String... words) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        return Lbctl.run(SocketLocations.only(dir.resolve("no.sock")), terminal, words);
    }

    @Test
    void checkTellsNamesKeyAndDays() {
        assertThat(run("cert", "check", good.toString())).isZero();
        assertThat(out.toString()).contains("DNS:mail.example, DNS:autodiscover.example", "EC256", " 364");
    }

    @Test
    void checkFailsForWhatHasEndedAndWhatCannotBeUsed() {
        assertThat(run("cert", "check", ended.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("ended");
        assertThat(run("cert", "check", good.toString(), broken.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("broken.pem holds no private key");
    }

    @Test
    void checkAsJson() {
        assertThat(run("cert", "check", "--json", good.toString())).isZero();
        assertThat(out.toString()).startsWith("[").contains("\"daysLeft\": 364", "\"key\": \"EC256\"");
    }

    @Test
    void showTellsTheFieldsOfHaproxy() {
        assertThat(run("cert", "show", good.toString())).isZero();
        assertThat(out.toString()).contains("Filename: " + good, "Serial: ", "notAfter: ", "Algorithm: EC256", "Subject: /CN=mail.example",
                "Issuer: /CN=lbd test CA");
    }

    @Test
    void replaceChangesNothingIfTheNewOneCannotBeUsed() throws Exception {
        Path site = Files.copy(good, dir.resolve("site.pem"));
        assertThat(run("cert", "replace", site.toString(), broken.toString())).isEqualTo(1);
        assertThat(site).hasSameTextualContentAs(good);
        assertThat(err.toString()).contains("nothing is changed");
    }

    /** A daemon that gives this answer to one question. */
    private CompletableFuture<Void> daemon(String answer) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(dir.resolve("no.sock")));
        return CompletableFuture.runAsync(() -> {
            try (socket; SocketChannel asked = socket.accept()) {
                asked.read(ByteBuffer.allocate(1000));
                asked.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                Files.delete(dir.resolve("no.sock"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void thePasswordComesAlongAndBothGoBackIfTheDaemonRefuses() throws Exception {
        Path site = Files.copy(ended, dir.resolve("pair.pem"));
        Path newer = Files.copy(good, dir.resolve("newer.pem"));
        Files.writeString(dir.resolve("newer.pem.pass"), "new\n");
        Files.writeString(dir.resolve("pair.pem.pass"), "old\n");

        CompletableFuture<Void> refuses = daemon("not today\n");
        assertThat(run("cert", "replace", site.toString(), newer.toString())).isEqualTo(1);
        refuses.join();
        assertThat(err.toString()).contains("the daemon does not take it: not today; " + site + " is what it was");
        assertThat(site).hasSameTextualContentAs(ended);
        assertThat(dir.resolve("pair.pem.pass")).hasContent("old");

        CompletableFuture<Void> takes = daemon("Success!\n");
        assertThat(run("cert", "replace", site.toString(), newer.toString())).isZero();
        takes.join();
        assertThat(site).hasSameTextualContentAs(good);
        assertThat(dir.resolve("pair.pem.pass")).hasContent("new");

        // A new file without a password leaves none that would be taken for its own.
        takes = daemon("Success!\n");
        assertThat(run("cert", "replace", site.toString(), good.toString())).isZero();
        takes.join();
        assertThat(dir.resolve("pair.pem.pass")).doesNotExist();

        assertThat(run("cert", "replace", site.toString(), newer.toString())).isEqualTo(3);
        assertThat(err.toString()).contains(site + " is replaced; lbd is not running");
    }

    @Test
    void timesAreReadAsTheyAreWritten() throws Exception {
        PemFile pem = PemFile.readWithKey(good);
        assertThat(CertificateDetails.instant(CertificateDetails.of(pem).get("notAfter")))
                .isEqualTo(pem.certificates().get(0).getNotAfter().toInstant());
    }
}
