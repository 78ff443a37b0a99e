package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever a valid file is turned into: no exception, no hang, little memory, and each rejection has its place. */
class MutationPropertyTest {

    private static final Duration HANG = Duration.ofSeconds(30);

    @Property(tries = 400)
    void mutationsAreRefusedWithAPlaceOrAccepted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int mutations) throws IOException {
        List<String> seeds = Robustness.seeds();
        Random random = new Random(seed);
        String text = Robustness.mutate(seeds.get(random.nextInt(seeds.size())), random, mutations);
        assertTimeoutPreemptively(HANG, () -> Robustness.check(text));
    }

    @Property(tries = 300)
    void noiseIsRefusedWithAPlace(@ForAll List<@IntRange(min = 0, max = 0xffff) Integer> characters) {
        StringBuilder text = new StringBuilder("frontend f\n");
        characters.forEach(c -> text.append((char) c.intValue()));
        assertTimeoutPreemptively(HANG, () -> Robustness.check(text.toString()));
    }

    /** A thousand mutations, 4 MiB and 100,000 lines in a JVM of 256 MiB. */
    @Test
    void littleMemoryIsEnough() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError", "-cp", System.getProperty("java.class.path"), Robustness.class.getName(), "1", "1000")
                .redirectErrorStream(true).start();
        try {
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(said).contains("all well");
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
