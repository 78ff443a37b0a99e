package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import net.lbd.cli.process.MessageStyle.Label;
import org.junit.jupiter.api.Test;

class MessageStyleTest {

    private static final long PID = ProcessHandle.current().pid();

    @Test
    void journalGetsThePriorityAndNoTime() {
        MessageStyle style = MessageStyle.of(Map.of("JOURNAL_STREAM", "8:12345"));

        assertThat(style.line(Label.WARNING, Instant.EPOCH, "careful"))
                .isEqualTo("<4>[WARNING]  (" + PID + ") : careful\n");
    }

    @Test
    void elsewhereTheTimeComesFirst() {
        assertThat(MessageStyle.of(Map.of()).line(Label.ALERT, Instant.EPOCH, "bad"))
                .matches("19(69|70)-\\d\\d-\\d\\d \\d\\d:\\d\\d:00\\.000 \\[ALERT]    \\(" + PID + "\\) : bad\n");
    }

    @Test
    void messageStaysOnOneLine() {
        assertThat(new MessageStyle(true).line(Label.NOTICE, Instant.EPOCH, "one\n  two\r\nthree\n"))
                .isEqualTo("<5>[NOTICE]   (" + PID + ") : one two three\n");
    }
}
