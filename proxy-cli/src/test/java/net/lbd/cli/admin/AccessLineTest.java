package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formats of an access log; LogsIT reads what a daemon writes. */
class AccessLineTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "<134>Nov 27 18:00:00 lb lbd[7]: 10.0.0.1:1234 [27/Nov/2026:18:00:00.123] fe~ be/ex1 0/0/1/20/25 503 212 - - SD-- 3/2/1/0/0 0/0 {a|b} {c} \"GET /x?y=\\\"1 HTTP/1.1\"; fe; ex1; 503; 25; SD--; GET /x?y=\\\"1 HTTP/1.1",
        "[2001:db8::1]:1234 [27/Nov/2026:18:00:00.123] fe be/<NOSRV> 0/-1/-1/-1/+7 -1 +212 - - LR-- 3/2/1/0/+3 0/0 \"<BADREQ>\"; fe; <NOSRV>; -1; 7; LR--; <BADREQ>",
        "10.0.0.1:1234 [27/Nov/2026:18:00:00.123] fe be/ex1 0/0/0/1/1 200 38 - - ---- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\" 0/0000000000000000/0/0/0 mail.example.com/TLSv1.3/TLS_AES_128_GCM_SHA256; fe; ex1; 200; 1; ----; GET / HTTP/1.1",
        "10.0.0.1 - - [27/Nov/2026:18:00:00 +0000] \"GET / HTTP/1.1\" 200 38 \"\" \"\" 1234 123 \"fe~\" \"be\" \"ex1\" 0 0 0 1 9 \"----\" 1 1 0 0 0 0 0 \"\" \"\" \"\" \"\"; fe; ex1; 200; 9; ----; GET / HTTP/1.1"})
    void formatsOfHttp(String line, String frontend, String server, int status, long millis, String termination, String request) {
        AccessLine parsed = AccessLine.parse(line).orElseThrow();
        assertThat(parsed.frontend()).isEqualTo(frontend);
        assertThat(parsed.backend()).isEqualTo("be");
        assertThat(parsed.server()).isEqualTo(server);
        assertThat(parsed.status()).hasValue(status);
        assertThat(parsed.totalMillis()).isEqualTo(millis);
        assertThat(parsed.termination()).isEqualTo(termination);
        assertThat(parsed.request()).hasValue(request);
    }

    @Test
    void formatOfTcp() {
        AccessLine parsed = AccessLine.parse("10.0.0.1:1234 [27/Nov/2026:18:00:00.123] smtp smtp/ex1 0/1/5000 212 -- 3/2/1/0/0 0/0").orElseThrow();
        assertThat(parsed.status()).isEmpty();
        assertThat(parsed.request()).isEmpty();
        assertThat(parsed.totalMillis()).isEqualTo(5000);
        assertThat(parsed.isOnServer("smtp/ex1")).isTrue();
        assertThat(parsed.isOnServer("ex2")).isFalse();
        assertThat(parsed.isOfService("smtp")).isTrue();
    }

    @Test
    void otherLinesAreNotGuessed() {
        assertThat(AccessLine.parse("Server be/ex1 is DOWN, reason: Layer4 timeout.")).isEqualTo(Optional.empty());
        assertThat(AccessLine.parse("own 200 GET / HTTP/1.1")).isEqualTo(Optional.empty());
        assertThat(AccessLine.parse("")).isEqualTo(Optional.empty());
    }
}
