package net.lbd.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.Identity;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {

    @TempDir
    private static Path shared;
    private static TestCertificates ca;
    private static Identity site;
    private static String authority;
    private static String chain;
    private static String key;
    private static String otherKey;

    @TempDir
    private Path dir;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ca = TestCertificates.create();
        site = ca.server(KeyKind.ECDSA, "a.example", "b.example");
        authority = Files.readString(ca.writeCa(shared.resolve("ca.pem")));
        chain = Files.readString(site.writeChain(shared.resolve("chain.pem")));
        key = Files.readString(site.writeKey(shared.resolve("key.pem")));
        otherKey = Files.readString(ca.server(KeyKind.ECDSA, "c.example").writeKey(shared.resolve("other.pem")));
    }

    private Path file(String text) throws Exception {
        return Files.writeString(dir.resolve("site.pem"), text, StandardCharsets.ISO_8859_1);
    }

    private static void expectSite(PemFile pem) {
        assertThat(pem.certificates().get(0)).isEqualTo(site.certificate());
        assertThat(pem.key()).isPresent();
        assertThat(KeyMatch.matches(site.certificate().getPublicKey(), pem.key().get())).isTrue();
    }

    // ---- what is read

    @Test
    void certificatesAndKeyMayStandInAnyOrder() throws Exception {
        for (String text : List.of(chain + key, key + chain, authority + chain + key, authority + key + chain, key + authority + chain)) {
            expectSite(PemFile.readWithKey(file(text)));
        }
    }

    @Test
    void whatStandsAroundTheBlocksIsSkipped() throws Exception {
        String noise = "Bag Attributes\n  friendlyName: \u00e9 -- x ---\nsubject=/CN=a\n";
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
        expectSite(PemFile.readWithKey(file(noise + chain + noise + parameters + key + noise)));
        expectSite(PemFile.readWithKey(file((chain + key).replace("\n", "\r\n"))));
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyKindOfKeyIsRead(KeyKind kind) throws Exception {
        Identity identity = ca.server(kind, "x.example");
        PemFile pem = PemFile.readWithKey(identity.writePem(dir.resolve("x.pem")));
        assertThat(pem.certificates().get(0)).isEqualTo(identity.certificate());
    }

    @Test
    void theKeyMayStandInAFileBeside() throws Exception {
        Path file = file(chain);
        Files.writeString(dir.resolve("site.pem.key"), key);
        expectSite(PemFile.readWithKey(file));
    }

    @Test
    void aKeyInTheFileItselfGoesBeforeTheOneBeside() throws Exception {
        Path file = file(chain + key);
        Files.writeString(dir.resolve("site.pem.key"), "this is no key");
        expectSite(PemFile.readWithKey(file));
    }

    // ---- what is refused, and how it is said

    @Test
    void aFileWithoutWhatIsNeededIsRefused() throws Exception {
        expectFailure(chain, "site.pem holds no private key, and there is no site.pem.key beside it");
        expectFailure(key, "site.pem holds no certificate");
        expectFailure("", "site.pem holds no certificate");
        expectFailure("nothing of the kind", "site.pem holds no certificate");
        expectFailure(chain + otherKey, "belongs to none of its certificates");
        expectFailure(authority + key, "belongs to none of its certificates");
        assertThatThrownBy(() -> PemFile.readWithKey(dir.resolve("absent.pem"))).isInstanceOf(TlsException.class)
                .hasMessageContaining("cannot read").hasMessageContaining("absent.pem");
        assertThatThrownBy(() -> PemFile.readCertificates(file(key))).isInstanceOf(TlsException.class)
                .hasMessageContaining("holds no certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DSA PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void aKeyInAnotherFormIsRefusedWithTheCommandThatConvertsIt(String form) throws Exception {
        expectFailure(chain + key.replace("PRIVATE KEY", form), "is in the form '" + form + "'");
        expectFailure(chain + key.replace("PRIVATE KEY", form), "openssl pkcs8 -topk8 -nocrypt -in ");
    }

    @Test
    void aKeyWithAPasswordWantsIt() throws Exception {
        String encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        expectFailure(chain + encrypted, "site.pem is encrypted and wants a password: write the password into ");
        expectFailure(chain + key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "is encrypted");
    }

    @Test
    void damageIsTold() throws Exception {
        expectFailure(authority + chain.replaceFirst("\nMII", "\nAAA") + key, "certificate 2 of ");
        expectFailure(chain.replaceFirst("\nMII", "\n!!!!!MII") + key, "the CERTIFICATE block of ");
        expectFailure(chain + key.replaceFirst("\nM", "\nA"), "the private key of ");
        expectFailure(chain + "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n", "the private key of ");
        expectFailure("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + key, "certificate 1 of ");
        // Cut off in the middle of a block: a chain must not lose its end unseen.
        expectFailure(key + chain.substring(0, chain.indexOf("-----END")), "a block begins in it that does not end");
    }

    @Test
    void aFileThatIsMuchTooLargeIsNotRead() throws Exception {
        Path large = dir.resolve("large.pem");
        try (var channel = java.nio.channels.FileChannel.open(large, java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), 1L << 32);
        }
        assertThatThrownBy(() -> PemFile.readWithKey(large)).isInstanceOf(TlsException.class).hasMessageContaining("larger than 4 MiB");
    }

    @Test
    void textThatLooksLikeManyBlocksIsReadInGoodTime() throws Exception {
        String begin = "-----BEGIN CERTIFICATE-----\n";
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(java.time.Duration.ofSeconds(10), () ->
                expectFailure(begin.repeat(50_000) + " ".repeat(500_000), "a block begins in it that does not end"));
    }

    private void expectFailure(String text, String message) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> PemFile.readWithKey(file)).isInstanceOf(TlsException.class).hasMessageContaining(message);
    }

    // ---- contexts

    @Test
    void theNamesOfACertificateAreThoseOfItsSan() {
        assertThat(TlsContexts.names(site.certificate())).containsExactly("a.example", "b.example");
    }

    @Test
    void aBindTakesTheFilesOfAFolderAndTellsWhichIsBad() throws Exception {
        Files.writeString(dir.resolve("1.pem"), chain + key);
        Files.writeString(dir.resolve("2.pem"), chain);
        Files.writeString(dir.resolve("2.pem.key"), key);
        Files.writeString(dir.resolve(".hidden"), "not looked at");
        TlsContexts.forBind(bind(dir), TlsSources.alone());
        Files.writeString(dir.resolve("3.pem"), "junk");
        assertThatThrownBy(() -> TlsContexts.forBind(bind(dir), TlsSources.alone())).isInstanceOf(TlsException.class).hasMessageContaining("3.pem");
    }

    @Test
    void aServerNeedsToBeToldWhomToTrust() {
        assertThatThrownBy(() -> TlsContexts.forServer(Settings.builder().build(), TlsSources.alone())).isInstanceOf(TlsException.class)
                .hasMessageContaining("ca-file").hasMessageContaining("verify none");
        assertThatThrownBy(() -> TlsContexts.forServer(Settings.builder()
                .put(ServerSettings.CA_FILE, shared.resolve("key.pem").toString(), NOWHERE).build(), TlsSources.alone()))
                .isInstanceOf(TlsException.class).hasMessageContaining("holds no certificate");
    }

    private static final SourceLocation NOWHERE = new SourceLocation("test.cfg", 1, 1);

    private static Settings bind(Path crt) {
        return Settings.builder().put(BindSettings.CRT, new StringList(List.of(crt.toString())), NOWHERE).build();
    }
}
