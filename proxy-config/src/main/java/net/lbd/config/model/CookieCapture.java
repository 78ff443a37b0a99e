package net.lbd.config.model;

import java.util.Objects;

/**
 * {@code capture cookie}: the first cookie whose name and value, with the equals sign between them, begin so is kept for the log.
 * Immutable.
 *
 * @param beginning of the name
 * @param lengthBytes of name and value; what is longer is cut
 */
public record CookieCapture(String beginning, int lengthBytes) {

    public CookieCapture {
        Objects.requireNonNull(beginning, "beginning");
        if (beginning.isEmpty() || lengthBytes < 1) {
            throw new IllegalArgumentException(beginning + " len " + lengthBytes);
        }
    }
}
