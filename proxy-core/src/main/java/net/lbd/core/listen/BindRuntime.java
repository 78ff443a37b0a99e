package net.lbd.core.listen;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.tls.BindTls;

/**
 * What a connection that is accepted now gets; replaced as a whole by a reload. Immutable.
 *
 * @param acceptProxy each connection begins with a PROXY header
 * @param file what the file of a Unix socket is like
 */
public record BindRuntime(Frontend frontend, String name, boolean acceptProxy, UnixSocketFile file,
        Optional<BindTls> tls) {

    public BindRuntime {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(tls, "tls");
    }

    /** Of a plain bind. */
    public static BindRuntime plain(Frontend frontend, String name) {
        return new BindRuntime(frontend, name, false, UnixSocketFile.PLAIN, Optional.empty());
    }
}
