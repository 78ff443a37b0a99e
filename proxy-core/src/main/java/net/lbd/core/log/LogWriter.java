package net.lbd.core.log;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.core.runtime.Transport;
import net.lbd.core.sample.ByteSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings log lines to their targets. Each event loop puts its lines into a ring of its own; one event
 * loop of this class empties all rings in batches, every five milliseconds while there is traffic, and
 * sleeps when there is none. Nothing here ever makes an event loop of the proxy wait: a ring or a target
 * that is full drops lines and counts them, which is said in the daemon's own log.
 *
 * <p>Lives as long as the process: targets of a new configuration join, {@link #retain} closes those that
 * no configuration uses any more. Thread-safe; {@link #write} only by the worker whose number is given.
 */
public final class LogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    /** Bytes of each worker's ring: some 10,000 lines. */
    private static final int RING_BYTES = 1 << 21;
    private static final int MESSAGES = 4096;
    /** Lines of one ring in one turn, so that a busy loop does not keep the others waiting. */
    private static final int BATCH_LINES = 1024;
    private static final long TURN_MILLIS = 5;
    /** Turns without a line after which the writer sleeps: waking it costs the worker a system call. */
    private static final int IDLE_TURNS = 20;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = 2000;

    /** A line that comes from no stream. */
    private record Message(List<LogTarget> targets, Level level, byte[] line) { }

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final SinkFactory sinkFactory;
    private final LineRing[] rings;
    private final ArrayBlockingQueue<Message> messages = new ArrayBlockingQueue<>(MESSAGES);
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean sleeping = new AtomicBoolean(true);
    private final Map<Destination, LogSink> sinks = new HashMap<>();
    /** Closed by a reload, and perhaps not done yet; guarded by {@link #sinks}, as the next. */
    private final Set<LogSink> retired = new HashSet<>();
    /** By those that no configuration uses any more. */
    private long droppedBySinks;

    // Of the writer's loop alone.
    private final Set<LogSink> touched = new HashSet<>();
    private final HeaderClock clock = new HeaderClock();
    private final ByteSink scratch = new ByteSink();
    private final LineRing.Consumer consumer = this::deliver;
    private int idleTurns;
    private long toldDropped;
    private long toldNanos = System.nanoTime() - TELL_NANOS;

    /** @param workers event loops that will {@link #write} */
    public LogWriter(int workers, Transport transport) {
        // Unix datagram sockets and sendmmsg are epoll's.
        Transport own = transport.companion();
        this.group = own.newLoops(1, "lbd-log");
        this.loop = group.next();
        this.sinkFactory = new SinkFactory(loop, own);
        this.rings = new LineRing[workers];
        for (int i = 0; i < workers; i++) {
            rings[i] = new LineRing(RING_BYTES);
        }
    }

    /**
     * A target of the configuration. Destinations are opened once and shared.
     *
     * @throws UnsupportedOperationException if this machine cannot send there
     */
    public LogTarget target(LogTargetSpec spec, LogIdentity identity) {
        synchronized (sinks) {
            return new LogTarget(spec, identity, sinks.computeIfAbsent(spec.destination(), sinkFactory::open));
        }
    }

    /** Closes every destination that none of these targets uses. */
    public void retain(Collection<LogTarget> used) {
        Set<LogSink> kept = used.stream().map(LogTarget::sink).collect(Collectors.toSet());
        synchronized (sinks) {
            sinks.values().removeIf(sink -> {
                if (kept.contains(sink)) {
                    return false;
                }
                retired.add(sink);
                loop.execute(() -> {
                    sink.close(1);
                    forgetWhenClosed(sink);
                });
                return true;
            });
        }
    }

    /** What a sink drops while it closes still counts. */
    private void forgetWhenClosed(LogSink sink) {
        if (sink.isBusy()) {
            loop.schedule(() -> forgetWhenClosed(sink), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        synchronized (sinks) {
            droppedBySinks += sink.dropped();
            retired.remove(sink);
        }
    }

    /** The rings that a target writes to. */
    public List<LogRing> rings() {
        synchronized (sinks) {
            return sinks.values().stream().filter(LogRing.class::isInstance).map(LogRing.class::cast)
                    .sorted(Comparator.comparing(ring -> ring.spec().name())).toList();
        }
    }

    /**
     * Hands a line over; it is copied. Only on the loop of the worker of this number. Allocates nothing.
     *
     * @return false if it was dropped
     */
    public boolean write(int worker, List<LogTarget> targets, Level level, byte[] line, int offset, int length) {
        if (!rings[worker].offer(targets, level, line, offset, length)) {
            dropped.increment();
            return false;
        }
        wake();
        return true;
    }

    /** Sends a message that belongs to no stream, such as a server's change of state. Any thread; never waits. */
    public void message(List<LogTarget> targets, Level level, String text) {
        if (targets.isEmpty()) {
            return;
        }
        if (!messages.offer(new Message(targets, level, text.getBytes(StandardCharsets.UTF_8)))) {
            dropped.increment();
            return;
        }
        wake();
    }

    /** Lines that reached no target, since the start. */
    public long dropped() {
        long sum = dropped.sum();
        synchronized (sinks) {
            for (LogSink sink : sinks.values()) {
                sum += sink.dropped();
            }
            for (LogSink sink : retired) {
                sum += sink.dropped();
            }
            return sum + droppedBySinks;
        }
    }

    private void wake() {
        if (sleeping.get() && !loop.isShuttingDown() && sleeping.compareAndSet(true, false)) {
            loop.execute(this::turn);
        }
    }

    private void turn() {
        int lines = drain();
        if (lines > 0) {
            idleTurns = 0;
        } else if (++idleTurns > IDLE_TURNS) {
            idleTurns = 0;
            tellDropped();
            sleeping.set(true);
            // A line that came in before the flag was seen has woken nobody.
            if (isEmpty() || !sleeping.compareAndSet(true, false)) {
                return;
            }
        }
        loop.schedule(this::turn, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private int drain() {
        clock.tick();
        int lines = 0;
        for (LineRing ring : rings) {
            lines += ring.drain(consumer, BATCH_LINES);
        }
        for (Message message = messages.poll(); message != null; message = messages.poll()) {
            deliver(message.targets(), message.level(), message.line(), 0, message.line().length);
            lines++;
        }
        if (lines > 0) {
            touched.forEach(LogSink::flush);
            touched.clear();
            tellDropped();
        }
        return lines;
    }

    private void deliver(List<LogTarget> targets, Level level, byte[] line, int offset, int length) {
        for (int i = 0; i < targets.size(); i++) {
            LogTarget target = targets.get(i);
            target.write(level, line, offset, length, clock, scratch);
            touched.add(target.sink());
        }
    }

    private boolean isEmpty() {
        for (LineRing ring : rings) {
            if (!ring.isEmpty()) {
                return false;
            }
        }
        return messages.isEmpty();
    }

    private void tellDropped() {
        long now = System.nanoTime();
        if (now - toldNanos < TELL_NANOS) {
            return;
        }
        long sum = dropped();
        if (sum > toldDropped) {
            toldNanos = now;
            LOG.warn("{} log lines were dropped: a target is slow or gone; {} since the start", sum - toldDropped, sum);
            toldDropped = sum;
        }
    }

    /** Sends what is left, within two seconds, and stops the thread. Harmless when repeated. */
    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        try {
            loop.submit(this::drainAndClose).get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            awaitSinks();
        } catch (ExecutionException e) {
            LOG.error("the last log lines could not be written", e.getCause());
        } catch (TimeoutException e) {
            LOG.warn("a log target did not take the last lines in time; they are dropped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The group's end would cut connections off that still bring lines out. */
    private void awaitSinks() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        while (isAnyBusy() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
        }
    }

    private boolean isAnyBusy() {
        synchronized (sinks) {
            return sinks.values().stream().anyMatch(LogSink::isBusy) || retired.stream().anyMatch(LogSink::isBusy);
        }
    }

    private void drainAndClose() {
        while (!isEmpty()) {
            drain();
        }
        synchronized (sinks) {
            long perSink = CLOSE_MILLIS / 2 / Math.max(1, sinks.size());
            sinks.values().forEach(sink -> sink.close(perSink));
        }
    }
}
