package net.lbd.cli.reload;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.log.LogRing;
import net.lbd.core.peers.PeersService;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.report.ReportSource;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.Generations;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.core.runtime.ServerChanges;
import net.lbd.core.runtime.TrafficControl;
import net.lbd.core.tls.CertificateStore;

/**
 * The data plane as the daemon and its commands drive it; a seam, so that they are tested without
 * listeners and event loops. Thread-safe.
 */
public interface Engine extends AutoCloseable {

    /** Starts at the first call, reloads at later ones. Where it is not applied, nothing has changed. */
    ApplyResult apply(Configuration configuration);

    /** What serves at this moment; empty before the first successful {@link #apply}. */
    Optional<ProxyRuntime> runtime();

    /** What is shared with other processes; empty without a section of peers. */
    default Optional<PeersService> peers() {
        return Optional.empty();
    }

    /** The rings that log lines go to. */
    default List<LogRing> rings() {
        return List.of();
    }

    /** What is told to monitors. */
    ReportSource report();

    /** The sockets that are listened on. */
    List<Listening> listeners();

    /** Sets what the administrator wants of a server, and lets those follow who wait for it. */
    void setAdmin(Backend backend, Server server, ServerState.Admin wanted);

    /** What can be done with the checks of servers. */
    default ServerChecks checks() {
        return ServerChecks.NONE;
    }

    /** What can be done with the traffic; empty where there is none, as in tests. */
    default Optional<TrafficControl> traffic() {
        return Optional.empty();
    }

    /** The loads of the configuration that sessions still follow; empty where there is no traffic, as in tests. */
    default Optional<Generations> generations() {
        return Optional.empty();
    }

    /** What can be done with the servers of backends; empty where there are none, as in tests. */
    default Optional<ServerChanges> serverChanges() {
        return Optional.empty();
    }

    /** What can be done with the addresses of servers. */
    default ServerPlaces places() {
        return ServerPlaces.NONE;
    }

    /** The certificates that clients are shown. */
    CertificateStore certificates();

    /** A soft stop is to come: {@code stopping} is true, and all goes on. */
    default void announceStop() { }

    /** Closes the listeners; sessions go on to their end. */
    void softStop();

    /** What is listened on, for the process behind this one; empty where it cannot be handed over. */
    default List<ReceivedSockets.Held> held() {
        return List.of();
    }

    /** As {@link #softStop}, behind which another process has the sockets. */
    default void handedOver() {
        softStop();
    }

    /** Closes client connections that have been at rest for so long. */
    default void closeRested(Duration rest) { }

    /** Client connections at this moment. */
    int connections();

    /** What the process takes in a second. */
    ProcessRates rates();

    /** Whether every event loop answers within the bound; never blocks. Call it a few times within the bound. */
    boolean isAlive(Duration bound);

    /** Stops now; bounded in time. */
    @Override
    void close();

    /**
     * @param address with the real port where the configuration asks for any
     * @param ssl whether clients speak TLS there
     */
    record Listening(String frontend, String address, boolean ssl) {
        public Listening {
            Objects.requireNonNull(frontend, "frontend");
            Objects.requireNonNull(address, "address");
        }
    }
}
