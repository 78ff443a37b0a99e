package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * One step of a health check. A check whose first step is not a connect begins with an implied one.
 * Immutable.
 */
public sealed interface CheckStep {

    SourceLocation location();

    /**
     * {@code http-check send}, and the request of {@code option httpchk}.
     *
     * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
     */
    record HttpSend(
            SourceLocation location, String method, String uri, String version, List<Header> headers, String body)
            implements CheckStep {
        public HttpSend {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(uri, "uri");
            Objects.requireNonNull(version, "version");
            headers = List.copyOf(headers);
            Objects.requireNonNull(body, "body");
        }
    }

    /** A header of a check's request. */
    record Header(String name, String value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * {@code http-check expect}.
     *
     * @param negated {@code !}: the check fails if the pattern matches
     * @param pattern for {@code STATUS} one or more ranges in {@code statuses} instead
     * @param description {@code comment}
     */
    record HttpExpect(
            SourceLocation location,
            boolean negated,
            HttpMatch match,
            String pattern,
            List<PatternSpec.Range> statuses,
            Optional<String> description)
            implements CheckStep {
        public HttpExpect {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(match, "match");
            Objects.requireNonNull(pattern, "pattern");
            statuses = List.copyOf(statuses);
            Objects.requireNonNull(description, "description");
        }
    }

    /** What an {@link HttpExpect} looks at. */
    enum HttpMatch {
        /** The status, as a number. */
        STATUS,
        /** The status, by an unanchored regular expression. */
        RSTATUS,
        /** The body contains the text. */
        STRING,
        /** The body matches the regular expression somewhere. */
        RSTRING
    }
}
