package net.lbd.config.fix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MenderTest {

    private static final String DAMAGED = """
            defaults
              mode tcp
              timeout client 1s
              timeout server 1s
              timeout connect 1s
            frontend f
              bind :8080
              no option forceclose
              log-format {%sslV/%sslC/%ssl}
              default_backend b
            backend b
              option tcplog
              option httpchk HEAD /
              http-check expect rstatus (2|3|401)
              tcp-check expect string 220\\
              server s 10.0.16:80 check
            """;

    @Test
    void whatHasNoEffectGoesAndWhatIsReadOtherwiseIsWrittenSo() {
        String mended = mend(DAMAGED, false);

        assertThat(mended).isEqualTo(DAMAGED.replace("  no option forceclose\n", "").replace("  option tcplog\n", "")
                .replace("{%sslV/%sslC/%ssl}", "{%sslv/%sslc/%sslv}").replace("220\\", "220\" \"").replace("10.0.16", "10.0.0.16"));
        assertThat(load(mended)).extracting(Diagnostic::code).doesNotContain("LB1204", "LB1214", "LB1103", "LB1308", "LB1209");
        assertThat(mend(mended, false)).as("twice is once").isEqualTo(mended);
    }

    @Test
    void aRemovedOptionThatAsksForSomethingIsRenamed() {
        assertThat(mend("backend b\n mode http\n option   forceclose\n", false)).isEqualTo("backend b\n mode http\n option   httpclose\n");
    }

    @Test
    void rstatusIsAnchoredOnRequest() {
        assertThat(mend(DAMAGED, false)).contains("rstatus (2|3|401)");
        assertThat(mend(DAMAGED, true)).contains("rstatus ^(2|3|401)");
    }

    @Test
    void lineEndsAndByteOrderMarkStay() {
        String windows = "\ufeff" + DAMAGED.replace("\n", "\r\n");
        String mended = mend(windows, false);
        assertThat(mended).startsWith("\ufeffdefaults\r\n").contains("220\" \"\r\n").doesNotContain("forceclose");
        assertThat(mended.replace("\r\n", "")).doesNotContain("\n");
    }

    @Test
    void theLastLineMayLackItsEnd() {
        assertThat(mend("frontend f\n bind :80\n no option forceclose", false)).isEqualTo("frontend f\n bind :80\n");
        assertThat(mend("no option forceclose", false)).as("in no section it is an error, not a word without effect")
                .isEqualTo("no option forceclose");
    }

    @Test
    void thePatchProgramTakesTheDiff(@TempDir Path folder) throws IOException, InterruptedException {
        List<Mender.Change> changes = Mender.changes(load(DAMAGED), true);
        String diff = UnifiedDiff.of("a.cfg", DAMAGED, changes);

        assertThat(diff).startsWith("--- a.cfg\n+++ a.cfg\n@@ -5,12 +5,10 @@\n").contains("-  no option forceclose\n", "+  server s 10.0.0.16:80 check\n");
        Path patch = Path.of("/usr/bin/patch");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(patch), "patch is not installed");
        Path file = Files.writeString(folder.resolve("a.cfg"), DAMAGED);
        Path input = Files.writeString(folder.resolve("a.diff"), diff);
        Process process = new ProcessBuilder(patch.toString(), file.toString()).redirectInput(input.toFile()).redirectErrorStream(true).start();
        assertThat(process.waitFor()).as("%s", new String(process.getInputStream().readAllBytes())).isZero();
        assertThat(file).content().isEqualTo(Mender.apply(DAMAGED, changes));
    }

    @Test
    void farChangesAreHunksOfTheirOwn() {
        String text = "frontend f\n bind :80\n no option forceclose\n" + " # x\n".repeat(20) + " no option forceclose\n";
        assertThat(UnifiedDiff.of("a", text, Mender.changes(load(text), false)).lines().filter(l -> l.startsWith("@@")))
                .containsExactly("@@ -1,6 +1,5 @@", "@@ -21,4 +20,3 @@");
    }

    private static String mend(String text, boolean anchor) {
        return Mender.apply(text, Mender.changes(load(text), anchor));
    }

    private static List<Diagnostic> load(String text) {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), Path.of("src/test/resources/tls"))).loadText("a.cfg", text);
        return result.diagnostics();
    }
}
