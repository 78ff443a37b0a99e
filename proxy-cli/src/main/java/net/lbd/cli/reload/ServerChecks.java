package net.lbd.cli.reload;

import io.netty.util.concurrent.Future;
import java.util.Optional;
import net.lbd.core.backend.Server;
import net.lbd.health.Watch;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/** What can be done with the checks of servers while they run. Thread-safe. */
public interface ServerChecks {

    /** Switches checks, or with {@code agent} those of the agent, on or off. */
    void setChecked(Server server, boolean agent, boolean on);

    /** Sets what the checks of a server have found out; false if it is not checked. */
    boolean force(Server server, Watch.Forced wanted);

    /** Sets what the agent of a server has said; false if it has none. */
    boolean forceAgent(Server server, boolean up);

    /** Runs one check beside the others, which counts for nothing; empty if the server is not checked. */
    Optional<Future<CheckResult>> probe(Server server, CheckTrace trace);

    /** Of an engine without checks. */
    ServerChecks NONE = new ServerChecks() {
        @Override
        public void setChecked(Server server, boolean agent, boolean on) {
            // There is nothing to be switched.
        }

        @Override
        public boolean force(Server server, Watch.Forced wanted) {
            return false;
        }

        @Override
        public boolean forceAgent(Server server, boolean up) {
            return false;
        }

        @Override
        public Optional<Future<CheckResult>> probe(Server server, CheckTrace trace) {
            return Optional.empty();
        }
    };
}
