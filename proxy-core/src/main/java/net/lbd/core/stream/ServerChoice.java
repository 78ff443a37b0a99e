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
     * @param kept a server that goes before the balancing, and that is waited for when it is full, unless its queue is full
     *     too; {@link Server#NONE} for none
     */
    public static ServerChoice make(Stream stream, Server kept) {
        stream.releaseServer();
        stream.setWaitingFor(Server.NONE);
        stream.setDirect(kept != Server.NONE);
        Backend backend = stream.backend();
        if (kept != Server.NONE) {
            if (claim(stream, kept)) {
                return TAKEN;
            }
            if (!kept.isQueueFull()) {
                stream.setWaitingFor(kept);
                return ALL_FULL;
            }
        }
        stream.setDirect(false);
        if (!mustWait(stream, backend) && choose(stream, backend)) {
            return TAKEN;
        }
        return backend.usableServers() > 0 ? ALL_FULL : NO_SERVER;
    }

    /** Takes a place, unless others wait for it who came before. */
    private static boolean claim(Stream stream, Server server) {
        if (server.state().queued() > 0 && !stream.hasQueued() || !server.acquire()) {
            return false;
        }
        stream.takeServer(server);
        return true;
    }

    /** Others wait already, and this stream has not had its turn. */
    private static boolean mustWait(Stream stream, Backend backend) {
        return backend.isLimited() && !stream.hasQueued() && backend.queue().size() > 0;
    }

    private static boolean choose(Stream stream, Backend backend) {
        if (backend.balancer().goesByLoads()) {
            Server server = backend.balancer().take(stream, stream.avoidedServer());
            if (server != Server.NONE) {
                stream.takeServer(server);
            }
            return server != Server.NONE;
        }
        Server before = Server.NONE;
        // Another worker may take the last place between choice and claim: the next try sees that server full.
        for (int tries = backend.servers().size(); tries >= 0; tries--) {
            Server server = backend.balancer().choose(stream, stream.avoidedServer());
            if (server == Server.NONE) {
                return false;
            }
            if (claim(stream, server)) {
                return true;
            }
            if (server == before && !server.isQueueFull()) {
                // It is the stream's key that wants this one.
                stream.setWaitingFor(server);
                return false;
            }
            before = server;
        }
        return false;
    }
}
