package net.lbd.core.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.health.Watch;

/**
 * Counts errors of a server's traffic in a row, and tells its checks when there are too many. Thread-safe: the count is
 * atomic, the watch hands what it is told to its own loop. Source: HAProxy manual, "observe", "error-limit", "on-error".
 */
final class TrafficObserver implements TrafficWatch {

    private final boolean answers;
    private final int limit;
    private final Watch.Observation reaction;
    private final Watch watch;
    private final ServerState state;
    private final AtomicInteger errors = new AtomicInteger();

    private TrafficObserver(Settings settings, Watch watch, ServerState state) {
        this.answers = settings.get(ServerSettings.OBSERVE) == ServerSettings.Observe.LAYER7;
        this.limit = settings.get(ServerSettings.ERROR_LIMIT);
        this.reaction = Watch.Observation.valueOf(settings.get(ServerSettings.ON_ERROR).name());
        this.watch = watch;
        this.state = state;
    }

    /** @param watch of the server's checks */
    static TrafficWatch of(Settings settings, Watch watch, ServerState state) {
        return settings.get(ServerSettings.OBSERVE) == ServerSettings.Observe.NONE
                ? TrafficWatch.NONE : new TrafficObserver(settings, watch, state);
    }

    @Override
    public void saw(Seen seen) {
        if (seen.isOfAnswers() && !answers) {
            return;
        }
        if (seen.isGood()) {
            // A connection that is made says nothing of the answers.
            if ((!answers || seen.isOfAnswers()) && errors.get() != 0) {
                errors.set(0);
            }
            return;
        }
        int now = errors.incrementAndGet();
        if (now >= limit && errors.compareAndSet(now, 0)) {
            state.countFailedObservation();
            watch.observed(reaction, "Detected " + now + " consecutive errors, last one was: " + seen.description());
        }
    }
}
