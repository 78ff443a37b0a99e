package net.lbd.config.model;

import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code capture request header} or {@code capture response header} line. Immutable.
 *
 * @param header empty: a slot that only rules fill ({@code declare capture}, {@code http-request capture})
 * @param lengthBytes what is kept of the value; the rest is cut
 */
public record CaptureSpec(SourceLocation location, Direction direction, String header, int lengthBytes) {

    /** The message that the header is taken from. */
    public enum Direction { REQUEST, RESPONSE }

    public CaptureSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(header, "header");
        if (lengthBytes < 1) {
            throw new IllegalArgumentException("length " + lengthBytes);
        }
    }
}
