package net.lbd.core.listen;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.tls.BindTls;

/** What a connection that is accepted now gets; replaced as a whole by a reload. Immutable. */
public record BindRuntime(Frontend frontend, String name, Optional<BindTls> tls, Http2 http2) {

    /** When a client of a bind in mode http speaks HTTP/2. */
    public enum Http2 {
        /** {@code proto h1}: never. */
        NEVER,
        /** When TLS has agreed on it. */
        AGREED,
        /** Also when it begins with the preface of HTTP/2 without TLS having agreed on anything. */
        DETECTED,
        /** {@code proto h2}: always. */
        ALWAYS
    }

    public BindRuntime(Frontend frontend, String name, Optional<BindTls> tls) {
        this(frontend, name, tls, Http2.DETECTED);
    }

    public BindRuntime {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(http2, "http2");
    }
}
