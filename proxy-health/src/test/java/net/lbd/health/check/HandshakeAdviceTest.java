package net.lbd.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeAdviceTest {

    /** What BoringSSL and the JDK say of servers of openssl that speak TLS 1.0 only, have one suite of another age, or speak no TLS. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION     | write 'ssl-min-ver TLSv1.0' on its server line",
        "error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL             | switch TLS 1.2 on there",
        "Received fatal alert: protocol_version                                        | switch TLS 1.2 on there",
        "error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE    | none of the cipher suites that are offered ('ciphers')",
        "Received fatal alert: handshake_failure                                       | wants a client certificate ('crt')",
        "not an SSL/TLS record                                                         | is it the right port?",
        "error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER             | speaks no TLS",
        "unable to find valid certification path to requested target                   | not signed by an authority of 'ca-file'",
    })
    void tellsWhatToDo(String message, String advice) {
        assertThat(HandshakeAdvice.explain(message)).startsWith(message + "; ").contains(advice);
    }

    @Test
    void leavesAloneWhatItDoesNotKnow() {
        assertThat(HandshakeAdvice.explain("NotAfter: Thu Nov 26 18:07:16 UTC 2026")).isEqualTo("NotAfter: Thu Nov 26 18:07:16 UTC 2026");
    }
}
