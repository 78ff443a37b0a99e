package net.lbd.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys in every form that openssl writes, and in none. */
class PrivateKeysTest {

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private String refusalOf(Path path) {
        TlsException thrown = catchThrowableOfType(
                TlsException.class, () -> PemFile.readWithKey(path));
        assertThat(thrown).as("refusal of %s", path).isNotNull();
        return thrown.getMessage();
    }

    /** Each key that openssl makes, in each form that it writes, with a certificate of it. */
    @ParameterizedTest
    @CsvSource({
        "RSA, genrsa -traditional -out k.pem 2048, RSA PRIVATE KEY",
        "RSA, genrsa -out k.pem 3072, PRIVATE KEY",
        "RSA, genrsa -traditional -out k.pem 4096, RSA PRIVATE KEY",
        "EC, ecparam -name prime256v1 -genkey -noout -out k.pem, EC PRIVATE KEY",
        "EC, ecparam -name secp384r1 -genkey -noout -out k.pem, EC PRIVATE KEY",
        "EC, ecparam -name secp521r1 -genkey -noout -out k.pem, EC PRIVATE KEY",
        "EC, ecparam -name prime256v1 -genkey -out k.pem, EC PARAMETERS",
        "EC, genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.pem, PRIVATE KEY",
        "EdDSA, genpkey -algorithm ED25519 -out k.pem, PRIVATE KEY",
    })
    void readsKeysAsOpenSslWritesThem(String algorithm, String make, String form) throws Exception {
        OpenSslCommand.run(folder, make.split(" "));
        OpenSslCommand.run(folder, "req", "-x509", "-key", "k.pem", "-subj", "/CN=x", "-days", "2", "-out", "c.pem");
        assertThat(read("k.pem")).startsWith("-----BEGIN " + form + "-----");

        PemFile pem = PemFile.readWithKey(write("both.pem", read("c.pem") + read("k.pem")));

        assertThat(pem.key().orElseThrow().getAlgorithm()).isEqualTo(algorithm);
        assertThat(pem.certificates()).hasSize(1);
    }

    @Test
    void encryptedKeysAreReadWithThePasswordBesideThem() throws Exception {
        OpenSslCommand.run(folder, "genrsa", "-traditional", "-out", "k.pem", "2048");
        OpenSslCommand.run(folder, "req", "-x509", "-key", "k.pem", "-subj", "/CN=x", "-days", "2", "-out", "c.pem");
        OpenSslCommand.run(folder, "rsa", "-aes128", "-traditional", "-passout", "pass:secret", "-in", "k.pem", "-out", "old.pem");
        OpenSslCommand.run(folder, "pkcs8", "-topk8", "-passout", "pass:secret", "-in", "k.pem", "-out", "new.pem");

        for (String encrypted : List.of("old.pem", "new.pem")) {
            Path file = write("both.pem", read("c.pem") + read(encrypted));
            Files.deleteIfExists(folder.resolve("both.pem.pass"));
            assertThat(refusalOf(file)).isEqualTo("the private key of " + file + " is encrypted and wants a password: write the password into " + file + ".pass"
                    + " (readable by lbd only) or into the environment variable LBD_CERT_PASSWORD");

            write("both.pem.pass", "wrong\n");
            assertThat(refusalOf(file)).isEqualTo("the password of " + file + " does not open its private key, or the key is damaged");

            write("both.pem.pass", "secret\nwhat follows is no part of it\n");
            assertThat(PemFile.readWithKey(file).key().orElseThrow().getAlgorithm()).isEqualTo("RSA");
        }
    }

    @Test
    void aPkcs12FileThatIsCutOrHasNoKeySaysSo() throws Exception {
        OpenSslCommand.run(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-subj", "/CN=x", "-out", "c.pem");
        OpenSslCommand.run(folder, "pkcs12", "-export", "-nokeys", "-in", "c.pem", "-passout", "pass:secret", "-out", "mail.pfx");
        Path file = folder.resolve("mail.pfx");
        write("mail.pfx.pass", "secret");
        assertThat(refusalOf(file)).startsWith(file + " holds no private key");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, 600));
        assertThat(refusalOf(file)).startsWith(file + " is damaged, or is no PKCS#12 file").doesNotContain("null");
    }

    @Test
    void pkcs12FilesAreReadWithThePasswordBesideThem() throws Exception {
        OpenSslCommand.run(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-subj", "/CN=ca", "-out", "ca.pem");
        OpenSslCommand.run(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-subj", "/CN=mail", "-out", "r.pem");
        OpenSslCommand.run(folder, "x509", "-req", "-in", "r.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "c.pem");
        for (String[] kind : new String[][] {{}, {"-legacy"}}) {
            List<String> command = new java.util.ArrayList<>(List.of("pkcs12", "-export", "-in", "c.pem", "-inkey", "k.pem", "-certfile", "ca.pem",
                    "-passout", "pass:secret", "-out", "mail.pfx"));
            command.addAll(List.of(kind));
            OpenSslCommand.run(folder, command.toArray(String[]::new));
            Path file = folder.resolve("mail.pfx");
            Files.deleteIfExists(folder.resolve("mail.pfx.pass"));
            assertThat(refusalOf(file)).startsWith(file + " wants a password: write the password into " + file + ".pass");
            write("mail.pfx.pass", "wrong");
            assertThat(refusalOf(file)).isEqualTo("the password of " + file + " does not open it");

            write("mail.pfx.pass", "secret");
            PemFile pem = PemFile.readWithKey(file);
            assertThat(pem.certificates()).extracting(c -> c.getSubjectX500Principal().getName()).containsExactly("CN=mail", "CN=ca");
            assertThat(KeyMatch.matches(pem.certificates().get(0).getPublicKey(), pem.key().orElseThrow())).isTrue();

            byte[] cut = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(cut, cut.length / 2));
            assertThat(refusalOf(file)).contains("mail.pfx");
        }
    }

    @Test
    void damageIsToldAndNotPassedOver() throws Exception {
        TestCertificates.create().server(KeyKind.RSA, "x").writeChain(folder.resolve("chain.pem"));
        String chain = read("chain.pem");

        assertThat(refusalOf(write("key.pem", chain
                + "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"))).contains("the private key of ", "is damaged");
        assertThat(refusalOf(write("ec.pem", chain
                + "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n"))).contains("does not name its curve");
    }

    /** A key is read or refused in words whatever its bytes are. */
    @ParameterizedTest
    @CsvSource({"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"})
    void noDerBreaksTheReader(String kind) {
        Random random = new Random(kind.hashCode());
        byte[] start = {0x30, (byte) 0x82, 0x01, 0x00, 0x02, 0x01, 0x01, 0x04, 0x02, 0x00, 0x00, (byte) 0xa0, 0x03, 0x06, 0x01, 0x00};
        for (int i = 0; i < 2000; i++) {
            byte[] der = Arrays.copyOf(start, random.nextInt(40));
            for (int changes = random.nextInt(4); changes > 0 && der.length > 0; changes--) {
                der[random.nextInt(der.length)] = (byte) random.nextInt();
            }
            assertThatThrownBy(() -> PrivateKeys.read(Path.of("k.pem"), kind, der)).isInstanceOf(TlsException.class);
        }
    }
}
