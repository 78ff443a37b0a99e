package net.lbd.health.http;

import static net.lbd.health.http.BoundedPattern.DEFAULT_STEP_LIMIT;
import static net.lbd.health.http.BoundedPattern.Outcome.ABSENT;
import static net.lbd.health.http.BoundedPattern.Outcome.FOUND;
import static net.lbd.health.http.BoundedPattern.Outcome.GAVE_UP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundedPatternTest {

    @ParameterizedTest
    @CsvSource({"h.l+o,say hello,FOUND", "^hello,say hello,ABSENT", "HELLO,hello,ABSENT", "(?i)HELLO,hello,FOUND",
        "aä?b,aäb,FOUND", "^a..b$,aäb,FOUND"})
    void searchesBytesUnanchored(String pattern, String text, BoundedPattern.Outcome outcome) {
        assertThat(find(pattern, text, DEFAULT_STEP_LIMIT)).isEqualTo(outcome);
    }

    @Test
    void looksOnlyAtTheGivenLength() {
        byte[] bytes = "okay".getBytes(StandardCharsets.US_ASCII);

        assertThat(BoundedPattern.compile("y").find(bytes, 3, DEFAULT_STEP_LIMIT).outcome()).isEqualTo(ABSENT);
    }

    @Test
    void givesUpOnCatastrophicBacktracking() {
        assertThat(find("(.*a){25}$", "a".repeat(60) + "b", DEFAULT_STEP_LIMIT)).isEqualTo(GAVE_UP);
    }

    @Test
    void givesUpWhenTheStackIsTooSmall() throws InterruptedException {
        BoundedPattern.Outcome[] outcome = new BoundedPattern.Outcome[1];
        Thread small = new Thread(null, () -> outcome[0] = find("(a|b)*c", "ab".repeat(8_000), DEFAULT_STEP_LIMIT * 100),
                "small stack", 256 * 1024);
        small.start();
        small.join();

        assertThat(outcome[0]).isEqualTo(GAVE_UP);
    }

    @Test
    void ordinaryPatternsFitTheLimitOnAFullBody() {
        String body = "x".repeat(16_384);

        assertThat(find("status[: ]+ok", body, DEFAULT_STEP_LIMIT)).isEqualTo(ABSENT);
        assertThat(find("<!--tag:[0-9a-f]*--></html>", body, DEFAULT_STEP_LIMIT)).isEqualTo(ABSENT);
        assertThat(find("x$", body, DEFAULT_STEP_LIMIT)).isEqualTo(FOUND);
    }

    private static BoundedPattern.Outcome find(String pattern, String text, long limit) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return BoundedPattern.compile(pattern).find(bytes, bytes.length, limit).outcome();
    }
}
