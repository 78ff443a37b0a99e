package net.lbd.core.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.lbd.core.listen.Generation;
import net.lbd.core.report.SessionFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loads of the configuration that sessions still follow, and the end of old ones. An exchange follows the configuration that it
 * began with, and a connection in mode http takes the newest at its next request (decision 3), so that what keeps an old one alive are
 * TCP connections, tunnels, long polls and downloads. Thread-safe; its methods wait for the event loops, and are not for them.
 */
public final class Generations {

    /** A request that has been open for so long is counted as a long poll: those of Outlook and of phones are, and hardly any other. */
    public static final Duration LONG_POLL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private final ProxyEngine engine;
    /** When those that were told to end are cut, in nanoseconds of {@link System#nanoTime}, by number. */
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();

    Generations(ProxyEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /**
     * One load of the configuration at a moment. Immutable.
     *
     * @param active TCP connections, requests under way, tunnels
     * @param atRest connections in mode http between two requests, which take the newest configuration at the next one
     * @param longPolls those of the active that are requests open for {@link #LONG_POLL}
     * @param oldestMillis the age of its oldest active session; 0 without any
     * @param ends how long until what is left is cut; empty if nobody has asked for that
     */
    public record Facts(Generation generation, boolean isInForce, int active, int atRest, int longPolls, long oldestMillis,
            Optional<Duration> ends) { }

    /** What is in force and what sessions still follow, the oldest first; empty before the first configuration. */
    public List<Facts> list() {
        Optional<ProxyRuntime> runtime = engine.runtime();
        Map<Integer, Count> counts = new TreeMap<>();
        runtime.ifPresent(r -> counts.put(r.generation().number(), new Count(r.generation())));
        for (SessionFacts session : engine.traffic().sessions()) {
            counts.computeIfAbsent(session.generation().number(), n -> new Count(session.generation())).add(session);
        }
        ends.keySet().retainAll(counts.keySet());
        List<Facts> facts = new ArrayList<>();
        counts.values().forEach(count -> facts.add(count.facts(
                runtime.isPresent() && runtime.get().generation().number() == count.generation.number(), endOf(count.generation.number()))));
        return facts;
    }

    private Optional<Duration> endOf(int number) {
        return Optional.ofNullable(ends.get(number)).map(end -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /**
     * Lets what follows an old configuration end by itself for a while, and then ends it. A later call for the same one counts.
     *
     * @param within zero: at once
     * @return what it is about
     * @throws ChangeRefused for the configuration in force, and where nothing follows that one
     */
    public Facts end(int number, Duration within) throws ChangeRefused {
        Facts facts = list().stream().filter(f -> f.generation.number() == number).findFirst()
                .orElseThrow(() -> new ChangeRefused("no session follows generation " + number + " any more"));
        if (facts.isInForce) {
            throw new ChangeRefused("generation " + number + " is in force: 'soft-stop' and 'stop' end the process");
        }
        if (within.isZero()) {
            ends.remove(number);
            cut(number);
            return facts;
        }
        long end = System.nanoTime() + within.toNanos();
        ends.put(number, end);
        engine.later(() -> {
            // A later order for the same one has its own task.
            if (ends.remove(number, end)) {
                cut(number);
            }
        }, within);
        return facts;
    }

    private void cut(int number) {
        LOG.info("generation {} of the configuration is ended: {} connections were cut", number, engine.traffic().cutGeneration(number));
    }

    private static final class Count {
        private final Generation generation;
        private int active;
        private int atRest;
        private int longPolls;
        private long oldestMillis;

        Count(Generation generation) {
            this.generation = generation;
        }

        void add(SessionFacts session) {
            if (session.isAtRest()) {
                atRest++;
                return;
            }
            active++;
            longPolls += session.openMillis() >= LONG_POLL.toMillis() ? 1 : 0;
            oldestMillis = Math.max(oldestMillis, Math.max(session.openMillis(), session.http() == 0 ? session.ageMillis() : 0));
        }

        Facts facts(boolean inForce, Optional<Duration> ends) {
            return new Facts(generation, inForce, active, atRest, longPolls, oldestMillis, ends);
        }
    }
}
