package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.regex.PatternSyntaxException;
import net.lbd.core.TestProxy;
import net.lbd.core.runtime.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRegexTest {

    private static final Worker WORKER = TestProxy.http().worker();

    private static boolean finds(String regex, boolean ignoreCase, String text) {
        byte[] bytes = ("##" + text + "##").getBytes(StandardCharsets.UTF_8);
        return ByteRegex.compile(regex, ignoreCase).find(WORKER, bytes, 2, bytes.length - 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', value = {
        "^/ews/.*[.]asmx$ @ /ews/exchange.asmx", "[[:digit:]]{3} @ a123", "^[[:alpha:]]+$ @ abc", "[^[:space:]] @ x",
        "^[]a]+$ @ a]a", "^[[a]+$ @ [a[", "^[a&&b]+$ @ a&b", "(?P<name>a+)b @ aab", "^a{ @ a{", "^a{,3}$ @ a{,3}", "^a{2,}$ @ aaa",
        "\\Q[[:x:]\\E @ [[:x:]", "é @ café", "^.{2}$ @ é"})
    void readsPcresSyntax(String regex, String text) {
        assertThat(finds(regex, false, text)).isTrue();
    }

    @Test
    void looksOnlyAtItsRange() {
        assertThat(finds("#", false, "text")).isFalse();
        assertThat(finds("^text$", false, "text")).isTrue();
    }

    @Test
    void caseIsIgnoredOnDemandAndForAsciiOnly() {
        assertThat(finds("owa", false, "/OWA/")).isFalse();
        assertThat(finds("owa", true, "/OWA/")).isTrue();
        assertThat(finds("k", true, "\u212a")).isFalse();
    }

    @Test
    void textMadeToBeHardIsGivenUp() {
        long before = System.nanoTime();
        assertThat(finds("^(a+)+$", false, "a".repeat(60) + "!")).isFalse();
        assertThat(finds("^(a|aa)+$", false, "a".repeat(20_000) + "!")).isFalse();
        assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    }

    @Test
    void unknownPosixClassIsRefused() {
        assertThatThrownBy(() -> ByteRegex.compile("[[:nothing:]]", false))
                .isInstanceOf(PatternSyntaxException.class).hasMessageContaining("nothing");
    }
}
