package net.lbd.core.balance;

import net.lbd.config.model.HashAffinity;
import net.lbd.core.backend.Server;

/** Whether a stream stays with the server that its hash names. Pure functions. Source: HAProxy manual 3.x, "hash-preserve-affinity". */
final class Affinity {

    private Affinity() { }

    static boolean mayStay(Server server, HashAffinity affinity) {
        return switch (affinity) {
            case ALWAYS -> true;
            case MAXCONN -> !server.isFull();
            case MAXQUEUE -> !server.isFull() || !server.isQueueFull();
        };
    }
}
