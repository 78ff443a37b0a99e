package net.lbd.core.balance;

import java.util.List;
import net.lbd.core.backend.Server;

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
}
