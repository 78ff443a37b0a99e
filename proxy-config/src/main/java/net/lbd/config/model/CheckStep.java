package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.syntax.SourceLocation;

/**
 * One step of a health check. A check whose first step that does something is not a connect begins with an
 * implied one. Immutable.
 */
public sealed interface CheckStep {

    SourceLocation location();

    /** {@code comment}: what the administrator calls the step; messages about a failure quote it. */
    default Optional<String> comment() {
        return Optional.empty();
    }

    /**
     * {@code tcp-check connect}, {@code http-check connect}: a new connection; the one before is closed.
     *
     * @param address {@code addr}; may hold a port
     * @param port a number, or an expression in {@code portExpression}
     * @param alpn what to offer in place of what the server line says; empty: nothing was said
     */
    record Connect(SourceLocation location, Optional<AddressSpec> address, Optional<Integer> port,
            Optional<SampleSpec> portExpression, Set<ConnectFlag> flags, Optional<String> sni, List<String> alpn,
            Optional<String> comment)
            implements CheckStep {
        public Connect {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(port, "port");
            Objects.requireNonNull(portExpression, "portExpression");
            flags = Set.copyOf(flags);
            Objects.requireNonNull(sni, "sni");
            alpn = List.copyOf(alpn);
            Objects.requireNonNull(comment, "comment");
        }
    }

    /** A word of a {@link Connect}. */
    enum ConnectFlag {
        /** {@code default}: TLS and the like as the server line says. */
        DEFAULT,
        /** {@code ssl}. */
        SSL,
        /** {@code send-proxy}. */
        SEND_PROXY,
        /** {@code linger}: close with FIN; every connection of a check is. */
        LINGER
    }

    /**
     * {@code tcp-check send} and its kin.
     *
     * @param hex the text is pairs of hexadecimal digits
     */
    record TcpSend(SourceLocation location, LogFormatSpec data, boolean hex, Optional<String> comment)
            implements CheckStep {
        public TcpSend {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(comment, "comment");
        }
    }

    /**
     * {@code tcp-check expect}.
     *
     * @param negated {@code !}: the check fails if the pattern matches
     * @param pattern text, expression or hexadecimal digits; a literal but for the two {@code -lf} forms
     */
    record TcpExpect(SourceLocation location, boolean negated, TcpMatch match, LogFormatSpec pattern,
            Expectation expectation)
            implements CheckStep {
        public TcpExpect {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(match, "match");
            Objects.requireNonNull(pattern, "pattern");
            Objects.requireNonNull(expectation, "expectation");
        }

        @Override
        public Optional<String> comment() {
            return expectation.comment();
        }
    }

    /** How a {@link TcpExpect} looks at what was received; {@code keyword} is its word. */
    enum TcpMatch {
        STRING("string"), RSTRING("rstring"), STRING_LF("string-lf"), BINARY("binary"), RBINARY("rbinary"),
        BINARY_LF("binary-lf");

        private final String keyword;

        TcpMatch(String keyword) {
            this.keyword = keyword;
        }

        public String keyword() {
            return keyword;
        }
    }

    /**
     * What every {@code expect} may say beside its pattern.
     *
     * @param minimumBytes {@code min-recv}: how much must have come before the rule is looked at, and is then
     *     decided; -1: it is looked at whenever something comes, and decided at the end
     * @param okStatus {@code ok-status}, such as {@code L7OKC}
     * @param statusCode an expression that yields the code to report
     */
    record Expectation(int minimumBytes, Optional<String> comment, Optional<String> okStatus,
            Optional<String> errorStatus, Optional<String> timeoutStatus, Optional<LogFormatSpec> onSuccess,
            Optional<LogFormatSpec> onError, Optional<SampleSpec> statusCode) {

        /** Nothing is said. */
        public static final Expectation PLAIN = new Expectation(-1, Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public Expectation {
            Objects.requireNonNull(comment, "comment");
            Objects.requireNonNull(okStatus, "okStatus");
            Objects.requireNonNull(errorStatus, "errorStatus");
            Objects.requireNonNull(timeoutStatus, "timeoutStatus");
            Objects.requireNonNull(onSuccess, "onSuccess");
            Objects.requireNonNull(onError, "onError");
            Objects.requireNonNull(statusCode, "statusCode");
        }
    }

    /** {@code tcp-check comment}, {@code http-check comment}: a comment for the step that follows. */
    record Comment(SourceLocation location, String text) implements CheckStep {
        public Comment {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(text, "text");
        }
    }

    /** {@code set-var(name[,condition…])} and {@code set-var-fmt}: one of value and format is there. */
    record SetVar(SourceLocation location, String name, List<String> conditions, Optional<SampleSpec> value,
            Optional<LogFormatSpec> format)
            implements CheckStep {
        public SetVar {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(name, "name");
            conditions = List.copyOf(conditions);
            if (value.isPresent() == format.isPresent()) {
                throw new IllegalArgumentException("a variable is set to a sample or to a format");
            }
        }
    }

    /** {@code unset-var(name)}. */
    record UnsetVar(SourceLocation location, String name) implements CheckStep {
        public UnsetVar {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * {@code http-check send}, and the request of {@code option httpchk}.
     *
     * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
     */
    record HttpSend(SourceLocation location, String method, LogFormatSpec target, String version,
            List<Header> headers, LogFormatSpec content, Optional<String> comment)
            implements CheckStep {
        public HttpSend {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(version, "version");
            headers = List.copyOf(headers);
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(comment, "comment");
        }

        /** The target, as it was written. */
        public String uri() {
            return target.text();
        }

        /** The body, as it was written. */
        public String body() {
            return content.text();
        }
    }

    /** A header of a check's request. */
    record Header(String name, LogFormatSpec format) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(format, "format");
        }

        /** As it was written. */
        public String value() {
            return format.text();
        }
    }

    /**
     * {@code http-check expect}.
     *
     * @param negated {@code !}: the check fails if the pattern matches
     * @param pattern for {@code STATUS} one or more ranges in {@code statuses} instead, for the headers
     *     {@code header}
     */
    record HttpExpect(
            SourceLocation location,
            boolean negated,
            HttpMatch match,
            LogFormatSpec format,
            List<PatternSpec.Range> statuses,
            Optional<HeaderMatch> header,
            Expectation expectation)
            implements CheckStep {
        public HttpExpect {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(match, "match");
            Objects.requireNonNull(format, "format");
            statuses = List.copyOf(statuses);
            Objects.requireNonNull(header, "header");
            Objects.requireNonNull(expectation, "expectation");
        }

        /** The pattern, as it was written. */
        public String pattern() {
            return format.text();
        }

        @Override
        public Optional<String> comment() {
            return expectation.comment();
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
        /** The body contains the text that a log-format string makes. */
        STRING_LF,
        /** The body matches the regular expression somewhere. */
        RSTRING,
        /** A header, its value taken as a list parted by commas. */
        HDR,
        /** A header with its whole value. */
        FHDR
    }

    /**
     * {@code hdr} and {@code fhdr}: a header by its name, and by its value if one is given.
     *
     * @param value empty: the header need only be there
     */
    record HeaderMatch(TextMatch nameMatch, LogFormatSpec name, TextMatch valueMatch, Optional<LogFormatSpec> value) {
        public HeaderMatch {
            Objects.requireNonNull(nameMatch, "nameMatch");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(valueMatch, "valueMatch");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code -m str|beg|end|sub|reg}. */
    enum TextMatch { STR, BEG, END, SUB, REG }
}
