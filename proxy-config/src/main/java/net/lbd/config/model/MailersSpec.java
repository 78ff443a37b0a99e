package net.lbd.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code mailers} section: mail servers that get alerts. Immutable. Source: HAProxy manual, "Mailers".
 *
 * @param timeout how long a mail may take; default 10s
 */
public record MailersSpec(String name, SourceLocation location, List<Mailer> mailers, Duration timeout) {

    /** A mail server. */
    public record Mailer(String name, AddressSpec address) {
        public Mailer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
        }
    }

    public MailersSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        mailers = List.copyOf(mailers);
        Objects.requireNonNull(timeout, "timeout");
    }
}
