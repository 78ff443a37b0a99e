package net.lbd.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {

    private final Diagnostics diagnostics = new Diagnostics();

    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("  # only a comment", List.of()),
                Arguments.of("\tmode\thttp  # why", List.of("mode", "http")),
                Arguments.of("a#b", List.of("a")),
                Arguments.of("a\\#b \"c#d\" 'e#f'", List.of("a#b", "c#d", "e#f")),
                Arguments.of("log-format %ci\\ %cp", List.of("log-format", "%ci %cp")),
                Arguments.of("x \"a b\"'c d'e\\ f", List.of("x", "a bc de f")),
                Arguments.of("x '\"$HOME\\n'", List.of("x", "\"$HOME\\n")),
                Arguments.of("x \\r\\n\\t\\x41\\\\", List.of("x", "\r\n\tA\\")),
                Arguments.of("x \"\\r\\n\\x41\\$HOME\"", List.of("x", "\r\nA$HOME")),
                Arguments.of("path_reg \\.php$ ^/(a|b)\\d", List.of("path_reg", "\\.php$", "^/(a|b)\\d")),
                Arguments.of("bind $HOME", List.of("bind", "$HOME")),
                Arguments.of("bind \"$HOME\"", List.of("bind", "/root")),
                Arguments.of("bind \"${HOME}x\" \"${NONE}\" \"${NONE-d e}\"", List.of("bind", "/rootx", "", "d e")),
                Arguments.of("acl a src \"${LIST[*]}\" z", List.of("acl", "a", "src", "1.1.1.1", "2.2.2.2", "z")),
                Arguments.of("x \"\"", List.of("x", "")),
                Arguments.of("tcp-check expect string 220\\", List.of("tcp-check", "expect", "string", "220 ")),
                Arguments.of("notice \"${.FILE}:${.LINE}\"", List.of("notice", "t.cfg:7")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void partsWordsAsHaproxyDoes(String line, List<String> words) {
        assertThat(read(line)).isEqualTo(words);
        assertThat(diagnostics.hasErrors()).isFalse();
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                Arguments.of("a \"b", "t.cfg:7:3: unmatched quote \"; write \\\" for the character"),
                Arguments.of("a b'c", "t.cfg:7:4: unmatched quote '; write \\' for the character"),
                Arguments.of("a \\x4", "t.cfg:7:3: \\x wants two hexadecimal digits; write \\\\x for a backslash and an x"),
                Arguments.of("a \\x\u0664\u0661", "t.cfg:7:3: \\x wants two hexadecimal digits; write \\\\x for a backslash and an x"),
                Arguments.of("a \"$\"", "t.cfg:7:4: a variable name was expected behind '$'; write \\$ for a dollar sign"),
                Arguments.of("a \"${X\"", "t.cfg:7:4: '}' was expected behind '${X'"));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void tellsWhatIsNotComplete(String line, String message) {
        assertThat(read(line)).isEmpty();
        assertThat(diagnostics.sorted()).extracting(Diagnostic::toString).containsExactly(message);
    }

    @Test
    void wordsKnowTheirPlaceAndLength() {
        Statement statement = tokenizer().read("  acl  a\\ b \"c\"", 7).orElseThrow();
        assertThat(statement.words()).extracting(w -> w.location().column()).containsExactly(3, 8, 13);
        assertThat(statement.words()).extracting(Word::length).containsExactly(3, 4, 3);
        assertThat(statement.endOfLine().column()).isEqualTo(16);
    }

    @Test
    void warnsOfABackslashThatEndsTheLine() {
        read("tcp-check expect string 220\\");
        assertThat(diagnostics.sorted()).singleElement().satisfies(d -> {
            assertThat(d.severity()).isEqualTo(Severity.WARNING);
            assertThat(d.location().column()).isEqualTo(28);
            assertThat(d.hint()).contains("write the blank so that it cannot get lost: \"220 \"");
        });
    }

    private List<String> read(String line) {
        return tokenizer().read(line, 7).map(s -> s.words().stream().map(Word::text).toList()).orElse(List.of());
    }

    private Tokenizer tokenizer() {
        return new Tokenizer("t.cfg", new Variables(Map.of("HOME", "/root", "LIST", "1.1.1.1 2.2.2.2")), diagnostics);
    }
}
