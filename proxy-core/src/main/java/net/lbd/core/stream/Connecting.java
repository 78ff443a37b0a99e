package net.lbd.core.stream;

import java.net.SocketAddress;
import java.util.Optional;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.connect.ServerConnector;
import net.lbd.core.http.ConnectionAuth;

/**
 * Finds a connection to the chosen server: the client's own, else an idle one that may be shared, else a
 * new one. Credentials that speak for a connection never travel on one that has been or will be shared;
 * that is decided here, before the pool is asked.
 */
final class Connecting implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        Server server = stream.server();
        String sni = server.sni(stream);
        byte[] proxyHeader = server.proxyHeader(stream);
        boolean binds = ConnectionAuth.binds(stream.request());
        if (binds && !stream.client().carriesIdentity()) {
            stream.client().requireVersion1();
            return Verdict.YIELD;
        }
        Optional<ServerConnection> found = stream.client().takeOwn(server, sni, proxyHeader);
        if (found.isEmpty() && !binds && mayShare(stream)) {
            found = stream.worker().pool().take(server, sni, proxyHeader, firstRequestNeedsProof(stream));
        }
        if (found.isPresent()) {
            server.state().counters().reuses.increment();
            stream.useConnection(found.get(), true);
            if (binds) {
                found.get().bind();
            }
            return Verdict.CONTINUE;
        }
        Optional<SocketAddress> address = server.address(stream.session().destination());
        if (address.isEmpty()) {
            stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
            return new Verdict.Deny(503);
        }
        server.state().counters().connects.increment();
        stream.connect(ServerConnector.connect(stream.worker(), server, address.get(), sni, proxyHeader, stream), binds);
        return Verdict.YIELD;
    }

    /** Source: HAProxy manual, "http-reuse". */
    private static boolean mayShare(HttpStream stream) {
        boolean first = stream.session().requests() <= 1;
        return !stream.isFreshConnectionWanted() && switch (stream.backend().policy().reuse()) {
            case NEVER -> false;
            case SAFE -> !first;
            case AGGRESSIVE, ALWAYS -> true;
        };
    }

    /** {@code aggressive}: a client's first request only takes a connection that was reused before. */
    private static boolean firstRequestNeedsProof(HttpStream stream) {
        return stream.backend().policy().reuse() == HttpReuse.AGGRESSIVE && stream.session().requests() <= 1;
    }
}
