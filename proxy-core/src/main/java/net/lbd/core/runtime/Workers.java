package net.lbd.core.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.lbd.core.listen.AcceptBrake;
import net.lbd.core.netns.Namespace;

/** All workers of the process. Immutable once made; thread-safe. */
public final class Workers implements AutoCloseable {

    private static final long STOP_SECONDS = 5;
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Transport transport;
    private final AcceptBrake brake = new AcceptBrake();
    private final EventLoopGroup group;
    private final List<Worker> all;
    private final Map<EventLoop, Worker> byLoop = new IdentityHashMap<>();

    public Workers(Transport transport, int count, ByteBufAllocator allocator) {
        this.transport = transport;
        this.group = transport.newLoops(count, "lbd-worker");
        List<Worker> workers = new ArrayList<>();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            Worker worker = new Worker(workers.size(), loop, transport, allocator, brake);
            workers.add(worker);
            byLoop.put(loop, worker);
        }
        this.all = List.copyOf(workers);
    }

    public Transport transport() {
        return transport;
    }

    /** What keeps all listeners from accepting for want of descriptors or memory. */
    public AcceptBrake brake() {
        return brake;
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<Worker> all() {
        return all;
    }

    /** The worker that owns a loop. */
    public Worker of(EventLoop loop) {
        Worker worker = byLoop.get(loop);
        if (worker == null) {
            throw new IllegalArgumentException("not a worker's loop: " + loop);
        }
        return worker;
    }

    /** A channel that can listen on an address, not yet registered. */
    public ServerChannel newListener(SocketAddress address) {
        return transport.newListener(address);
    }

    /**
     * The same in a network namespace; blocks until its process has made the socket.
     *
     * @throws IOException if it cannot be made
     */
    public ServerChannel newListener(Namespace namespace, SocketAddress address) throws IOException {
        return Transport.newListener(namespace, address);
    }

    /** Ends the loops and every connection on them; returns when they are gone, after five seconds at most. */
    @Override
    public void close() {
        // A loop that ends without a quiet period may leave its channels as they are: they are closed before.
        for (Worker worker : all) {
            worker.loop().submit(worker::closeAll).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Worker worker : all) {
            // A close may take several turns: io_uring first calls back what it has asked of the kernel.
            while (!worker.loop().submit(worker::isEmpty).awaitUninterruptibly().getNow() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(TURN_NANOS);
            }
            // Netty tells the handlers of a closed channel in a later turn: this one comes behind that.
            worker.loop().submit(() -> { }).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
