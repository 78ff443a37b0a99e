package net.lbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the log and the control socket can say stands in the pages for operators. */
class DocumentationTest {

    private static final Path TOP = Path.of("..");

    @Test
    void everyCodeOfTheLogIsExplainedAndNoOther() throws IOException {
        Set<String> used = new TreeSet<>();
        for (String source : sources()) {
            Matcher code = Pattern.compile("\"(LB[HMR][0-9]{3}) ").matcher(source);
            while (code.find()) {
                used.add(code.group(1));
            }
        }
        Set<String> explained = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| (LB[A-Z][0-9]{3}) ").matcher(page("log-codes.md"));
        while (row.find()) {
            explained.add(row.group(1));
        }
        assertThat(used).hasSizeGreaterThan(5).isEqualTo(explained);
    }

    @Test
    void everyCommandOfTheControlSocketHasARow() throws IOException {
        List<String> rows = page("operating.md").lines().filter(line -> line.startsWith("| `")).toList();
        List<String> missing = new ArrayList<>();
        for (String source : sources()) {
            Matcher command = Pattern.compile("Command\\.of\\(\\s*\"([a-z0-9 -]+)\"").matcher(source);
            while (command.find()) {
                String[] words = command.group(1).strip().split(" ");
                if (rows.stream().noneMatch(row -> Stream.of(words).allMatch(word -> row.matches(".*\\b" + Pattern.quote(word) + "\\b.*")))) {
                    missing.add(command.group(1));
                }
            }
        }
        assertThat(missing).as("of docs/operating.md, \"The control socket\"").isEmpty();
    }

    private static String page(String name) throws IOException {
        return Files.readString(TOP.resolve("docs").resolve(name));
    }

    private static List<String> sources() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String module : List.of("proxy-cli", "proxy-core", "proxy-health", "proxy-l4", "proxy-config")) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                    try {
                        texts.add(Files.readString(file));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        return texts;
    }
}
