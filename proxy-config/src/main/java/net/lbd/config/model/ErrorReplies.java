package net.lbd.config.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a proxy answers in place of errors: the {@code errorfile}, {@code errorloc}, {@code errorfiles}
 * and {@code http-error} lines in the order of the file, those of its defaults first; of two for one
 * status the later counts. Immutable.
 */
public record ErrorReplies(List<Line> lines) {

    public static final ErrorReplies NONE = new ErrorReplies(List.of());

    /** The statuses for which an answer can be set: those that the proxy itself may send. Source: HAProxy manual, "errorfile". */
    public static final Set<Integer> STATUSES = Set.of(
            200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504);

    /** One line. */
    public sealed interface Line { }

    /** The answer for one status. */
    public record One(ReplySpec reply) implements Line {
        public One {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /**
     * {@code errorfiles}.
     *
     * @param statuses empty: every page of the section
     */
    public record Pages(String section, Set<Integer> statuses) implements Line {
        public Pages {
            Objects.requireNonNull(section, "section");
            statuses = Set.copyOf(statuses);
        }
    }

    public ErrorReplies {
        lines = List.copyOf(lines);
    }

    public ErrorReplies and(Line line) {
        List<Line> more = new ArrayList<>(lines);
        more.add(line);
        return new ErrorReplies(more);
    }
}
