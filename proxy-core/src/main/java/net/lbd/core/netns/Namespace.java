package net.lbd.core.netns;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.ReceivedSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network namespace that sockets are made in. A few that are not connected lie in stock, so that a connection to a server takes one at
 * once; without any it waits, without holding an event loop up. Two are equal if they are one object: a namespace that was removed and made
 * anew under its name is another. Thread-safe: what is not said otherwise happens on the loop of namespaces.
 *
 * <pre>
 * state      left by                                   for
 * resting    a socket is wanted                        starting
 * starting   its process has sent a socket             running
 * starting   its process ends                          waiting (start: told)
 * running    its process ends, or makes nothing for 20 s  waiting
 * running    no configuration has it, nobody waits     resting
 * waiting    100 ms, twice as long each time to 10 s   starting
 * </pre>
 */
public final class Namespace {

    private static final Logger LOG = LoggerFactory.getLogger(Namespace.class);

    /** Sockets that lie ready once a connection has been made; more are asked for when half of them are gone. */
    static final int STOCK = 64;
    /** Sockets that may be on their way at a time: bounds what waits in the pipe to the process. */
    private static final int ON_THE_WAY = 256;
    private static final long FIRST_BACKOFF_MILLIS = 100;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;
    /** How long a socket may take; a Java that starts on a busy machine takes a while. */
    private static final long PATIENCE_SECONDS = 20;

    private final String name;
    private final Optional<Object> identity;
    private final EventLoop loop;
    private final Shelf both = new Shelf(SocketMaker.BOTH, 1);
    private final Shelf ipv4 = new Shelf(SocketMaker.IPV4, 0);
    /** What is on its way, in order. */
    private final Deque<Shelf> onTheWay = new ArrayDeque<>();
    private final List<Promise<Void>> starts = new ArrayList<>();
    private Optional<MakerProcess> maker = Optional.empty();
    /** The process at hand has made a socket. */
    private boolean proven;
    private long made;
    private boolean watched;
    private boolean restarting;
    private boolean failedBefore;
    private boolean retired;
    private boolean closed;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;

    /** Sockets of one kind. */
    private static final class Shelf {
        private final int kind;
        private final Queue<Integer> stock = new ConcurrentLinkedQueue<>();
        private final AtomicInteger count = new AtomicInteger();
        private final Deque<Waiter> waiting = new ArrayDeque<>();
        private volatile int target;
        private int asked;
        /** Those that wait no more are cleared away when there are so many. */
        private int clearAt = ON_THE_WAY;

        Shelf(int kind, int target) {
            this.kind = kind;
            this.target = target;
        }
    }

    private record Waiter(Promise<Channel> promise, IntFunction<Channel> wrap) {
        /** False if it does not wait any more. */
        boolean take(int descriptor) {
            if (!promise.setUncancellable()) {
                return false;
            }
            promise.setSuccess(wrap.apply(descriptor));
            return true;
        }
    }

    /** @param identity from {@link NamespaceChecks#identity} */
    Namespace(String name, Optional<Object> identity, EventLoop loop) {
        this.name = Objects.requireNonNull(name, "name");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /** As {@code ip netns} lists it. */
    public String name() {
        return name;
    }

    /** What namespace had the name when this was made. */
    Optional<Object> identity() {
        return identity;
    }

    /** A channel for a TCP connection, if one lies ready; not yet registered. On any thread. */
    public Optional<Channel> poll() {
        Integer descriptor = both.stock.poll();
        if (descriptor == null) {
            return Optional.empty();
        }
        int left = both.count.decrementAndGet();
        if (left == STOCK / 2 || both.target < STOCK) {
            loop.execute(this::keepStock);
        }
        return Optional.of(ReceivedSocket.connection(descriptor));
    }

    /**
     * The same, when there is one: it comes with its process, or never, so the caller has a time limit and cancels. On any thread.
     *
     * @param executor tells the listeners of the future
     */
    public Future<Channel> next(EventExecutor executor) {
        Promise<Channel> promise = executor.newPromise();
        loop.execute(() -> {
            keepStock();
            await(both, new Waiter(promise, ReceivedSocket::connection));
        });
        return promise;
    }

    /**
     * A channel that can listen, not yet registered. Waits for its process for 20 seconds at most; on any thread but those of event loops.
     *
     * @throws IOException if none can be made
     */
    public ServerChannel newListener(boolean onlyIpv4) throws IOException {
        Promise<Channel> promise = loop.newPromise();
        loop.execute(() -> await(onlyIpv4 ? ipv4 : both, new Waiter(promise, ReceivedSocket::listener)));
        if (!promise.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) && promise.cancel(false)) {
            throw new IOException("the network namespace '" + name + "' has given no socket within " + PATIENCE_SECONDS + " s");
        }
        if (!promise.isSuccess()) {
            throw new IOException(promise.cause().getMessage(), promise.cause());
        }
        return (ServerChannel) promise.getNow();
    }

    /** Begins to make sockets; done with the first, failed with what its process says. */
    Future<Void> start() {
        Promise<Void> started = loop.newPromise();
        loop.execute(() -> {
            retired = false;
            if (closed) {
                started.setFailure(ending());
            } else if (proven) {
                started.setSuccess(null);
            } else {
                starts.add(started);
                work();
            }
        });
        return started;
    }

    /** No configuration in force has it: its process ends, unless a connection of an older one wants a socket. */
    void retire() {
        loop.execute(() -> {
            retired = true;
            empty(both);
            empty(ipv4);
            work();
        });
    }

