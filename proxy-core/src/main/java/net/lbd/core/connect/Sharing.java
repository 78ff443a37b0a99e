package net.lbd.core.connect;

import java.util.Objects;
import net.lbd.config.model.HttpReuse;

/**
 * With whom a stream may share a connection. Immutable. Source: HAProxy manual, "http-reuse".
 *
 * @param client whose stream it is, by identity
 * @param reuse whether streams of several clients may be on one connection at a time
 * @param proven only on one that has been used again before
 */
public record Sharing(Object client, HttpReuse reuse, boolean proven) {
    public Sharing {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(reuse, "reuse");
    }
}
