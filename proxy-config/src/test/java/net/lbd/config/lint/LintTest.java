package net.lbd.config.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each lint on a file of its own in {@code src/test/resources/lint}: exactly this advice, and none once a
 * comment silences it. The advice stands at the end of the file, behind {@code #=>}; after an intended
 * change {@code -Dlbd.golden.update=true} writes it anew.
 */
class LintTest {

    private static final Path FOLDER = Path.of("src/test/resources/lint");
    private static final String EXPECTED = "#=> ";

    @TestFactory
    Stream<DynamicTest> advisesExactlyThis() throws IOException {
        return files().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
            List<String> lines = Files.readAllLines(file);
            List<String> input = lines.stream().filter(l -> !l.startsWith(EXPECTED)).toList();
            List<String> said = load(input).stream().map(d -> EXPECTED + d.location().line() + ":" + d.location().column() + "+"
                    + d.length() + " " + d.severity() + " " + d.code() + " " + d.message() + " / " + d.hint().orElseThrow()).toList();
            if (Boolean.getBoolean("lbd.golden.update")) {
                List<String> all = new ArrayList<>(input);
                all.addAll(said);
                Files.write(file, all);
            }
            assertThat(said).isEqualTo(lines.stream().filter(l -> l.startsWith(EXPECTED)).toList());
            assertThat(said).anySatisfy(s -> assertThat(s).contains(code(file)));
        }));
    }

    @TestFactory
    Stream<DynamicTest> aCommentSilencesIt() throws IOException {
        return files().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.removeIf(l -> l.startsWith(EXPECTED));
            Set<Integer> marked = load(lines).stream().filter(d -> d.code().equals(code(file)))
                    .map(d -> d.location().line()).collect(Collectors.toSet());
            marked.forEach(n -> lines.set(n - 1, lines.get(n - 1) + "  # why it is so # lbd: ignore LBX999, " + code(file)));
            assertThat(load(lines)).noneMatch(d -> d.code().equals(code(file)));
        }));
    }

    @Test
    void aCommentSilencesItsCodesOnly() {
        List<String> lines = List.of("backend b", " mode http", " option httpchk GET /", " http-check expect rstatus (2|3) # lbd: ignore LBX013");
        assertThat(load(lines)).singleElement().satisfies(d -> assertThat(d.code()).isEqualTo("LBX002"));
    }

    @Test
    void everyAdviceHasAFile() throws IOException {
        Set<String> codes = Arrays.stream(Code.values()).map(Code::id).filter(id -> id.startsWith("LBX"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> covered = files().stream().map(LintTest::code).collect(Collectors.toCollection(TreeSet::new));
        assertThat(covered).isEqualTo(codes);
    }

    private static List<Diagnostic> load(List<String> lines) {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of("src/test/resources/tls")))
                .loadText("l.cfg", String.join("\n", lines) + "\n");
        assertThat(result.hasErrors()).as("%s", result.diagnostics()).isFalse();
        return result.diagnostics().stream().filter(d -> d.code().startsWith("LBX")).toList();
    }

    /** {@code LBX002-part.cfg} is of LBX002. */
    private static String code(Path file) {
        return file.getFileName().toString().substring(0, 6);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }
}
