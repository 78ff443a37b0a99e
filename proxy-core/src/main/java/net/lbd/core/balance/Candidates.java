package net.lbd.core.balance;

import net.lbd.core.backend.Server;

/**
 * Which servers of a backend stand for choice at this moment: the usable ones that are no backups; if
 * there are none, the first usable backup. Pure functions.
 */
final class Candidates {

    /** Choose among all usable servers that are no backups. */
    static final int ACTIVE = -1;
    /** There is nothing to choose from. */
    static final int NOBODY = -2;

    private Candidates() { }

    /** {@link #ACTIVE}, {@link #NOBODY}, or the index of the backup that stands in. */
    static int look(Server[] servers) {
        int backup = NOBODY;
        for (int i = 0; i < servers.length; i++) {
            Server server = servers[i];
            if (server.isUsable()) {
                if (!server.isBackup()) {
                    return ACTIVE;
                }
                if (backup == NOBODY) {
                    backup = i;
                }
            }
        }
        return backup;
    }

    /** A lone candidate, if it has room. */
    static Server ifRoom(Server server) {
        return server.isFull() ? Server.NONE : server;
    }
}
