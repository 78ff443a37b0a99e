package net.lbd.core.dns;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import net.lbd.config.model.ResolversSpec;
import net.lbd.core.dns.DnsAnswer.Status;

/**
 * A {@code resolvers} section at work. Thread-safe: what is asked is confined to one event loop, on which all answers are told too; the
 * answers that are used again stand in a concurrent map. It opens nothing before the first question, and closes its sockets when
 * there has been none for a while. Source: HAProxy manual, "The resolvers section"; "http-request do-resolve".
 */
public final class Resolvers {

    /** Names that requests make, and answers of them that are kept: more are asked for anew, or not at all. */
    private static final int MOST_ANSWERS = 10_000;
    private static final int MOST_WAITING = 4096;

    private record Kept(DnsAnswer answer, long sinceNanos) { }

    /** A name server, for statistics. */
    public record Statistics(String nameServer, Map<DnsCounter, Long> counters) { }

    /** Where a section gets its sockets. */
    public record Sockets(EventLoop loop, ChannelFactory<? extends Channel> datagrams, ChannelFactory<? extends Channel> streams) { }

    private final ResolversSpec spec;
    private final EventLoop loop;
    private final List<NameServer> servers;
    private final Map<DnsQuestion, Lookup> running = new HashMap<>();
    private final Map<DnsQuestion, Following> followed = new HashMap<>();
    private final Map<DnsQuestion, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    public Resolvers(ResolversSpec spec, Sockets sockets) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.loop = sockets.loop();
        this.servers = spec.nameServers().stream().map(server -> new NameServer(spec.name(), server, spec.payloadBytes(), loop,
                server.tcp() ? sockets.streams() : sockets.datagrams())).toList();
    }

    public ResolversSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** A valid answer that is still to be used: {@code hold valid}. Any thread. */
    public Optional<DnsAnswer> known(DnsQuestion question) {
        Kept before = kept.get(question);
        boolean fresh = before != null && loop.ticker().nanoTime() - before.sinceNanos < spec.holds().valid().toNanos();
        return fresh ? Optional.of(before.answer) : Optional.empty();
    }

    /** Asks once, from any thread; the listener is called on the loop of the section, exactly once. */
    public void ask(DnsQuestion question, Consumer<DnsAnswer> listener) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            listener.accept(DnsAnswer.failed(Status.OTHER));
            return;
        }
        try {
            loop.execute(() -> lookUp(question, answer -> {
                waiting.decrementAndGet();
                keep(question, answer);
                listener.accept(answer);
            }));
        } catch (RejectedExecutionException stopped) {
            waiting.decrementAndGet();
            listener.accept(DnsAnswer.failed(Status.OTHER));
        }
    }

    private void keep(DnsQuestion question, DnsAnswer answer) {
        if (answer.status() != Status.VALID) {
            return;
        }
        long now = loop.ticker().nanoTime();
        if (kept.size() >= MOST_ANSWERS) {
            kept.values().removeIf(old -> now - old.sinceNanos >= spec.holds().valid().toNanos());
            if (kept.size() >= MOST_ANSWERS) {
                return;
            }
        }
        kept.put(question, new Kept(answer, now));
    }

    /** Asks, or waits for who asks already. On the loop. */
    void lookUp(DnsQuestion question, Consumer<DnsAnswer> listener) {
        if (servers.isEmpty()) {
            listener.accept(DnsAnswer.failed(Status.TIMEOUT));
            return;
        }
        Lookup before = running.get(question);
        if (before != null) {
            before.whenDone(listener);
            return;
        }
        Lookup lookup = new Lookup(question, servers, loop, spec);
        lookup.whenDone(answer -> running.remove(question));
        lookup.whenDone(listener);
        running.put(question, lookup);
        lookup.start();
    }

    /** Asks again and again from now on. On the loop; {@link #unfollow} with the same listener ends it. */
    public void follow(DnsQuestion question, Consumer<DnsAnswer> listener) {
        Following before = followed.get(question);
        if (before != null) {
            before.add(listener);
            return;
        }
        Following following = new Following(this, question, spec, loop);
        following.add(listener);
        followed.put(question, following);
        following.start();
    }

    /** On the loop. */
    public void unfollow(DnsQuestion question, Consumer<DnsAnswer> listener) {
        Following following = followed.get(question);
        if (following != null && following.remove(listener)) {
            following.stop();
            followed.remove(question);
        }
    }

    /** An answer has changed a server. Counted of the name server that gave it. */
    public void countUpdate(DnsAnswer answer) {
        servers.stream().filter(server -> server.path().equals(answer.nameServer())).forEach(server -> server.count(DnsCounter.UPDATE));
    }

    /** The name servers in the order of the file. Any thread. */
    public List<Statistics> statistics() {
        return servers.stream().map(server -> {
            Map<DnsCounter, Long> counters = new LinkedHashMap<>();
            for (DnsCounter counter : DnsCounter.values()) {
                counters.put(counter, server.counted(counter));
            }
            return new Statistics(server.name(), counters);
        }).toList();
    }

    /** Closes its sockets; questions that are on their way end unanswered, in their time. On the loop. */
    public void close() {
        servers.forEach(NameServer::close);
    }
}
