package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every expression of a file yields here what it yields in HAProxy. A file has request lines behind {@code >>>} and one
 * expression on each other line; {@code #} begins a comment.
 */
class ExpressionOracleTest {

    private static final Path FOLDER = Path.of("src/test/resources/oracle-expressions");
    private static final int BATCH = 45;

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> yieldsWhatHaproxyYields() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                List<String> lines = Files.readAllLines(file).stream().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
                String request = "GET /a/b.html?x=1&y=2;z=%41 HTTP/1.1\n"
                        + String.join("\n", lines.stream().filter(l -> l.startsWith(">>> ")).map(l -> l.substring(4)).toList()) + "\n\n";
                List<String> expressions = lines.stream().filter(l -> !l.startsWith(">>> ")).toList();
                for (int i = 0; i < expressions.size(); i += BATCH) {
                    List<String> batch = expressions.subList(i, Math.min(i + BATCH, expressions.size()));
                    tests.add(DynamicTest.dynamicTest(file.getFileName() + " from " + batch.get(0), () -> compare(batch, request)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private void compare(List<String> expressions, String request) throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        StringBuilder configuration = new StringBuilder("""
                frontend fe
                  bind @BIND
                  declare capture request len 20
                  http-request set-var(txn.key) str(Zm9vYmFy)
                  http-request set-var(txn.alg) str(HS256)
                  http-request set-var(txn.a) str(va)
                """);
        for (int i = 0; i < expressions.size(); i++) {
            String quoted = expressions.get(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$");
            configuration.append("  http-request set-var(txn.r").append(i).append(") ").append('"').append(quoted).append("\"\n");
        }
        configuration.append("  http-request return status 200\n");
        for (int i = 0; i < expressions.size(); i++) {
            configuration.append("  http-after-response set-header X-").append(1000 + i).append(" <%[var(txn.r").append(i).append(")]>\n");
        }
        configuration.append("backend be\n  server s 127.0.0.1:9\n");
        List<String> expected = values(HaproxyOracle.haproxy(configuration.toString(), List.of(request), folder).get(0));
        List<String> actual = values(HaproxyOracle.engine(configuration.toString(), List.of(request)).get(0));
        assertThat(expected).hasSize(expressions.size());
        assertThat(actual).hasSize(expressions.size());
        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < expressions.size(); i++) {
                all.assertThat(actual.get(i)).as(expressions.get(i)).isEqualTo(expected.get(i));
            }
        });
    }

    private static List<String> values(String answer) {
        return answer.lines().filter(l -> l.startsWith("x-1")).sorted().toList();
    }
}
