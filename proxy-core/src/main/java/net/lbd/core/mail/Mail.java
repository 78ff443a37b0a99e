package net.lbd.core.mail;

import java.util.Objects;

/**
 * A mail about a server. Immutable. Its parts hold neither control characters nor, but for the text, blanks.
 *
 * @param hello the name to greet with
 * @param text one line
 */
record Mail(String hello, String from, String to, String text) {
    Mail {
        Objects.requireNonNull(hello, "hello");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(text, "text");
    }
}
