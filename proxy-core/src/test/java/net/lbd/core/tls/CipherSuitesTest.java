package net.lbd.core.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSsl;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CipherSuitesTest {

    private static final List<String> KNOWN = List.of(
            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA",
            "AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-SHA", "AES128-SHA");

    /** What the list leaves of the suites known here, in its order, as openssl has it. */
    @ParameterizedTest
    @ValueSource(strings = {
        "ALL", "DEFAULT", "HIGH:!aNULL:!MD5", "AES", "AESGCM", "CHACHA20:AES128", "kRSA", "aRSA:!kRSA", "ECDSA", "SHA1", "TLSv1.2",
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256",
        "ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:RSA+AESGCM:RSA+AES:!aNULL:!MD5:!DSS",
        "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH", "ALL:-AES128:AES128-SHA", "ALL:!AES128:AES128-SHA",
        "HIGH:+kRSA", "AES128:AES256:@STRENGTH", "AES128-SHA,AES256-SHA ECDHE-RSA-AES128-SHA",
        "ALL:!RSA", "ALL:!ECDHE:!SHA", "ALL:!ADH:RC4+RSA:+HIGH:+MEDIUM:+LOW:+SSLv2:+EXP",
    })
    void meansWhatOpenSslMeans(String list) throws Exception {
        String oracle = OpenSslCommand.run(Path.of("."), "ciphers", "-tls1_2", "-s", list + ":@SECLEVEL=0");
        List<String> expected = Arrays.stream(oracle.strip().split(":")).filter(KNOWN::contains)
                .map(name -> CipherSuites.read(name).names().get(0)).toList();

        assertThat(CipherSuites.read(list).names()).isEqualTo(expected);
    }

    @Test
    void wordsThatStandForNothingAreTold() {
        assertThat(CipherSuites.read("DHE-RSA-AES128-GCM-SHA256:AES128-SHA:!3DES:@SECLEVEL=2:NONSENSE").leftOut())
                .containsExactly("DHE-RSA-AES128-GCM-SHA256", "@SECLEVEL=2", "NONSENSE");
        assertThat(CipherSuites.read("ALL:!aNULL").leftOut()).isEmpty();
        assertThat(CipherSuites.read("DHE-RSA-AES128-SHA").names()).isEmpty();
    }

    /** If an update of the library brings or drops suites, the table has to follow. */
    @Test
    void theTableHoldsWhatTheLibraryHas() {
        Assumptions.assumeTrue(OpenSsl.isAvailable(), "BoringSSL is not there");

        assertThat(OpenSsl.availableOpenSslCipherSuites().stream()
                .filter(s -> !s.contains("PSK") && !s.startsWith("TLS_") && !s.startsWith("AEAD-")))
                .containsExactlyInAnyOrderElementsOf(KNOWN);
        assertThat(OpenSsl.availableJavaCipherSuites()).containsAll(CipherSuites.read("ALL").names())
                .containsAll(TlsFiles.TLS13).containsAll(CipherSuites.byDefault(true).names())
                .containsAll(CipherSuites.forServers().names());
        assertThat(CipherSuites.forServers().names()).doesNotHaveDuplicates().hasSize(KNOWN.size())
                .startsWith(CipherSuites.byDefault(false).names().toArray(new String[0]));
    }
}
