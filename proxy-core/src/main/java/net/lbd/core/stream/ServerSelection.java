package net.lbd.core.stream;

import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;

/**
 * Chooses a server for an HTTP request. One that a {@code use-server} line or the client's cookie names goes first. A client whose identity is bound to a server connection stays
 * with that server whatever the balancing says; with {@code option prefer-last-server} every client
 * stays as long as it can. If all usable servers are full, the stream goes to the queue.
 */
final class ServerSelection implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        Backend backend = stream.backend();
        // First: it finds out whether servers that are down count, for what follows too.
        Server kept = stream.persistentServer();
        Server stuck = backend.rules().stick().match(stream);
        if (kept == Server.NONE) {
            kept = stream.client().boundServer(backend);
        }
        if (kept == Server.NONE) {
            // Also under ignore-persist, which speaks of cookies: HAProxy 2.6 does so.
            kept = stuck;
        }
        if (kept == Server.NONE && backend.policy().preferLastServer() && stream.retries() == 0) {
            kept = stream.client().lastServer(backend);
            int longest = backend.policy().maxKeepAliveQueue();
            if (longest >= 0 && kept != Server.NONE && kept.isFull() && kept.state().queued() >= longest) {
                kept = Server.NONE;
            }
        }
        if (ServerChoice.make(stream, kept) != ServerChoice.NO_SERVER) {
            return Verdict.CONTINUE;
        }
        stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
        return new Verdict.Deny(503);
    }
}
