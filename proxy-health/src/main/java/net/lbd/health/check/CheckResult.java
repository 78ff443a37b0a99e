package net.lbd.health.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/** What one check found out. Immutable. */
public sealed interface CheckResult {

    /** HAProxy keeps no more of a server's words; longer ones are cut. In bytes, which are characters here. */
    int INFO_LIMIT = 127;

    CheckStatus status();

    /** The code that the server's protocol gave, such as an HTTP status. */
    OptionalInt code();

    /** The server's words or ours, as HAProxy puts them; empty if there is nothing to say. */
    String info();

    /** From the start of the connection to the verdict. */
    Duration duration();

    /** When the verdict was reached. */
    Instant finished();

    /** Counts towards {@code rise} rather than towards {@code fall}. */
    default boolean passed() {
        return this instanceof Passed;
    }

    /** There was no descriptor, or no memory of the kernel's, to ask the server with: nothing is known of it. */
    default boolean isWithoutVerdict() {
        return !passed() && status() == CheckStatus.SOCKERR && SocketErrors.isOurs(info());
    }

    /** Passed, and the server asks for no new sessions: 404 under {@code disable-on-404}, {@code L7OKC}. */
    default boolean conditional() {
        return passed() && status() == CheckStatus.L7OKC;
    }

    /** Everything that was expected came. */
    record Passed(CheckStatus status, OptionalInt code, String info, Duration duration, Instant finished)
            implements CheckResult {
        public Passed {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(code, "code");
            info = cut(info);
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(finished, "finished");
        }
    }

    /**
     * The server refused, broke off or answered something else.
     *
     * @param detail more than HAProxy tells, such as why a certificate was refused; empty if there is nothing
     */
    record Failed(
            CheckStatus status, OptionalInt code, String info, String detail, Duration duration, Instant finished)
            implements CheckResult {
        public Failed {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(code, "code");
            info = cut(info);
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(finished, "finished");
        }
    }

    /** The server did not get as far in time. */
    record TimedOut(CheckStatus status, String info, Duration duration, Instant finished) implements CheckResult {
        public TimedOut {
            Objects.requireNonNull(status, "status");
            info = cut(info);
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(finished, "finished");
        }

        @Override
        public OptionalInt code() {
            return status.hasCode() ? OptionalInt.of(0) : OptionalInt.empty();
        }
    }

    /**
     * The reason as HAProxy's log lines give it, such as {@code Layer7 wrong status, code: 503, info: "Service
     * Unavailable", check duration: 3ms}. Quotes and bytes that do not print stand as {@code <22>}, so that a
     * server cannot forge a log line.
     */
    default String reason() {
        StringBuilder text = new StringBuilder(96).append(status().description());
        code().ifPresent(code -> text.append(", code: ").append(code));
        if (!info().isEmpty()) {
            text.append(", info: \"");
            for (int i = 0; i < info().length(); i++) {
                char c = info().charAt(i);
                if (c < 0x20 || c > 0x7e || c == '"') {
                    text.append(String.format("<%02X>", (int) c));
                } else {
                    text.append(c);
                }
            }
            text.append('"');
        }
        return text.append(", check duration: ").append(duration().toMillis()).append("ms").toString();
    }

    private static String cut(String info) {
        return info.length() <= INFO_LIMIT ? info : info.substring(0, INFO_LIMIT);
    }
}
