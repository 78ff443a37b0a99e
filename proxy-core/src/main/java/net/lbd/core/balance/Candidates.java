package net.lbd.core.balance;

import java.util.List;
import java.util.function.IntUnaryOperator;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * Which servers of a backend stand for choice at this moment: the usable ones that are no backups; if
 * there are none, the first usable backup, or with {@code option allbackups} every one. Immutable; what it answers
 * follows the servers' state.
 */
final class Candidates {

    /** Those that are no backups. */
    static final int ACTIVE = -1;
    /** There is nothing to choose from. */
    static final int NOBODY = -2;
    /** All backups. */
    static final int BACKUPS = -3;

    final Server[] servers;
    private final boolean allBackups;

    Candidates(List<Server> servers, boolean allBackups) {
        this.servers = servers.toArray(Server[]::new);
        this.allBackups = allBackups;
    }

    /** Who stands for choice: {@link #ACTIVE}, {@link #BACKUPS}, {@link #NOBODY}, or the index of the one backup that stands in. */
    int group() {
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
        return allBackups && backup != NOBODY ? BACKUPS : backup;
    }

    /** Whether a server belongs to the group that stands for choice. */
    boolean isIn(int group, int i) {
        return group >= 0 ? i == group : servers[i].isUsable() && servers[i].isBackup() == (group == BACKUPS);
    }

    /**
     * The first with room that the stream has not failed on; else the first that it has failed on, and the last that failed only then.
     *
     * @param length how many there are in that order
     * @param order an index of {@link #servers} for each place
     */
    Server first(Stream stream, Server avoid, int group, int length, IntUnaryOperator order) {
        Server failed = Server.NONE;
        Server last = Server.NONE;
        for (int place = 0; place < length; place++) {
            int i = order.applyAsInt(place);
            Server server = servers[i];
            if (isIn(group, i) && !server.isFull()) {
                if (server == avoid) {
                    last = avoid;
                } else if (!stream.hasFailedOn(server)) {
                    return server;
                } else if (failed == Server.NONE) {
                    failed = server;
                }
            }
        }
        return failed != Server.NONE ? failed : last;
    }
}
