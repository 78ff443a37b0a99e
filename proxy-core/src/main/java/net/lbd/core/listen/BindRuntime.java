package net.lbd.core.listen;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.StartTls;
import net.lbd.core.tls.BindTls;

/**
 * What a connection that is accepted now gets; replaced as a whole by a reload. Immutable.
 *
 * @param acceptProxy each connection begins with a PROXY header
 * @param startTls the mail protocol in which clients ask for TLS; empty: the connection begins with it
 * @param file what the file of a Unix socket is like
 */
public record BindRuntime(Frontend frontend, String name, boolean acceptProxy, UnixSocketFile file,
        Optional<StartTls> startTls, Optional<BindTls> tls) {

    public BindRuntime {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(startTls, "startTls");
        Objects.requireNonNull(tls, "tls");
    }

    /** Of a plain bind. */
    public static BindRuntime plain(Frontend frontend, String name) {
        return new BindRuntime(frontend, name, false, UnixSocketFile.PLAIN, Optional.empty(), Optional.empty());
    }
}
