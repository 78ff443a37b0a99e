package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.command.SocketLocations;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real bash and a real zsh complete with the script that {@code lbctl completion} prints. */
class CompletionCommandTest {

    private static final Duration SLOW = Duration.ofSeconds(60);

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

    @ParameterizedTest
    @CsvSource({"server, web/ex1", "maintenance, ex1", "health, mail/ex1"})
    void serversAreThoseOfTheRunningDaemon(String command, String name) throws Exception {
        String daemon = "function lbctl() { [ \"$2\" = 'show stat -1 4 -1' ] && printf '# pxname,svname,qcur,\\nweb,ex1,0,\\nweb,zz2,0,\\nmail,ex1,0,\\n\\n'; }; ";
        String answer = bash(daemon + "COMP_WORDS=(lbctl " + command + " " + name.substring(0, 1) + "); COMP_CWORD=2; _complete_lbctl_servers; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(answer.lines().map(String::strip)).contains(name).doesNotContain("zz2");
        assertThat(bash("complete -p lbctl")).contains("-F _complete_lbctl_servers");
    }

    @Test
    void withoutADaemonNothingIsPrinted() throws Exception {
        // Outside of a key's press bash complains of picocli's compopt; of the daemon nothing is heard.
        assertThat(bash("function lbctl() { echo 'lbd is not running' >&2; return 3; }; COMP_WORDS=(lbctl server w); COMP_CWORD=2; _complete_lbctl_servers;"
                + " echo \"found ${#COMPREPLY[@]}\"")).contains("found 0").doesNotContain("not running");
    }

    @Test
    void zshLoadsItsCompletionFirst() {
        assertThat(lbctl("completion", "zsh")).startsWith("autoload -U +X compinit && compinit\n");
    }

    @Test
    void aRealZshCompletesWithIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")) && Files.isExecutable(Path.of("/usr/bin/tmux")), "needs zsh and tmux: apt-get install zsh tmux");
        Path script = Files.writeString(folder.resolve("completion"), lbctl("completion", "zsh"));
        Files.writeString(folder.resolve(".zshrc"), "PS1='zsh> '\nautoload -U compinit; compinit -u -d " + folder.resolve("dump") + "\nsource " + script + "\n");
        tmux("new-session", "-d", "-x", "100", "-y", "24", "env", "ZDOTDIR=" + folder, "zsh", "-i");
        try {
            Await.until("the shell", SLOW, () -> tmux("capture-pane", "-p").contains("zsh>"));
            tmux("send-keys", "lbctl exchange che", "Tab");
            Await.until("the whole word", SLOW, () -> tmux("capture-pane", "-p").contains("lbctl exchange checklist"));
        } finally {
            tmux("kill-server");
        }
    }

    private String tmux(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", folder.resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(List.of(words));
        Process tmux = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("tmux.out").toFile()).start();
        assertThat(tmux.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(folder.resolve("tmux.out"));
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
