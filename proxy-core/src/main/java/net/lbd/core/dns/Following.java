package net.lbd.core.dns;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import net.lbd.config.model.ResolversSpec;
import net.lbd.core.dns.DnsAnswer.Service;
import net.lbd.core.dns.DnsAnswer.Status;

/**
 * A name that is asked for again and again. Its listeners hear of valid answers, with records that are gone but not yet obsolete, and of
 * errors once the last valid answer is older than {@code hold} lets it count. Event-loop confined.
 */
final class Following {

    private final Resolvers section;
    private final DnsQuestion question;
    private final ResolversSpec spec;
    private final EventLoop loop;
    private final List<Consumer<DnsAnswer>> listeners = new ArrayList<>(2);
    private final Kept<InetAddress> addresses;
    private final Kept<Service> services;
    private long lastValidNanos;
    private Future<?> next;
    private boolean stopped;

    Following(Resolvers section, DnsQuestion question, ResolversSpec spec, EventLoop loop) {
        this.section = section;
        this.question = question;
        this.spec = spec;
        this.loop = loop;
        this.addresses = new Kept<>(spec.holds().obsolete(), address -> address);
        this.services = new Kept<>(spec.holds().obsolete(), service -> service.target() + ":" + service.port());
        this.lastValidNanos = loop.ticker().nanoTime();
    }

    DnsQuestion question() {
        return question;
    }

    void add(Consumer<DnsAnswer> listener) {
        listeners.add(listener);
    }

    /** Returns whether nobody listens any more. */
    boolean remove(Consumer<DnsAnswer> listener) {
        listeners.remove(listener);
        return listeners.isEmpty();
    }

    void start() {
        if (!stopped) {
            section.lookUp(question, this::concluded);
        }
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void concluded(DnsAnswer answer) {
        if (stopped) {
            return;
        }
        next = loop.schedule(this::start, spec.resolve().toNanos(), TimeUnit.NANOSECONDS);
        long now = loop.ticker().nanoTime();
        if (answer.status() == Status.VALID) {
            lastValidNanos = now;
            tell(withKept(answer, now));
        } else if (now - lastValidNanos >= hold(answer.status()).toNanos()) {
            addresses.forget();
            services.forget();
            tell(answer);
        }
    }

    private void tell(DnsAnswer answer) {
        // A copy: who listens may stop to, or begin to follow another name.
        List.copyOf(listeners).forEach(listener -> listener.accept(answer));
    }

    private Duration hold(Status status) {
        return switch (status) {
            case NX -> spec.holds().nx();
            case REFUSED -> spec.holds().refused();
            case TIMEOUT -> spec.holds().timeout();
            default -> spec.holds().other();
        };
    }

    /** {@code hold obsolete}: a name server may not give all records at once. */
    private DnsAnswer withKept(DnsAnswer answer, long now) {
        return new DnsAnswer(Status.VALID, addresses.with(answer.addresses(), now), services.with(answer.services(), now),
                answer.additional(), answer.nameServer());
    }

    /** Records that have been seen, until they are obsolete. */
    private static final class Kept<R> {
        private final long obsoleteNanos;
        private final Function<R, Object> identity;
        private final Map<Object, R> records = new LinkedHashMap<>();
        private final Map<Object, Long> seen = new HashMap<>();

        /** @param identity what makes two records the same */
        Kept(Duration obsolete, Function<R, Object> identity) {
            this.obsoleteNanos = obsolete.toNanos();
            this.identity = identity;
        }

        List<R> with(List<R> fresh, long now) {
            for (R record : fresh) {
                records.put(identity.apply(record), record);
                seen.put(identity.apply(record), now);
            }
            seen.values().removeIf(at -> now - at > 0 && now - at >= obsoleteNanos);
            records.keySet().retainAll(seen.keySet());
            return List.copyOf(records.values());
        }

        void forget() {
            records.clear();
            seen.clear();
        }
    }
}
