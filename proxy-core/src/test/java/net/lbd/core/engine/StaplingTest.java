package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.core.runtime.ApplyResult;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an authority says of a certificate goes with it to clients, and which files belong to a certificate. */
@Timeout(120)
class StaplingTest {

    @TempDir
    static Path made;
    @TempDir
    private Path dir;

    private static String shell(Path folder, String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        shell(made, """
                new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
                openssl req -x509 $new -keyout root.key -out root.pem -days 30 -subj '/CN=root' -addext keyUsage=keyCertSign,cRLSign
                openssl req $new -keyout ca.key -out ca.csr -subj '/CN=middle'
                printf 'basicConstraints=CA:TRUE\\nkeyUsage=keyCertSign,cRLSign\\n' >ext
                openssl x509 -req -in ca.csr -CA root.pem -CAkey root.key -set_serial 2 -days 30 -extfile ext -out ca.pem
                for n in a b; do
                  openssl req $new -keyout $n.key -out $n.csr -subj "/CN=$n"
                  openssl x509 -req -in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out $n.crt
                  for state in V R; do
                    printf "$state\\t%s\\t%s\\t%s\\tunknown\\t/CN=x\\n" $(date -u -d '+20 days' +%y%m%d%H%M%SZ) \
                        "$([ $state = V ] || date -u -d '-1 day' +%y%m%d%H%M%SZ)" $(openssl x509 -in $n.crt -noout -serial | cut -d= -f2) >idx
                    openssl ocsp -index idx -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert $n.crt -respout $n.$state.ocsp -ndays 7
                  done
                done
                """);
    }

    @BeforeEach
    void site() throws Exception {
        Files.copy(made.resolve("ca.pem"), dir.resolve("ca.pem"));
        Files.writeString(dir.resolve("site.pem"), Files.readString(made.resolve("a.crt")) + Files.readString(made.resolve("a.key")));
    }

    private String text(String global) {
        return EngineHarness.httpText("http-request return status 200", "").replace(":@1", ":@1 ssl crt " + dir + "/site.pem")
                .replace("nbthread 1", "nbthread 1\n  " + global);
    }

    private static String client(EngineHarness proxy, String more) throws Exception {
        int port = ((InetSocketAddress) proxy.engine().listeners().get(0).boundAddress()).getPort();
        return shell(made, "openssl s_client -connect 127.0.0.1:" + port + " -status " + more + " </dev/null 2>&1 || true");
    }

    private void look(EngineHarness proxy) {
        proxy.engine().certificates().lookForChanges();
        proxy.engine().certificates().lookForChanges();
    }

