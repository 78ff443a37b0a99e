package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no daemon. */
class ConfigurationCommandsTest {

    private static final String DAMAGED = """
            defaults
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            listen l
              bind 127.0.0.1:18080
              no option forceclose
              server s 10.0.16:80
            """;

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return Lbctl.run(SocketLocations.only(folder.resolve("none.sock")),
                new Terminal(new PrintWriter(out), new PrintWriter(err), false), words);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("lbd.cfg"), text);
    }

    @Test
    void fixShowsTheDiffAndWritesNothing() throws IOException {
        Path file = file(DAMAGED);

        assertThat(run("check", "--fix", "-f", file.toString())).isZero();

        assertThat(out.toString()).contains("-  no option forceclose\n", "+  server s 10.0.0.16:80\n", "2 lines to mend; --write does it");
        assertThat(file).content().isEqualTo(DAMAGED);
    }

    @Test
    void fixWritesOnDemandAndKeepsPermissions() throws IOException {
        Path file = file(DAMAGED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(run("check", "--fix", "--write", "-f", file.toString())).isZero();

        assertThat(file).content().isEqualTo(DAMAGED.replace("  no option forceclose\n", "").replace("10.0.16", "10.0.0.16"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
        List<String> names = new ArrayList<>();
        try (var files = Files.list(folder)) {
            files.forEach(f -> names.add(f.getFileName().toString()));
        }
        assertThat(names).containsExactly("lbd.cfg");
    }

    @Test
    void anotherCharacterSetIsKept() throws IOException {
        byte[] latin = ("# \u00e9t\u00e9\n" + DAMAGED).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("latin.cfg"), latin);

        assertThat(run("check", "--fix", "--write", "-f", file.toString())).isZero();

        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)).startsWith("# \u00e9t\u00e9\n");
    }

    @Test
    void writeAloneIsWrongUsage() throws IOException {
        assertThat(run("check", "--write", "-f", file(DAMAGED).toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("stand with --fix only");
    }

    @Test
    void dumpPrintsTheEffectiveConfiguration() throws IOException {
        Path file = file(DAMAGED);

        assertThat(run("config", "dump", "-f", file.toString())).isZero();

        assertThat(out.toString()).startsWith("listen l  # " + file + ":5\n  timeout connect 1s  # defaults, " + file + ":2\n");
    }

    @Test
    void dumpOfAnErroneousConfigurationIsOne() throws IOException {
        assertThat(run("config", "dump", "-f", file("frontend\n").toString())).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void keywordsAreListed() {
        assertThat(run("config", "keywords")).isZero();
        assertThat(out.toString()).contains("bind\t-\tyes\tssl\n");
    }
}
