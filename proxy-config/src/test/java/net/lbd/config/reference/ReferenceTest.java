package net.lbd.config.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The committed reference is the one that the tables yield. After a change of a table
 * {@code mvn -pl proxy-config test -Dtest=ReferenceTest -Dlbd.reference.update=true} writes it anew.
 */
class ReferenceTest {

    private static final Path DOCS = Path.of("../docs");

    @Test
    void referenceIsWhatTheTablesYield() throws IOException {
        compare(DOCS.resolve("reference"), ReferenceWriter.reference());
    }

    @Test
    void everyDiagnosticHasAPage() throws IOException {
        compare(DOCS.resolve("diagnostics"), ReferenceWriter.diagnostics());
    }

    private static void compare(Path folder, Map<String, String> pages) throws IOException {
        if (Boolean.getBoolean("lbd.reference.update")) {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(folder.resolve(page.getKey()), page.getValue());
            }
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(folder.resolve(page.getKey())).content().isEqualTo(page.getValue());
        }
        Set<String> present;
        try (Stream<Path> files = Files.list(folder)) {
            present = files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(present).isEqualTo(new TreeSet<>(pages.keySet()));
    }
}
