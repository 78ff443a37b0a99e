package net.lbd.core.report;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes reports that clients ask for, on a thread of its own: those of a large configuration take longer than an event loop may be
 * held up. Up to 64 wait; the thread comes and goes. Thread-safe.
 */
public final class ReportDesk implements AutoCloseable {

    private static final int WAITING = 64;

    /** Has no process to report on, and does nothing. */
    public static final ReportDesk NONE = new ReportDesk(Optional.empty(), Optional.empty());

    private final Optional<ReportSource> source;
    private final Optional<ByteBufAllocatorMetricProvider> buffers;
    private final ThreadPoolExecutor thread;
    /** Made when it is first asked for, on the thread. */
    private Optional<MeterRegistry> meters = Optional.empty();
    private Optional<JvmGcMetrics> collector = Optional.empty();

    /** @param buffers of the event loops */
    public ReportDesk(ReportSource source, ByteBufAllocatorMetricProvider buffers) {
        this(Optional.of(source), Optional.of(buffers));
    }

    private ReportDesk(Optional<ReportSource> source, Optional<ByteBufAllocatorMetricProvider> buffers) {
        this.source = Objects.requireNonNull(source, "source");
        this.buffers = Objects.requireNonNull(buffers, "buffers");
        this.thread = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, "lbd-reports");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Does something on the thread; false if too much waits already, or behind the end. */
    public boolean submit(Runnable task) {
        try {
            thread.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** What is reported on. */
    public Optional<ReportSource> source() {
        return source;
    }

    /** For {@code use-service prometheus-exporter}. */
    public synchronized String prometheus(Set<PrometheusText.Scope> scopes, boolean withoutMaintenance) {
        if (source.isEmpty()) {
            return "";
        }
        if (meters.isEmpty() && scopes.contains(PrometheusText.Scope.JVM)) {
            meters = Optional.of(bind(new SimpleMeterRegistry()));
        }
        return PrometheusText.write(source.get(), scopes, withoutMaintenance, meters);
    }

    private MeterRegistry bind(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        buffers.ifPresent(b -> new NettyAllocatorMetrics(b).bindTo(registry));
        JvmGcMetrics ofCollector = new JvmGcMetrics();
        ofCollector.bindTo(registry);
        collector = Optional.of(ofCollector);
        return registry;
    }

    @Override
    public synchronized void close() {
        thread.shutdownNow();
        collector.ifPresent(JvmGcMetrics::close);
        meters.ifPresent(MeterRegistry::close);
        meters = Optional.empty();
    }
}
