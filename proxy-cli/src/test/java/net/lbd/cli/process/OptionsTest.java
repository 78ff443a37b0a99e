package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.lbd.cli.process.Options.Mode;
import net.lbd.cli.process.Options.UsageException;
import net.lbd.config.model.ControlSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {

    private static Options parse(String words) throws UsageException {
        return Options.parse(words.isEmpty() ? List.of() : Arrays.asList(words.split(" ")));
    }

    @Test
    void filesKeepTheirOrder() throws UsageException {
        assertThat(parse("-f a.cfg -f dir -db -- b.cfg -c").files())
                .containsExactly(Path.of("a.cfg"), Path.of("dir"), Path.of("b.cfg"), Path.of("-c"));
    }

    @ParameterizedTest
    @CsvSource({
        "-f x, RUN", "-c -f x, CHECK", "-f x -c -V, CHECK", "-v, VERSION", "-vv, BUILD", "-h, HELP", "--help, HELP",
        "-c -f x -v, VERSION", "-f x -db -q, RUN", "-- x, RUN",
    })
    void modeFollowsTheFlags(String words, Mode mode) throws UsageException {
        assertThat(parse(words).mode()).isEqualTo(mode);
    }

    @Test
    void switchesAreRead() throws UsageException {
        Options options = parse("-f x -dW -q -p /run/x.pid");

        assertThat(options.zeroWarning()).isTrue();
        assertThat(options.isSilent()).isTrue();
        assertThat(options.pidFile()).contains(Path.of("/run/x.pid"));
        assertThat(parse("-f x -q -V").isSilent()).as("-V wins").isFalse();
        assertThat(parse("-f x").zeroWarning()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "  => no configuration: name one with '-f FILE'; 'lbd -h' lists the flags",
        "-c => no configuration: name one with '-f FILE'; 'lbd -h' lists the flags",
        "-f => '-f' wants an argument: -f FILE|DIR",
        "-f x -p => '-p' wants an argument: -p FILE",
        "-f x -c --format xml => '--format xml': use text, json or sarif",
        "-f x -zz => unknown flag '-zz'; 'lbd -h' lists the flags",
        "-f x -dbq => unknown flag '-dbq'; 'lbd -h' lists the flags",
        "-C /tmp -f x => '-C /tmp' is carried out by the start script 'lbd'; without it, change to the folder before the start",
        "-f x -S /run/m.sock,mood,600 => '-S /run/m.sock,mood,600': behind the address stand mode, user, group and level, each with its value behind a comma",
        "-f x -S /run/m.sock,mode,abc => '-S /run/m.sock,mode,abc': For input string: \"abc\" under radix 8",
        "x.cfg => 'x.cfg' is no flag; write '-f x.cfg' to read a file",
    }, delimiterString = " => ")
    void mistakesAreAnsweredByASentence(String words, String sentence) {
        assertThatThrownBy(() -> parse(words == null ? "" : words.trim())).isInstanceOf(UsageException.class).hasMessage(sentence);
    }

    @ParameterizedTest
    @EnumSource(Flag.class)
    void everyFlagWorksOrSaysWhyNot(Flag flag) throws UsageException {
        List<String> words = List.of("-f", "x", flag.text(), "argument");
        switch (flag.kind()) {
            case NOT_YET -> assertThatThrownBy(() -> Options.parse(words))
                    .hasMessage("'" + flag.text() + "' is not supported yet: " + flag.doc());
            case NO_EFFECT -> assertThat(Options.parse(List.of("-f", "x", flag.text())).notices())
                    .containsExactly("'" + flag.text() + "' has no effect here: " + flag.doc());
            case WORKS -> assertThat(Options.usage()).contains(flag.usage()).contains(flag.doc());
        }
    }

    @Test
    void theMasterSocketIsOneMoreControlSocket() throws UsageException {
        ControlSockets.Socket socket = parse("-W -f x -S /run/m.sock,mode,660,group,lbd,level,operator").masterSocket().orElseThrow();
        assertThat(socket.address().text()).isEqualTo("/run/m.sock");
        assertThat(socket.mode()).contains(0660);
        assertThat(socket.group()).contains("lbd");
        assertThat(socket.level()).isEqualTo(ControlSockets.Level.OPERATOR);
        assertThat(parse("-Ws -f x -S 127.0.0.1:9999").masterSocket().orElseThrow().level()).isEqualTo(ControlSockets.Level.ADMIN);
    }
}
