package net.lbd.core.stream;

import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.connect.ConnectionPool;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.connect.ServerConnector;
import net.lbd.core.connect.Sharing;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.ConnectionAuth;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;

/**
 * Finds a connection to the chosen server: the client's own, else an idle one that may be shared, else a
 * new one. Credentials that speak for a connection never travel on one that has been or will be shared;
 * that is decided here, before the pool is asked.
 */
final class Connecting implements Phase {

    private static final byte[] GET = {'G', 'E', 'T'};
    private static final byte[] HEAD = {'H', 'E', 'A', 'D'};
    private static final LocalReply.Header NO_CACHE = new LocalReply.Header(Ascii.bytes("Cache-Control"), Ascii.bytes("no-cache"));
    private static final byte[] LOCATION = Ascii.bytes("Location");
    private static final byte[] NO_BODY = {};

    @Override
    public Verdict run(HttpStream stream) {
        Server server = stream.server();
        if (server.redirect().isPresent() && (stream.request().methodIs(GET) || stream.request().methodIs(HEAD))) {
            stream.termination().set(Termination.Cause.LOCAL, Termination.Stage.CONNECT);
            return new Verdict.Reply(redirect(stream.request(), server.redirect().get()));
        }
        Opening opening = server.opening(stream);
        boolean binds = ConnectionAuth.binds(stream.request());
        if (binds && !stream.client().carriesIdentity()) {
            stream.client().requireVersion1();
            return Verdict.YIELD;
        }
        Ways.Way way = wayOf(stream, server);
        Optional<ServerConnection> found = stream.client().takeOwn(server, way, opening);
        if (found.isEmpty() && !binds && !stream.isFreshConnectionWanted()) {
            found = shared(stream, server, way, opening);
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
        // One that speaks for a client from its beginning has nobody else wait for it.
        stream.connect(binds ? ServerConnector.connect(stream.worker(), server, way, address.get(), opening, stream)
                : ServerConnector.connect(stream.worker(), server, way, address.get(), opening, sharing(stream), stream), binds);
        return Verdict.YIELD;
    }

    private static Sharing sharing(HttpStream stream) {
        return new Sharing(stream.session().root(), stream.backend().policy().reuse(), firstRequestNeedsProof(stream));
    }

    /** {@code redir} of servers: the prefix, and the request's path and query behind it. */
    private static LocalReply redirect(HttpMessage request, byte[] prefix) {
        int from = request.hasPath() ? request.pathOffset() : request.targetOffset();
        int length = request.hasPath() ? request.targetOffset() + request.targetLength() - from : 0;
        byte[] location = Arrays.copyOf(prefix, prefix.length + length);
        System.arraycopy(request.bytes(), from, location, prefix.length, length);
        return new LocalReply(302, List.of(NO_CACHE, new LocalReply.Header(LOCATION, location)), NO_BODY, true);
    }

    private static Ways.Way wayOf(HttpStream stream, Server server) {
        Ways ways = server.ways();
        return ways.webSocket() == ways.usual() || !stream.asksForWebSocket() ? ways.usual() : ways.webSocket();
    }

    /** An idle one, else room on one that carries several streams at a time. Source: HAProxy manual, "http-reuse". */
    private static Optional<ServerConnection> shared(HttpStream stream, Server server, Ways.Way way, Opening opening) {
        HttpReuse reuse = stream.backend().policy().reuse();
        boolean first = stream.session().requests() <= 1;
        boolean amongClients = reuse == HttpReuse.AGGRESSIVE || reuse == HttpReuse.ALWAYS;
        boolean proven = firstRequestNeedsProof(stream);
        ConnectionPool pool = stream.worker().pool();
        Object client = stream.session().root();
        Optional<ServerConnection> found = amongClients || reuse == HttpReuse.SAFE && !first
                ? pool.take(server, way, opening, proven, client, reuse)
                : Optional.empty();
        // A first request does not go where others went before; but the streams of one client may share what the first of them has.
        return found.isPresent() || first && !amongClients ? found
                : pool.join(server, way, opening, proven, client, reuse);
    }

    /** {@code aggressive}: a client's first request only takes a connection that was reused before. */
    private static boolean firstRequestNeedsProof(HttpStream stream) {
        return stream.backend().policy().reuse() == HttpReuse.AGGRESSIVE && stream.session().requests() <= 1;
    }
}
