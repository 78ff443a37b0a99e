package net.lbd.config.model;

import java.util.Locale;

/** A mail protocol that begins in the clear and goes over to TLS by a command. Source: RFC 3207, RFC 3501 §6.2.1, RFC 2595 §4. */
public enum StartTls {
    SMTP, IMAP, POP3;

    /** As the configuration spells it. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}