    @Test
    void anAnswerBesideTheCertificateIsStapledAndSoIsANewOne() throws Exception {
        try (EngineHarness proxy = EngineHarness.start(text(""))) {
            assertThat(client(proxy, "")).contains("OCSP response: no response sent");

            Files.copy(made.resolve("a.V.ocsp"), dir.resolve("site.pem.ocsp"));
            look(proxy);
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                assertThat(client(proxy, version)).contains("OCSP Response Status: successful", "Cert Status: good");
            }

            Files.copy(made.resolve("a.R.ocsp"), dir.resolve("site.pem.ocsp"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            look(proxy);
            assertThat(client(proxy, "")).as("one that cannot be used leaves the other in service").contains("Cert Status: good");
        }
    }

    @Test
    void anAnswerThatCannotBeUsedIsAnErrorOfTheConfiguration() throws Exception {
        Files.copy(made.resolve("b.V.ocsp"), dir.resolve("site.pem.ocsp"));
        try (EngineHarness proxy = EngineHarness.start(text("ssl-load-extra-files none"))) {
            assertThat(client(proxy, "")).contains("OCSP response: no response sent");
            ApplyResult result = proxy.apply(text(""));
            assertThat(result.problems().toString()).contains("site.pem.ocsp is about another certificate");
        }
    }

    @Test
    void anAnswerThatHasEndedDoesNotHinderTheStart() throws Exception {
        shell(dir, "openssl x509 -in " + made + "/a.crt -outform DER -out leaf.der; openssl x509 -in ca.pem -outform DER -out ca.der; "
                + "openssl pkcs8 -topk8 -nocrypt -in " + made + "/ca.key -outform DER -out key.der");
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        X509CertificateHolder authority = new X509CertificateHolder(Files.readAllBytes(dir.resolve("ca.der")));
        X509Certificate leaf = (X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(dir.resolve("leaf.der"))));
        DigestCalculator sha1 = new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1);
        Date ended = Date.from(Instant.now().minusSeconds(60));
        byte[] answer = new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, new BasicOCSPRespBuilder(authority.getSubjectPublicKeyInfo(), sha1)
                .addResponse(new CertificateID(sha1, authority, leaf.getSerialNumber()), CertificateStatus.GOOD, Date.from(Instant.EPOCH), ended)
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(dir.resolve("key.der"))))), new X509CertificateHolder[0], new Date())).getEncoded();
        Files.write(dir.resolve("site.pem.ocsp"), answer);
        try (EngineHarness proxy = EngineHarness.start(text("ssl-load-extra-files none"))) {
            ApplyResult result = proxy.apply(text(""));
            assertThat(result.applied()).as("%s", result.problems()).isTrue();
            assertThat(result.problems().toString()).contains("site.pem.ocsp is no longer valid; it is not shown");
            assertThat(client(proxy, "")).contains("OCSP response: no response sent");

            Files.copy(made.resolve("a.V.ocsp"), dir.resolve("site.pem.ocsp"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            look(proxy);
            Files.write(dir.resolve("site.pem.ocsp"), answer);
            look(proxy);
            assertThat(client(proxy, "")).as("one that has ended takes no good one's place").contains("Cert Status: good");
        }
    }

    @Test
    void anAnswerThatHoldsForEverOrNotYetIsNotTaken() throws Exception {
        Files.copy(made.resolve("ca.pem"), dir.resolve("site.pem.issuer"));
        Files.copy(made.resolve("ca.key"), dir.resolve("ca.key"));
        String ask = "openssl ocsp -index idx -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert %1$s/b.crt -respout ".formatted(made);
        shell(dir, "cat " + made + "/b.crt " + made + "/b.key >site.pem; cp " + made + "/idx idx; sed -i 's/^R/V/; s/\\t[0-9]*Z\\t\\([0-9A-F]*\\)\\t/\\t\\t\\1\\t/' "
                + "idx; " + ask + "ever; " + ask + "good -ndays 3");
        try (EngineHarness proxy = EngineHarness.start(text(""))) {
            assertThatThrownBy(() ->
                    proxy.engine().certificates().staple(Files.readAllBytes(dir.resolve("ever"))))
                    .hasMessageContaining("does not say until when it holds");
            assertThat(proxy.engine().certificates().staple(Files.readAllBytes(dir.resolve("good")))).endsWith("site.pem");
        }
    }

    @Test
    void aResponderThatStallsInItsAnswerIsGivenUp() throws Exception {
        com.sun.net.httpserver.HttpServer responder = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
        responder.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        responder.start();
        Files.copy(made.resolve("ca.key"), dir.resolve("ca.key"));
        shell(dir, """
                openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout u.key -out u.csr -subj '/CN=u'
                echo 'authorityInfoAccess=OCSP;URI:http://127.0.0.1:%d/' >ext
                openssl x509 -req -in u.csr -CA ca.pem -CAkey ca.key -set_serial 77 -days 30 -extfile ext -out u.crt
                cat u.crt u.key >site.pem; cp ca.pem site.pem.issuer
                """.formatted(responder.getAddress().getPort()));
        try (EngineHarness proxy = EngineHarness.start(text("").replace("site.pem", "site.pem ocsp-update on"))) {
            org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(java.time.Duration.ofSeconds(60),
                    () -> proxy.engine().certificates().updateOcsp());
            assertThat(client(proxy, "")).contains("OCSP response: no response sent");
        } finally {
            over.countDown();
            responder.stop(0);
        }
    }

    @Test
    void anAnswerByCommandNeedsTheAuthority() throws Exception {
        Files.copy(made.resolve("ca.pem"), dir.resolve("site.pem.issuer"));
        try (EngineHarness proxy = EngineHarness.start(text(""))) {
            assertThat(client(proxy, "-showcerts")).as("the issuer beside it is not shown").containsOnlyOnce("BEGIN CERTIFICATE");
            assertThat(proxy.engine().certificates().staple(Files.readAllBytes(made.resolve("a.V.ocsp")))).endsWith("site.pem");
            assertThat(client(proxy, "")).contains("Cert Status: good");
            assertThatThrownBy(() ->
                    proxy.engine().certificates().staple(Files.readAllBytes(made.resolve("b.V.ocsp"))))
                    .hasMessage("Certificate ID does not match any certificate or issuer.");
        }
    }

    @Test
    void aChainIsCompletedFromTheFolderOfIssuers() throws Exception {
        Path issuers = Files.createDirectory(dir.resolve("issuers"));
        Files.writeString(issuers.resolve("middle.pem"), Files.readString(made.resolve("ca.pem")) + Files.readString(made.resolve("root.pem")));
        try (EngineHarness proxy = EngineHarness.start(text("issuers-chain-path " + issuers))) {
            assertThat(client(proxy, "-showcerts").split("BEGIN CERTIFICATE", -1)).hasSize(4);
            proxy.reload(text("issuers-chain-path " + issuers + "\n  ssl-skip-self-issued-ca"));
            assertThat(client(proxy, "-showcerts").split("BEGIN CERTIFICATE", -1)).hasSize(3);
            ApplyResult missing = proxy.apply(text("issuers-chain-path " + dir + "/nowhere"));
            assertThat(missing.problems().toString()).contains("'issuers-chain-path': cannot list the folder");
        }
    }

    @Test
    void extensionsCanBeReplacedInsteadOfAppended() throws Exception {
        Files.copy(made.resolve("b.crt"), dir.resolve("other.crt"));
        Files.copy(made.resolve("b.key"), dir.resolve("other.key"));
        String other = text("ssl-load-extra-del-ext").replace("site.pem", "other.crt");
        try (EngineHarness proxy = EngineHarness.start(other)) {
            assertThat(client(proxy, "")).contains("subject=CN = b");
            assertThat(proxy.apply(other.replace("ssl-load-extra-del-ext", "")).problems().toString())
                    .contains("other.crt holds no private key, and there is no other.crt.key beside it");
        }
    }

    @Test
    void answersAreFetchedInTheBackgroundAndOnlySignedOnesAreTaken() throws Exception {
        com.sun.net.httpserver.HttpServer responder = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        java.util.concurrent.atomic.AtomicReference<Path> answer = new java.util.concurrent.atomic.AtomicReference<>();
        java.util.concurrent.atomic.AtomicReference<byte[]> question = new java.util.concurrent.atomic.AtomicReference<>();
        responder.createContext("/", exchange -> {
            question.set(exchange.getRequestBody().readAllBytes());
            byte[] body = Files.readAllBytes(answer.get());
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        responder.start();
        try {
            Files.copy(made.resolve("ca.key"), dir.resolve("ca.key"));
            shell(dir, """
                    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout u.key -out u.csr -subj '/CN=u'
                    echo 'authorityInfoAccess=OCSP;URI:http://127.0.0.1:%1$d/' >ext
                    openssl x509 -req -in u.csr -CA ca.pem -CAkey ca.key -set_serial 77 -days 30 -extfile ext -out u.crt
                    cat u.crt u.key >site.pem; cp ca.pem site.pem.issuer
                    printf "V\t%%s\t\t4D\tunknown\t/CN=x\n" $(date -u -d '+20 days' +%%y%%m%%d%%H%%M%%SZ) >idx
                    openssl ocsp -index idx -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert u.crt -respout good -ndays 7
                    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout e.key -out e.pem -days 30 -subj '/CN=middle'
                    openssl ocsp -index idx -rsigner e.pem -rkey e.key -CA ca.pem -issuer ca.pem -cert u.crt -respout forged -ndays 7
                    """.formatted(responder.getAddress().getPort()));
            for (String how : List.of("forged", "good")) {
                answer.set(dir.resolve(how));
                try (EngineHarness proxy = EngineHarness.start(text("").replace("site.pem", "site.pem ocsp-update on"))) {
                    proxy.engine().certificates().updateOcsp();
                    String expected = how.equals("good") ? "Cert Status: good" : "OCSP response: no response sent";
                    assertThat(client(proxy, "")).contains(expected);
                    proxy.reload(text("maxconn 500").replace("site.pem", "site.pem ocsp-update on"));
                    proxy.engine().certificates().updateOcsp();
                    assertThat(client(proxy, "")).as("after a reload").contains(expected);
                    Files.write(dir.resolve("question"), question.get());
                    assertThat(shell(dir, "openssl ocsp -reqin question -req_text")).contains("Serial Number: 4D");
                }
            }
        } finally {
            responder.stop(0);
        }
    }
}
