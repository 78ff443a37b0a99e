package net.lbd.core.log;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.TestProxy;
import net.lbd.core.runtime.Transport;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.StreamClock;
import net.lbd.core.stream.TestStream;

/**
 * What an event loop pays for one line of {@code httplog} with two captures: rendering alone, and
 * rendering and handing over while the writer sends it by UDP. Not a test: run {@link #main}.
 */
public final class LogLineBenchmark {

    private static final int ROUNDS = 6;
    private static final int BURSTS = 2000;
    /** What a loop turn of a busy proxy may bring. */
    private static final int BURST_LINES = 32;
    /** Requests are served between two bursts; at full speed the ring would only overflow. */
    private static final int PAUSE_NANOS = 600_000;

    private LogLineBenchmark() { }

    public static void main(String[] args) throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                LogWriter writer = new LogWriter(1, Transport.best())) {
            LogTarget target = writer.target(new LogTargetSpec(SourceLocation.BUILT_IN,
                    new Destination.Udp("127.0.0.1", receiver.getLocalPort()), Format.RFC3164, Facility.LOCAL0,
                    Level.DEBUG, Level.EMERG, 1024, Optional.empty()),
                    new LogIdentity("lbd", 1, Optional.empty(), ZoneOffset.UTC));
            TestProxy proxy = TestProxy.httpLoggingTo(List.of(target), writer, "capture request header Host len 32",
                    "capture request header User-Agent len 64", "option httplog");
            TestStream stream = proxy.request("GET /owa/auth/logon.aspx?url=https%3a%2f%2fmail HTTP/1.1\n"
                    + "Host: mail.example.com\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)\n\n")
                    .withResponse("HTTP/1.1 200 OK\n\n").withBytes(400, 4000)
                    .withBackend(proxy.backend("b"), proxy.backend("b").servers().get(0));
            StreamClock clock = stream.clock();
            clock.assigned = clock.connected = clock.responseHead = clock.end = clock.accepted + 5_000_000;
            ByteSink sink = new ByteSink();
            proxy.frontend().log().formats().line().render(stream, sink);
            System.out.println(sink + " (" + sink.length() + " bytes, " + Transport.best() + ")");
            for (int round = 0; round < ROUNDS; round++) {
                double render = median(() -> {
                    sink.clear();
                    clock.requestBeginWallMillis++;
                    stream.frontend().log().formats().line().render(stream, sink);
                }, 0);
                long droppedBefore = writer.dropped();
                long writerBefore = writerCpuNanos();
                double handOver = median(() -> {
                    clock.requestBeginWallMillis++;
                    stream.frontend().log().write(stream);
                }, PAUSE_NANOS);
                double writing = (double) (writerCpuNanos() - writerBefore) / BURSTS / BURST_LINES;
                System.out.printf(Locale.ROOT,
                        "render %.0f ns, render and hand over %.0f ns; writer thread %.0f ns a line; %d dropped%n",
                        render, handOver, writing, writer.dropped() - droppedBefore);
            }
        }
    }

    private static long writerCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("lbd-log")) {
                sum += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return sum;
    }

    /** Nanoseconds of one line: the median over many bursts, so that a preempted one does not count. */
    private static double median(Runnable line, int pauseNanos) {
        double[] bursts = new double[BURSTS];
        for (int b = 0; b < BURSTS; b++) {
            long start = System.nanoTime();
            for (int i = 0; i < BURST_LINES; i++) {
                line.run();
            }
            long end = System.nanoTime();
            bursts[b] = (double) (end - start) / BURST_LINES;
            while (System.nanoTime() - end < pauseNanos) {
                Thread.onSpinWait();
            }
        }
        Arrays.sort(bursts);
        return bursts[BURSTS / 2];
    }
}
