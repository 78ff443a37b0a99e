package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Coverage-guided fuzzing, on demand: {@code mvn -Pfuzz -pl proxy-config test}, for {@code -Dlbd.fuzz.seconds} (60). What
 * it finds is kept in {@code target/fuzz}, and so is the corpus, from which the next run goes on.
 */
@Tag("fuzz")
class FuzzTest {

    @Test
    void noTextBreaksTheLoader() throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(Path.of("target/fuzz/corpus"));
        List<String> seeds = Robustness.seeds();
        for (int i = 0; i < seeds.size(); i++) {
            Files.writeString(corpus.resolve("seed-" + i + ".cfg"), seeds.get(i));
        }
        Process jazzer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + ConfigurationFuzzer.class.getName(), "--instrumentation_includes=net.lbd.config.**",
                // A configuration is full of regular expressions and paths: that is no injection.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection:com.code_intelligence.jazzer.sanitizers.FilePathTraversal",
                "--reproducer_path=target/fuzz", "-artifact_prefix=target/fuzz/", "-timeout=10", "-rss_limit_mb=2048",
                "-max_len=65536", "-max_total_time=" + Integer.getInteger("lbd.fuzz.seconds", 60), corpus.toString()).inheritIO().start();
        try {
            assertThat(jazzer.waitFor()).as("see target/fuzz").isZero();
        } finally {
            jazzer.destroyForcibly();
        }
    }
}
