package net.lbd.config.keyword.rule;

import java.util.Objects;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;

/**
 * The actions of {@code http-request}, {@code http-response} and {@code http-after-response}, and the
 * {@code redirect} line. Source: HAProxy manual, section "Actions keywords".
 */
public final class HttpActionKeywords {

    /** {@code allow}: ends this proxy's rule list. */
    public record Allow() implements ActionSpec { }

    /** {@code deny [deny_status STATUS]}: answers with an error; 403 for a request, 502 for a response. */
    public record Deny(int status) implements ActionSpec { }

    /** {@code set-header NAME FMT}: replaces every header of the name by one. */
    public record SetHeader(String name, LogFormatSpec value) implements ActionSpec {
        public SetHeader {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code add-header NAME FMT}: appends a header. */
    public record AddHeader(String name, LogFormatSpec value) implements ActionSpec {
        public AddHeader {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code del-header NAME}: removes every header of the name. */
    public record DelHeader(String name) implements ActionSpec {
        public DelHeader {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * {@code redirect location|prefix|scheme FMT [code N] [drop-query] [append-slash] [ignore-empty]
     * [set-cookie NAME[=VALUE] | clear-cookie NAME[=]]}.
     *
     * @param code 301, 302 (the default), 303, 307 or 308
     * @param setCookie the value of the {@code Set-Cookie} header to send; empty: none is sent
     */
    public record Redirect(
            Kind kind,
            LogFormatSpec target,
            int code,
            boolean dropQuery,
            boolean appendSlash,
            boolean ignoreEmpty,
            String setCookie)
            implements ActionSpec {

        /** What the target replaces. */
        public enum Kind {
            /** The whole location. */
            LOCATION,
            /** What stands before the path. */
            PREFIX,
            /** The scheme; host and target stay. */
            SCHEME
        }

        public Redirect {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(setCookie, "setCookie");
        }
    }

    private HttpActionKeywords() { }
}
