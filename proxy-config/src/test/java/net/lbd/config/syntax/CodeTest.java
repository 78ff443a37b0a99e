package net.lbd.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each code has its page, and a test that provokes it; each trap of the guides a test of its exact message. */
class CodeTest {

    /** Where whole messages stand behind the text that provokes them; their tests compare every character. */
    private static final List<String> GOLDEN =
            List.of("src/test/resources/golden", "src/test/resources/lint", "../conf-examples/verbatim");

    @Test
    void everyCodeHasItsPage() {
        for (Code code : Code.values()) {
            assertThat(Path.of("../docs/diagnostics", code.id() + ".md")).content().contains(code.id() + ": ");
        }
    }

    /** Codes of 3000 are the engine's: proxy-core provokes them. */
    @Test
    void everyCodeOfTheLanguageIsProvoked(@TempDir Path folder) throws IOException {
        Set<String> provoked = new TreeSet<>(codesOfGoldenFiles());
        ConfigurationLoader loader = new ConfigurationLoader(new Environment(Map.of(), folder));
        List<Diagnostic> said = new ArrayList<>(loader.load(List.of()).diagnostics());
        said.addAll(loader.load(List.of(Path.of("missing.cfg"))).diagnostics());
        said.addAll(loader.loadText("deep.cfg", ".if 1\n".repeat(1000)).diagnostics());
        said.forEach(d -> provoked.add(d.code()));

        assertThat(Arrays.stream(Code.values()).map(Code::id).filter(id -> !id.startsWith("LB3"))).isSubsetOf(provoked);
    }

    @ParameterizedTest
    @CsvSource({
        "T1, LB1103", "T2, LBX002 LB1307", "T3, LB1405", "T4, LBX004", "T5, LBX005", "T6, LBX006", "T7, LB1309 LBX007", "T8, LB1308 LB1206",
        "T9, LBX009", "T10, LBX010", "T11, LB1209", "T12, LB1406 LBX012", "T13, LBX013", "T14, LBX014", "T15, LBX015", "T16, LBX016",
        "T17, LBX017", "T18, LBX018", "T19, LB1403 LBX019", "T20, LBX020", "T21, LB1402", "T22, LBX022",
    })
    void everyTrapHasAGoldenMessage(String trap, String codes) {
        assertThat(codesOfGoldenFiles()).as(trap).contains(codes.split(" "));
        assertThat(Path.of("../docs/compatibility.md")).content().containsPattern("[ ,]" + trap + "[ ,].*" + codes.split(" ")[0]);
    }

    private static Set<String> codesOfGoldenFiles() {
        Set<String> codes = new TreeSet<>();
        for (String folder : GOLDEN) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    for (String line : Files.readAllLines(file)) {
                        boolean message = line.startsWith("=> ") || line.startsWith("#=> ") || file.toString().endsWith(".expected");
                        if (message) {
                            Stream.of(line.split("[^A-Z0-9]+")).filter(w -> w.startsWith("LB")).forEach(codes::add);
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return codes;
    }
}
