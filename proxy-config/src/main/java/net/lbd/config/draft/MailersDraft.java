package net.lbd.config.draft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.MailersSpec;
import net.lbd.config.syntax.Word;

/** What a {@code mailers} section holds. Not thread-safe. */
public final class MailersDraft {

    private final List<MailersSpec.Mailer> mailers = new ArrayList<>();
    private Duration timeout = Duration.ofSeconds(10);

    public List<MailersSpec.Mailer> mailers() {
        return mailers;
    }

    public void timeout(Duration time) {
        timeout = time;
    }

    public MailersSpec toSpec(Word name) {
        return new MailersSpec(name.text(), name.location(), mailers, timeout);
    }
}
