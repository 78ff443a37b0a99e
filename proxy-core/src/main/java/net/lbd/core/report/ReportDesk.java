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
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
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
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.lbd.config.model.StatsSpec;

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
    /** Of the tokens that forms must bring back. */
    private final SecretKeySpec key = newKey();
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

    private static SecretKeySpec newKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    /** What the form of the statistics page of a proxy must bring back if this user sends it. */
    public String token(String proxy, String user) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal((proxy + "\n" + user).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The statistics page. */
    public String page(StatsPage.View view) {
        return source.map(s -> StatsPage.html(s, view)).orElse("");
    }

    /** The rows of the statistics page, in one of the forms of {@code show stat}. */
    public String rows(StatsPage.View view, Function<List<StatRow>, String> form) {
        return form.apply(source.map(s -> StatsPage.rows(s, view)).orElse(List.of()));
    }

    /**
     * Does what the form of the statistics page asks for.
     *
     * @param token that it must hold
     * @param proxy whose page it is
     */
    public StatsOutcome carryOut(String form, String token, StatsSpec page, String proxy) {
        return source.isEmpty() || administration.isEmpty() ? StatsOutcome.ERRP
                : StatsForm.carryOut(form, token, name -> StatsPage.isShown(page, proxy, name), source.get(), administration.get());
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
