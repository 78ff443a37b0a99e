package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The configurations of the guides as they are printed: exactly this is said about each. The lists stand
 * beside the files, as {@code NAME.expected}; after an intended change {@code -Dlbd.golden.update=true}
 * writes them anew, to be read through and committed.
 */
class VerbatimTest {

    private static final Path FOLDER = Path.of("../conf-examples/verbatim");

    @TestFactory
    Stream<DynamicTest> saysExactlyThis() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(FOLDER)) {
            files = all.filter(f -> f.toString().endsWith(".cfg")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        // A folder that holds no certificate: the guides name theirs without saying where they are.
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of("/etc/lbd/none")))
                .loadText(name, Files.readString(file));
        List<String> said = new ArrayList<>();
        for (Diagnostic d : result.diagnostics()) {
            said.add(d.location().line() + ":" + d.location().column() + " " + d.severity() + " " + d.code() + " " + d.message()
                    + d.hint().map(h -> " / " + h.replace("\n", " / ")).orElse(""));
        }
        said.add(result.hasErrors() ? "refused" : "accepted");
        Path expected = file.resolveSibling(name.replaceAll("\\.cfg$", ".expected"));
        if (Boolean.getBoolean("lbd.golden.update")) {
            Files.write(expected, said);
        }
        assertThat(said).isEqualTo(Files.readAllLines(expected));
    }
}
