package net.lbd.core.stream;

import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;

/** Takes a place on a server for a stream of either kind; what came of it. */
public enum ServerChoice {

    /** The stream has a server. */
    TAKEN,
    /** Every usable server is full: the stream must queue. */
    ALL_FULL,
    /** No server is usable. */
    NO_SERVER;

    /**
     * Chooses, after giving back what the stream may have had.
     *
     * @param kept a server that goes before the balancing; {@link Server#NONE} for none
     */
    public static ServerChoice make(Stream stream, Server kept) {
        stream.releaseServer();
        Backend backend = stream.backend();
        if (kept != Server.NONE && kept.acquire()) {
            stream.takeServer(kept);
            return TAKEN;
        }
        if (!mustWait(stream, backend) && choose(stream, backend)) {
            return TAKEN;
        }
        return backend.usableServers() > 0 ? ALL_FULL : NO_SERVER;
    }

    /** Others wait already, and this stream has not had its turn. */
    private static boolean mustWait(Stream stream, Backend backend) {
        return backend.isLimited() && !stream.hasQueued() && backend.queue().size() > 0;
    }

    private static boolean choose(Stream stream, Backend backend) {
        // Another worker may take the last place between choice and claim: the next try sees that server full.
        for (int tries = backend.servers().size(); tries >= 0; tries--) {
            Server server = backend.balancer().choose(stream, stream.avoidedServer());
            if (server == Server.NONE) {
                return false;
            }
            if (server.acquire()) {
                stream.takeServer(server);
                return true;
            }
        }
        return false;
    }
}
