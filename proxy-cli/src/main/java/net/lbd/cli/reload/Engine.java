package net.lbd.cli.reload;

import java.util.List;
import java.util.concurrent.CompletionStage;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.listen.Frontend;

/**
 * The data plane as the daemon and its commands drive it; a seam, so that they are tested without
 * listeners and event loops. Thread-safe.
 */
public interface Engine extends AutoCloseable {

    /** Starts at the first call, reloads at later ones. Where it is not applied, nothing has changed. */
    Outcome apply(Configuration configuration);

    /** What serves at this moment; empty lists before the first successful {@link #apply}. */
    View view();

    /** Sets what the administrator wants of a server, and lets checks, balancer and queue follow. */
    void setAdmin(Backend backend, Server server, ServerState.Admin wanted);

    /** Closes the listeners; sessions go on to their end. */
    void softStop();

    /** Completed when no session is left after {@link #softStop}. */
    CompletionStage<Void> drained();

    /** Stops now; bounded in time. */
    @Override
    void close();

    /** @param problems why it was not applied, or warnings of one that was */
    record Outcome(boolean applied, List<Diagnostic> problems) {
        public Outcome {
            problems = List.copyOf(problems);
        }
    }

    /** The nouns of one snapshot, in the order of the configuration. */
    record View(List<Frontend> frontends, List<Backend> backends) {

        public static final View EMPTY = new View(List.of(), List.of());

        public View {
            frontends = List.copyOf(frontends);
            backends = List.copyOf(backends);
        }
    }
}
