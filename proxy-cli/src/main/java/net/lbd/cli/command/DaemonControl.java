package net.lbd.cli.command;

import java.time.Instant;
import java.util.Optional;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;

/** What commands may ask of the daemon. Thread-safe. */
public interface DaemonControl {

    /** Blocks until the new configuration serves or is refused. */
    ReloadResult reload();

    /** Asks for the end of the process; returns at once, before it has ended. */
    void stop();

    /** Closes the listeners; the process ends when its sessions have, or after {@code hard-stop-after}. */
    void softStop();

    boolean isStopping();

    /** When the process began. */
    Instant startedAt();

    /** The configuration that serves. */
    Optional<Configuration> configuration();

    /** The runtime's nouns that serve. */
    Engine.View view();

    void setAdmin(Backend backend, Server server, ServerState.Admin wanted);
}
