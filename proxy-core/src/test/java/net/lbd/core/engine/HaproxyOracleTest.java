package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The engine answers as HAProxy does: the same configuration, the same requests, the same outcome. */
class HaproxyOracleTest {

    private static final Path FOLDER = Path.of("src/test/resources/oracle");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> answersAsHaproxyDoes() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
                for (HaproxyOracle.Case c : HaproxyOracle.read(file)) {
                    tests.add(DynamicTest.dynamicTest(file.getFileName() + " " + c.name(), () -> compare(c)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private void compare(HaproxyOracle.Case c) throws Exception {
        HaproxyProcess.assumeInstalled();
        List<String> expected = HaproxyOracle.haproxy(c.configuration(), c.requests(), folder);
        List<String> actual = HaproxyOracle.engine(c.configuration(), c.requests());
        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < expected.size(); i++) {
                all.assertThat(actual.get(i)).as("answer to %s", c.requests().get(i)).isEqualTo(expected.get(i));
            }
        });
    }
}
