package net.lbd.core.backend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Streams that wait for a place at one backend: for one server, since their cookie or another key says so, or for
 * whichever has one free. Over all workers they are served by priority class, then by the time of their coming, to which an
 * offset may be added. Thread-safe: guarded by its own lock, which is taken only where a server has a {@code maxconn}.
 * Source: HAProxy manual, "maxconn" of servers, "set-priority-class", "set-priority-offset".
 */
public final class ServerQueue {

    /** A stream that waits; called on an arbitrary thread, it must hop to its own loop. */
    public interface Waiter {

        /** Servers have changed: try again. The ticket is used up. */
        void wake(Ticket ticket);

        /** A place has been taken on this server for the stream, which gives it back if it does not use it. */
        void give(Ticket ticket, ServerState place);
    }

    /** A place in the queue. Immutable. */
    public static final class Ticket implements Comparable<Ticket> {

        private final Waiter waiter;
        private final Backend backend;
        private final Optional<ServerState> server;
        private final int priorityClass;
        private final long moment;
        private long number;

        /**
         * @param server the one that is waited for; {@link Server#NONE}: any
         * @param priorityClass lower ones go first
         * @param momentNanos earlier ones go first
         */
        public Ticket(Waiter waiter, Backend backend, Server server, int priorityClass, long momentNanos) {
            this.waiter = Objects.requireNonNull(waiter, "waiter");
            this.backend = Objects.requireNonNull(backend, "backend");
            this.server = server == Server.NONE ? Optional.empty() : Optional.of(server.state());
            this.priorityClass = priorityClass;
            this.moment = momentNanos;
        }

        /** Where it waits, as one snapshot of the configuration has it. */
        public Backend backend() {
            return backend;
        }

        @Override
        public int compareTo(Ticket other) {
            if (priorityClass != other.priorityClass) {
                return Integer.compare(priorityClass, other.priorityClass);
            }
            // A difference, as the clock may pass its highest number.
            return moment != other.moment ? Long.signum(moment - other.moment) : Long.compare(number, other.number);
        }
    }

    private final TreeSet<Ticket> any = new TreeSet<>();
    private final Map<ServerState, TreeSet<Ticket>> own = new HashMap<>();
    private long numbers;
    private volatile boolean limitedAtRunTime;

    /** A server of the backend has got a limit that the configuration does not know of. */
    void limitAtRunTime() {
        limitedAtRunTime = true;
    }

    boolean isLimitedAtRunTime() {
        return limitedAtRunTime;
    }

    private TreeSet<Ticket> of(Ticket ticket) {
        return ticket.server.isPresent() ? own.computeIfAbsent(ticket.server.get(), s -> new TreeSet<>()) : any;
    }

    /** Takes a stream in; returns how many wait where it does. */
    public synchronized int add(Ticket ticket) {
        ticket.number = ++numbers;
        TreeSet<Ticket> queue = of(ticket);
        queue.add(ticket);
        ticket.server.ifPresent(state -> {
            state.setQueued(queue.size());
            state.counters().countQueued(queue.size());
        });
        ticket.backend.counters().countQueued(queue.size());
        return queue.size();
    }

    /** Takes a stream out that gave up; false if it was served or woken already. */
    public synchronized boolean remove(Ticket ticket) {
        TreeSet<Ticket> queue = of(ticket);
        boolean removed = queue.remove(ticket);
        tidy(ticket, queue);
        return removed;
    }

    private void tidy(Ticket ticket, TreeSet<Ticket> queue) {
        ticket.server.ifPresent(state -> {
            state.setQueued(queue.size());
            if (queue.isEmpty()) {
                own.remove(state);
            }
        });
    }

    /** Whether somebody waits whom a place on this server would serve. */
    synchronized boolean hasFor(ServerState server, boolean fromAny) {
        return own.containsKey(server) || fromAny && !any.isEmpty();
    }

    /** Takes out whom a place on this server serves first. */
    synchronized Optional<Ticket> next(ServerState server, boolean fromAny) {
        TreeSet<Ticket> mine = own.get(server);
        Ticket first = mine == null ? null : mine.first();
        if (fromAny && !any.isEmpty() && (first == null || any.first().compareTo(first) < 0)) {
            return Optional.of(any.pollFirst());
        }
        if (first != null) {
            mine.remove(first);
            tidy(first, mine);
        }
        return Optional.ofNullable(first);
    }

    /** Takes everybody out. */
    synchronized List<Ticket> drain() {
        List<Ticket> all = new ArrayList<>(any);
        any.clear();
        own.forEach((state, queue) -> {
            all.addAll(queue);
            state.setQueued(0);
        });
        own.clear();
        all.sort(null);
        return all;
    }

    void wake(Ticket ticket) {
        ticket.waiter.wake(ticket);
    }

    void give(Ticket ticket, ServerState place) {
        ticket.waiter.give(ticket, place);
    }

    /** How many wait for whichever server has room. */
    public synchronized int size() {
        return any.size();
    }
}
