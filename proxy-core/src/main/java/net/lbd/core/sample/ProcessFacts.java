package net.lbd.core.sample;

import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;
import net.lbd.core.report.ReportDesk;
import net.lbd.core.stream.Stream;

/**
 * What rules and logs want to know of the process. Immutable; the suppliers are called on event loops
 * and must not block or allocate.
 *
 * @param hostname for {@code hostname} and {@code %H}
 * @param peerName what the command line calls this process among its peers
 * @param pid for {@code %pid} and the syslog header
 * @param zone in which local times are written
 * @param connections client connections of the process at this moment, for {@code %ac}
 * @param streamNumber how many streams the process had begun when this one began, for {@code %rt}
 * @param stopping whether the process is about to end, for {@code stopping}
 * @param reports makes what services answer
 */
public record ProcessFacts(
        String hostname, Optional<String> peerName, long pid, ZoneId zone, IntSupplier connections, ToLongFunction<Stream> streamNumber,
        BooleanSupplier stopping, ReportDesk reports) {

    /** Of a process that reports nothing and does not stop. */
    public ProcessFacts(String hostname, Optional<String> peerName, long pid, ZoneId zone, IntSupplier connections,
            ToLongFunction<Stream> streamNumber) {
        this(hostname, peerName, pid, zone, connections, streamNumber, () -> false, ReportDesk.NONE);
    }

    public ProcessFacts {
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(peerName, "peerName");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(streamNumber, "streamNumber");
        Objects.requireNonNull(stopping, "stopping");
        Objects.requireNonNull(reports, "reports");
    }
}
