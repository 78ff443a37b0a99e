package net.lbd.core.report;

import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.health.Watch;

/** What the statistics page may change. Thread-safe; its methods may wait for a reload, and are not for event loops. */
public interface Administration {

    /** Sets what the administrator wants of a server: traffic, checks and waiting streams follow. */
    void setAdmin(Backend backend, Server server, ServerState.Admin wanted);

    /** Switches the checks or the agent of a server on or off. */
    void setChecked(Server server, boolean agent, boolean on);

    /** Sets the state that the checks of a server have found out; false if it is not checked. */
    boolean forceHealth(Server server, Watch.Forced wanted);

    /** Sets the state that the agent of a server has told; false if it has none. */
    boolean forceAgent(Server server, boolean up);

    /** Ends the exchanges that have this server. */
    void shutdownSessions(Server server);
}