    /** Ends it for good. On the loop. */
    void close() {
        closed = true;
        for (Shelf shelf : List.of(both, ipv4)) {
            shelf.waiting.forEach(waiter -> waiter.promise.tryFailure(ending()));
            shelf.waiting.clear();
            empty(shelf);
        }
        starts.forEach(start -> start.tryFailure(ending()));
        starts.clear();
        maker.ifPresent(MakerProcess::end);
    }

    /** Behind {@link #close}: returns when its process is gone. */
    void awaitEnd() throws InterruptedException {
        if (maker.isPresent()) {
            maker.get().awaitEnd();
        }
    }

    private static IOException ending() {
        return new IOException("lbd is stopping");
    }

    private void keepStock() {
        both.target = STOCK;
        work();
    }

    private void await(Shelf shelf, Waiter waiter) {
        if (closed) {
            waiter.promise.tryFailure(ending());
            return;
        }
        Integer descriptor = shelf.stock.poll();
        if (descriptor != null) {
            shelf.count.decrementAndGet();
            give(shelf, descriptor, waiter);
        } else {
            shelf.waiting.add(waiter);
            if (shelf.waiting.size() > shelf.clearAt) {
                shelf.waiting.removeIf(w -> w.promise.isDone());
                shelf.clearAt = Math.max(ON_THE_WAY, 2 * shelf.waiting.size());
            }
        }
        work();
    }

    private boolean isWanted() {
        return !closed && (!retired || !both.waiting.isEmpty() || !ipv4.waiting.isEmpty());
    }

    /** Has what is wanted asked for, and the process that makes it run. */
    private void work() {
        if (!isWanted()) {
            maker.ifPresent(MakerProcess::end);
            forgetMaker();
            return;
        }
        if (maker.isEmpty() && !restarting) {
            try {
                maker = Optional.of(MakerProcess.start(name, loop, new Owner()));
            } catch (IOException e) {
                failed(e.getMessage());
                return;
            }
        }
        if (maker.isPresent()) {
            ask(both);
            ask(ipv4);
        }
    }

    private void ask(Shelf shelf) {
        int wanted = shelf.waiting.size() + (retired ? 0 : shelf.target - shelf.count.get()) - shelf.asked;
        int count = Math.min(wanted, ON_THE_WAY - onTheWay.size());
        if (count <= 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            onTheWay.add(shelf);
        }
        shelf.asked += count;
        watch();
        try {
            maker.orElseThrow().ask(shelf.kind, count);
        } catch (IOException e) {
            LOG.debug("namespace '{}': its process is ending, which is told when it has", name, e);
        }
    }

    /** A process that does not die and makes nothing, either, is killed. */
    private void watch() {
        if (watched) {
            return;
        }
        watched = true;
        long before = made;
        loop.schedule(() -> {
            watched = false;
            if (onTheWay.isEmpty() || maker.isEmpty()) {
                return;
            }
            if (made == before) {
                LOG.warn("namespace '{}': process {} has made no socket for {} s, and is killed", name, maker.get().pid(), PATIENCE_SECONDS);
                maker.get().kill();
            }
            watch();
        }, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void forgetMaker() {
        maker = Optional.empty();
        proven = false;
        onTheWay.clear();
        both.asked = 0;
        ipv4.asked = 0;
    }

    private void failed(String why) {
        forgetMaker();
        failedBefore = true;
        starts.forEach(start -> start.tryFailure(new IOException(why)));
        starts.clear();
        if (!isWanted()) {
            return;
        }
        LOG.warn("namespace '{}': the process that makes its sockets has ended ({}); it is started again in {} ms. Connections that are"
                + " open go on", name, why, backoffMillis);
        restarting = true;
        loop.schedule(() -> {
            restarting = false;
            work();
        }, backoffMillis, TimeUnit.MILLISECONDS);
        backoffMillis = Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
    }

    private void made(int descriptor) {
        if (!proven) {
            proven = true;
            backoffMillis = FIRST_BACKOFF_MILLIS;
            if (failedBefore) {
                failedBefore = false;
                LOG.info("namespace '{}': process {} makes its sockets again", name, maker.map(MakerProcess::pid).orElse(-1L));
            }
            starts.forEach(start -> start.trySuccess(null));
            starts.clear();
        }
        made++;
        Shelf shelf = onTheWay.remove();
        shelf.asked--;
        Waiter waiter = shelf.waiting.poll();
        while (waiter != null && !waiter.take(descriptor)) {
            waiter = shelf.waiting.poll();
        }
        if (waiter == null) {
            store(shelf, descriptor);
        }
        work();
    }

    private void give(Shelf shelf, int descriptor, Waiter waiter) {
        if (!waiter.take(descriptor)) {
            store(shelf, descriptor);
        }
    }

    private void store(Shelf shelf, int descriptor) {
        if (retired || closed) {
            drop(descriptor);
        } else {
            shelf.count.incrementAndGet();
            shelf.stock.add(descriptor);
        }
    }

    private void empty(Shelf shelf) {
        for (Integer descriptor = shelf.stock.poll(); descriptor != null; descriptor = shelf.stock.poll()) {
            shelf.count.decrementAndGet();
            drop(descriptor);
        }
    }

    private void drop(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            LOG.debug("namespace '{}': a socket that nobody wants cannot be closed", name, e);
        }
    }

    private final class Owner implements MakerProcess.Owner {
        @Override
        public void made(int descriptor) {
            Namespace.this.made(descriptor);
        }

        @Override
        public void ended(String lastWords) {
            failed(lastWords);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
