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
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes reports that clients ask for, on a thread of its own: those of a large configuration take longer than an event loop may be
 * held up. Up to 64 wait; the thread comes and goes. Thread-safe.
 */
public final class ReportDesk implements AutoCloseable {

    private static final int WAITING = 64;

    /** Has no process to report on, and does nothing. */
    public static final ReportDesk NONE = new ReportDesk(Optional.empty(), Optional.empty(), Optional.empty());

    private final Optional<ReportSource> source;
    private final Optional<Administration> administration;
    private final Optional<ByteBufAllocatorMetricProvider> buffers;
    /** What a form must bring back: nobody outside of the process can know it. */
    private final String token = newToken();
    private final ThreadPoolExecutor thread;
    /** Made when it is first asked for, on the thread. */
    private Optional<MeterRegistry> meters = Optional.empty();
    private Optional<JvmGcMetrics> collector = Optional.empty();

    /** @param buffers of the event loops */
    public ReportDesk(ReportSource source, Administration administration, ByteBufAllocatorMetricProvider buffers) {
        this(Optional.of(source), Optional.of(administration), Optional.of(buffers));
    }

    private ReportDesk(Optional<ReportSource> source, Optional<Administration> administration,
            Optional<ByteBufAllocatorMetricProvider> buffers) {
        this.administration = Objects.requireNonNull(administration, "administration");
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

    private static String newToken() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** For the form of the statistics page. */
    public String token() {
        return token;
    }

    /** The statistics page. */
    public String page(StatsPage.View view) {
        return source.map(s -> StatsPage.html(s, view)).orElse("");
    }

    /** The rows of the statistics page, in one of the forms of {@code show stat}. */
    public String rows(StatsPage.View view, Function<List<StatRow>, String> form) {
        return form.apply(source.map(s -> StatsPage.rows(s, view)).orElse(List.of()));
    }

    /** Does what the form of the statistics page asks for, and tells how that ended in a word. */
    public String carryOut(String body) {
        return source.isEmpty() || administration.isEmpty() ? StatsForm.Outcome.ERRP.name()
                : StatsForm.carryOut(body, token, source.get(), administration.get()).name();
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
