package net.lbd.config.syntax;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing to tell about a configuration. Immutable.
 *
 * @param code the stable name of this kind of message, such as {@code LB1001}; each has a page in
 *     {@code docs/diagnostics}
 * @param location where the token begins; {@link SourceLocation#BUILT_IN} if no line is to blame
 * @param length of the token in characters; 0 if the message is about a whole file
 * @param sourceLine the line as it stands in the file; empty if it could not be read
 * @param message what was read and what is accepted, in one line
 * @param hint how to mend it
 */
public record Diagnostic(
        Severity severity,
        String code,
        SourceLocation location,
        int length,
        String sourceLine,
        String message,
        Optional<String> hint) {

    public Diagnostic {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(sourceLine, "sourceLine");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
        if (length < 0) {
            throw new IllegalArgumentException("length " + length);
        }
    }

    /** {@link #toString} and the code: for logs. */
    public String logLine() {
        return this + " (" + code + ")";
    }

    /** {@code file:line:column: message}, without the source line; without a place if it has none. */
    @Override
    public String toString() {
        return location.isBuiltIn() ? message : location + ": " + message;
    }
}
