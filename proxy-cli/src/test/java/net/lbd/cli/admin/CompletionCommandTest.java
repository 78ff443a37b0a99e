package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real bash completes with the script that {@code lbctl completion} prints. */
class CompletionCommandTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"'lbctl relo', reload", "'lbctl exchange ch', checklist", "'lbctl exchange g', generate",
        "'lbctl reload --so', --socket", "'lbctl completion z', zsh"})
    void completes(String line, String word) throws Exception {
        String[] words = line.split(" ");
        String answer = bash("COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.length - 1) + "; COMP_LINE='" + line
                + "'; _complete_lbctl; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(answer.lines().map(String::strip)).contains(word);
    }

    @Test
    void zshLoadsItsCompletionFirst() {
        assertThat(lbctl("completion", "zsh")).startsWith("autoload -U +X compinit && compinit\n");
    }

    private String bash(String lines) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("completion"), lbctl("completion", "bash"));
        Process bash = new ProcessBuilder("bash", "--norc", "-c", "source " + script + "; " + lines)
                .redirectErrorStream(true).start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private String lbctl(String... words) {
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(new StringWriter(), true), false);
        assertThat(Lbctl.run(SocketLocations.only(folder.resolve("none.sock")), terminal, words)).isZero();
        return out.toString();
    }
}
