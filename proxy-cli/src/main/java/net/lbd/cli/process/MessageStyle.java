package net.lbd.cli.process;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a line of the daemon's own messages begins with. Under journald, which keeps time and process by
 * itself, it is the priority in angle brackets (sd-daemon(3)); elsewhere the time. Then follow HAProxy's
 * label and the process id, which tools look for. Immutable.
 *
 * @param journal whether standard error goes to the journal
 */
record MessageStyle(boolean journal) {

    /** How much a message matters, with HAProxy's label and syslog's number. */
    enum Label {
        ALERT(3), WARNING(4), NOTICE(5), DEBUG(7);

        private final int priority;

        Label(int priority) {
            this.priority = priority;
        }
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final long PID = ProcessHandle.current().pid();

    /** systemd sets {@code JOURNAL_STREAM} where it connects standard error with the journal. */
    static MessageStyle of(Map<String, String> environment) {
        return new MessageStyle(environment.containsKey("JOURNAL_STREAM"));
    }

    /** The whole line, with its newline; line breaks within the message become blanks. */
    String line(Label label, Instant time, String message) {
        String text = message.indexOf('\n') < 0 ? message : message.strip().replaceAll("\\s*\\R\\s*", " ");
        String head = journal ? "<" + label.priority + ">" : TIME.format(time) + " ";
        return head + String.format(Locale.ROOT, "%-10s (%d) : ", "[" + label + "]", PID) + text + "\n";
    }

    /** As {@link #line}, of this moment; for messages of the command line, before there is a log. */
    static String plain(Label label, String message) {
        return String.format(Locale.ROOT, "%-10s (%d) : %s%n", "[" + label + "]", PID, message);
    }
}
