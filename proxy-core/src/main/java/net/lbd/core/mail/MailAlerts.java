package net.lbd.core.mail;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.lbd.config.model.LogTargetSpec.Level;

/**
 * What mails a proxy sends about its servers, and to whom. Immutable; any thread. Source: HAProxy manual, "email-alert level".
 *
 * @param mailers each gets every mail
 * @param timeout of one mail
 * @param level messages that are less important are not mailed
 */
public record MailAlerts(MailSender sender, List<Mailer> mailers, Duration timeout, String hello, String from, String to, Level level) {

    /** A mail server. */
    public record Mailer(String name, InetSocketAddress address) {
        public Mailer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
        }
    }

    public MailAlerts {
        Objects.requireNonNull(sender, "sender");
        mailers = List.copyOf(mailers);
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(hello, "hello");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(level, "level");
    }

    /** Mails a sentence of the log if it is important enough. Never waits. */
    public void tell(Level importance, String sentence) {
        if (importance.ordinal() <= level.ordinal()) {
            StringBuilder line = new StringBuilder(sentence.length());
            // What a server has answered may stand in the sentence: it must not become a header.
            sentence.chars().forEach(c -> line.append(c < ' ' || c == 127 ? '?' : (char) c));
            Mail mail = new Mail(hello, from, to, line.toString());
            mailers.forEach(mailer -> sender.send(mailer, mail, timeout));
        }
    }
}
