package net.lbd.core.stats;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of a frontend, a backend or a server; they survive a reload. Thread-safe: every field is
 * an adder or an atomic, or made of them.
 */
public final class ProxyCounters {

    /** Connections or streams at this moment. */
    public final AtomicInteger current = new AtomicInteger();
    /** The highest {@link #current} so far. */
    public final AtomicInteger max = new AtomicInteger();
    /** TLS handshakes of a frontend's clients. */
    public final TlsCounters tls = new TlsCounters();
    /** Connections (frontend) or streams (backend, server) so far. */
    public final LongAdder total = new LongAdder();
    /** Those of {@link #total} in the last second. */
    public final RateCounter entryRate = new RateCounter();
    /** Of a frontend: connections that its {@code tcp-request connection} rules let in, in the last second. */
    public final RateCounter sessionRate = new RateCounter();
    /** Of a frontend. */
    public final RateCounter requestRate = new RateCounter();
    public final LongAdder requests = new LongAdder();
    public final LongAdder bytesIn = new LongAdder();
    public final LongAdder bytesOut = new LongAdder();
    public final LongAdder requestErrors = new LongAdder();
    public final LongAdder responseErrors = new LongAdder();
    public final LongAdder connectErrors = new LongAdder();
    /** Connections that a {@code tcp-request connection} rule ended. */
    public final LongAdder deniedConnections = new LongAdder();
    /** Connections that a {@code tcp-request session} rule ended. */
    public final LongAdder deniedSessions = new LongAdder();
    /** Requests that the monitor or a service of our own answered. */
    public final LongAdder intercepted = new LongAdder();
    /** Of a backend or a server. */
    public final StreamTimes times = new StreamTimes();
    /** The most streams that waited at one time for a server, or for any of a backend. */
    public final AtomicInteger maxQueued = new AtomicInteger();
    public final LongAdder deniedRequests = new LongAdder();
    public final LongAdder deniedResponses = new LongAdder();
    public final LongAdder retries = new LongAdder();
    public final LongAdder redispatches = new LongAdder();
    public final LongAdder clientAborts = new LongAdder();
    public final LongAdder serverAborts = new LongAdder();
    /** Server connections opened, and exchanges that needed none. */
    public final LongAdder connects = new LongAdder();
    public final LongAdder reuses = new LongAdder();
    /** Idle connections to a server that any client may use, at this moment. */
    public final LongAdder idle = new LongAdder();
    /** What {@code show errors} shows. */
    public final BadMessages badMessages = new BadMessages();
    private final LongAdder[] responses = new LongAdder[6];

    public ProxyCounters() {
        for (int i = 0; i < responses.length; i++) {
            responses[i] = new LongAdder();
        }
    }

    /** Counts one more at this moment. */
    public int enter() {
        return enter(System.nanoTime());
    }

    /** Counts one more at this moment, which the caller knows. */
    public int enter(long nowNanos) {
        int now = current.incrementAndGet();
        countEntry(now, nowNanos);
        return now;
    }

    /** Counts one more at this moment, unless there are {@code limit} already; 0 is no limit. */
    public boolean enterBelow(int limit) {
        if (limit <= 0) {
            enter();
            return true;
        }
        int now = current.get();
        while (now < limit) {
            if (current.compareAndSet(now, now + 1)) {
                countEntry(now + 1, System.nanoTime());
                return true;
            }
            now = current.get();
        }
        return false;
    }

    /**
     * Counts what others have seen, who forward by themselves.
     *
     * @param opened connections that are new
     * @param change of {@link #current}
     */
    public void follow(long opened, int change, long in, long out) {
        int now = current.addAndGet(change);
        int seen = max.get();
        while (now > seen && !max.compareAndSet(seen, now)) {
            seen = max.get();
        }
        total.add(opened);
        entryRate.count(System.nanoTime(), (int) Math.min(opened, Integer.MAX_VALUE));
        bytesIn.add(in);
        bytesOut.add(out);
    }

    /** Counts one more at this moment, unless there are not {@code now} any more. */
    public boolean enterAt(int now) {
        if (!current.compareAndSet(now, now + 1)) {
            return false;
        }
        countEntry(now + 1, System.nanoTime());
        return true;
    }

    private void countEntry(int now, long nowNanos) {
        int seen = max.get();
        while (now > seen && !max.compareAndSet(seen, now)) {
            seen = max.get();
        }
        total.increment();
        entryRate.count(nowNanos);
    }

    /** Tells how many wait. */
    public void countQueued(int waiting) {
        int seen = maxQueued.get();
        while (waiting > seen && !maxQueued.compareAndSet(seen, waiting)) {
            seen = maxQueued.get();
        }
    }

    /** Forgets the highest values: {@code clear counters}. */
    public void clearMax() {
        max.set(current.get());
        maxQueued.set(0);
        entryRate.clearMax();
        sessionRate.clearMax();
        requestRate.clearMax();
        times.clearMax();
    }

    /** Begins anew, but for what is there at this moment: {@code clear counters all}. */
    public void clear() {
        clearMax();
        for (LongAdder adder : new LongAdder[] {total, requests, bytesIn, bytesOut, requestErrors, responseErrors, connectErrors,
            deniedConnections, deniedSessions, deniedRequests, deniedResponses, retries, redispatches, clientAborts, serverAborts,
            connects, reuses, intercepted}) {
            adder.reset();
        }
        for (LongAdder adder : responses) {
            adder.reset();
        }
        entryRate.clear();
        sessionRate.clear();
        requestRate.clear();
        times.clear();
    }

    /** Counts a request that a frontend has got. */
    public void countRequest(long nowNanos) {
        requests.increment();
        requestRate.count(nowNanos);
    }

    public void leave() {
        current.decrementAndGet();
    }

    /** What entered had no use for it: it does not count. */
    public void takeBack() {
        current.decrementAndGet();
        total.decrement();
    }

    /** Counts a response by its class; a status outside 100 to 599 counts as "other". */
    public void countResponse(int status) {
        responses(status / 100).increment();
    }

    /** The responses of a class: 1 to 5, anything else is "other". */
    public LongAdder responses(int statusClass) {
        return responses[statusClass >= 1 && statusClass <= 5 ? statusClass : 0];
    }
}
