package net.lbd.core.netns;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The network namespaces that configurations name. Those that a reload keeps go on as they are; a configuration that names none costs
 * nothing. Used by one thread at a time, under the engine's lock.
 */
public final class Namespaces implements AutoCloseable {

    private static final long START_SECONDS = 20;
    private static final long STOP_SECONDS = 5;

    private final Supplier<EventLoopGroup> newLoop;
    private Optional<EventLoopGroup> loop = Optional.empty();
    private final Map<String, Namespace> byName = new HashMap<>();
    /** All that were ever named: an older configuration may still connect in those that are not any more. */
    private final List<Namespace> all = new ArrayList<>();
    private Set<Namespace> wanted = Set.of();

    /** @param newLoop makes the loop of their own, of epoll, when the first is named */
    public Namespaces(Supplier<EventLoopGroup> newLoop) {
        this.newLoop = Objects.requireNonNull(newLoop, "newLoop");
    }

    /** The namespace that has a name now; nothing is started. */
    public Namespace named(String name) {
        Optional<Object> identity = NamespaceChecks.identity(name);
        Optional<Namespace> before = Optional.ofNullable(byName.get(name));
        if (before.isPresent() && (identity.isEmpty() || before.get().identity().equals(identity))) {
            return before.get();
        }
        if (loop.isEmpty()) {
            loop = Optional.of(newLoop.get());
        }
        Namespace made = new Namespace(name, identity, loop.get().next());
        byName.put(name, made);
        all.add(made);
        return made;
    }

    /**
     * Has namespaces make sockets; returns when all do, after 20 seconds at most.
     *
     * @return those that do not, and what their processes say
     */
    public Map<Namespace, String> start(Collection<Namespace> named) {
        Map<Namespace, Future<Void>> starts = new LinkedHashMap<>();
        named.forEach(namespace -> starts.put(namespace, namespace.start()));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Map<Namespace, String> failed = new LinkedHashMap<>();
        starts.forEach((namespace, started) -> {
            if (!started.awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                failed.put(namespace, "none has come within " + START_SECONDS + " s");
            } else if (!started.isSuccess()) {
                failed.put(namespace, started.cause().getMessage());
            }
        });
        return failed;
    }

    /** A configuration that names these is in force: the processes of all others end. */
    public void inForce(Collection<Namespace> named) {
        wanted = Set.copyOf(named);
        goBack();
    }

    /** The configuration that was in force stays so: what another has had started ends. */
    public void goBack() {
        wanted.forEach(namespace -> byName.put(namespace.name(), namespace));
        all.stream().filter(namespace -> !wanted.contains(namespace)).forEach(Namespace::retire);
    }

    /** Ends all of them; returns when their processes are gone. */
    @Override
    public void close() {
        if (loop.isEmpty()) {
            return;
        }
        loop.get().submit(() -> {
            all.forEach(Namespace::close);
            for (Namespace namespace : all) {
                namespace.awaitEnd();
            }
            return true;
        }).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        loop.get().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        byName.clear();
        wanted = Set.of();
        all.clear();
        loop = Optional.empty();
    }
}
