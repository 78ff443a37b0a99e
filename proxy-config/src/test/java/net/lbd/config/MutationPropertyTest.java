package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.config.syntax.Severity;

/** Whatever a valid file is turned into: no exception, no hang, and each rejection has its place. */
class MutationPropertyTest {

    private static final String[] PIECES = {
        "\"", "'", "\\", "\\x", "${", "$", "%[", "]", "(", ")", "{", "}", "!", "if", "unless", "or", ",", ":", "-", "+5", "99999999999999999999",
        "\u0000", "\ufeff", "\r", "\t", "no", "default", "from", "acl", "server", "bind", "ssl", ".if", ".endif", "0x", "\u0665", "%{+Q", "#",
    };

    @Property(tries = 400)
    void mutationsAreRefusedWithAPlaceOrAccepted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int mutations) throws IOException {
        String text = mutate(Files.readString(Path.of("src/test/resources/guide/5.1.5.cfg")), new Random(seed), mutations);
        LoadResult result = assertTimeoutPreemptively(Duration.ofSeconds(2), () ->
                new ConfigurationLoader(new Environment(Map.of("X", "y"), Path.of("src/test/resources/tls"))).loadText("m.cfg", text));
        assertThat(result.configuration().isPresent()).isEqualTo(!result.hasErrors());
        long lines = text.chars().filter(c -> c == '\n').count() + 1;
        for (Diagnostic d : result.diagnostics()) {
            assertThat(d.location().file()).isEqualTo("m.cfg");
            assertThat((long) d.location().line()).isBetween(1L, lines);
            assertThat(d.message()).isNotBlank();
            assertThat(d.severity()).isIn((Object[]) Severity.values());
        }
        assertThat(DiagnosticPrinter.plain().print(result.diagnostics())).isNotNull();
    }

    @Property(tries = 300)
    void noiseIsRefusedWithAPlace(@ForAll List<@IntRange(min = 0, max = 0xffff) Integer> characters) {
        StringBuilder text = new StringBuilder("frontend f\n");
        characters.forEach(c -> text.append((char) c.intValue()));
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of("."))).loadText("n.cfg", text.toString());
        assertThat(result.configuration().isPresent()).isEqualTo(!result.hasErrors());
    }

    private static String mutate(String text, Random random, int mutations) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < mutations && out.length() > 0; i++) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(6)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> out.setCharAt(at, (char) random.nextInt(256));
                case 3 -> out.delete(at, Math.min(out.length(), at + random.nextInt(200)));
                case 4 -> out.insert(at, out.substring(at, Math.min(out.length(), at + random.nextInt(300))));
                default -> out.insert(at, " " + PIECES[random.nextInt(PIECES.length)] + " ");
            }
        }
        return out.toString();
    }
}
