package net.lbd.cli.command;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PoolArenaMetric;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.runtime.WorkerFacts;

/**
 * Commands that look into the process: as HAProxy's they are for those who develop and support it, and their lines are our own.
 * Source: HAProxy manual, management guide, "show activity", "show fd", "show pools", "show threads".
 */
final class InsideCommands {

    private static final int SHOWN_FRAMES = 12;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPS = Path.of("/proc/self/maps");

    static final List<Command> TABLE = List.of(
            Command.of("show activity", "", Level.OPERATOR, "show per-thread activity stats", InsideCommands::activity),
            Command.of("show fd", "[num]", Level.OPERATOR, "dump list of file descriptors in use or a specific one", InsideCommands::descriptors),
            Command.of("show pools", "", Level.OPERATOR, "report information about the memory pools usage", i -> pools(i)),
            Command.of("show libs", "", Level.OPERATOR, "show loaded object files and libraries", i -> libraries()),
            Command.of("show ssl providers", "", Level.OPERATOR, "show what carries TLS out", i -> providers()),
            Command.of("show startup-logs", "", Level.USER, "report what was told of the configuration at the start",
                    i -> i.daemon().startupLogs().stream().map(line -> line + "\n").collect(Collectors.joining())),
            Command.of("show threads", "", Level.OPERATOR, "show what every thread does at this moment", i -> threads()));

    private InsideCommands() { }

    private static String activity(Invocation invocation) throws CommandException {
        List<WorkerFacts> workers = SessionCommands.traffic(invocation).workers();
        StringBuilder out = new StringBuilder();
        out.append("threads: ").append(workers.size()).append('\n');
        line(out, "pending_tasks", workers, WorkerFacts::pendingTasks);
        line(out, "clients", workers, WorkerFacts::clients);
        line(out, "open_channels", workers, WorkerFacts::openChannels);
        line(out, "idle_server_connections", workers, WorkerFacts::idleServerConnections);
        return out.toString();
    }

    private interface Number {
        int of(WorkerFacts facts);
    }

    private static void line(StringBuilder out, String name, List<WorkerFacts> workers, Number number) {
        out.append(name).append(": ").append(workers.stream().mapToInt(number::of).sum()).append(" [");
        workers.forEach(worker -> out.append(' ').append(number.of(worker)));
        out.append(" ]\n");
    }

    private static String descriptors(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(0);
        if (!wanted.matches("[0-9]{0,9}")) {
            throw new CommandException("'show fd' takes the number of a descriptor.");
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            open.filter(p -> wanted.isEmpty() || p.getFileName().toString().equals(wanted)).forEach(all::add);
        } catch (IOException e) {
            throw new CommandException("The kernel does not tell: " + e.getMessage());
        }
        all.sort(Comparator.comparingInt(p -> Integer.parseInt(p.getFileName().toString())));
        StringBuilder out = new StringBuilder();
        for (Path descriptor : all) {
            try {
                out.append(String.format(Locale.ROOT, "%7s : %s%n", descriptor.getFileName(), Files.readSymbolicLink(descriptor)));
            } catch (IOException e) {
                // Closed since the list was made.
                continue;
            }
        }
        return out.toString();
    }

    private static String pools(Invocation invocation) {
        StringBuilder out = new StringBuilder("Dumping pools usage.\n");
        out.append("  - Buffers of the event loops: ").append(invocation.daemon().engine().report().bufferBytes()).append(" bytes\n");
        PooledByteBufAllocator common = PooledByteBufAllocator.DEFAULT;
        int arenas = 0;
        for (PoolArenaMetric arena : common.metric().directArenas()) {
            arenas += arena.numActiveBytes() > 0 ? 1 : 0;
        }
        out.append("  - Other buffers: ").append(common.metric().usedDirectMemory() + common.metric().usedHeapMemory())
                .append(" bytes in ").append(arenas).append(" arenas\n");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            out.append("  - JVM ").append(pool.getName()).append(": ").append(pool.getUsage().getUsed()).append(" bytes used, ")
                    .append(pool.getUsage().getCommitted()).append(" allocated\n");
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            out.append("  - JVM buffers, ").append(pool.getName()).append(": ").append(pool.getMemoryUsed()).append(" bytes in ")
                    .append(pool.getCount()).append('\n');
        }
        return out.toString();
    }

    /** From the first to the last address of each file that is mapped as code. */
    private static String libraries() throws CommandException {
        Map<String, long[]> ranges = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(MAPS)) {
            lines.map(line -> line.split("\\s+", 6)).filter(parts -> parts.length == 6 && parts[5].startsWith("/")).forEach(parts -> {
                int dash = parts[0].indexOf('-');
                long from = Long.parseUnsignedLong(parts[0].substring(0, dash), 16);
                long to = Long.parseUnsignedLong(parts[0].substring(dash + 1), 16) - 1;
                boolean code = parts[1].charAt(2) == 'x';
                // Begin, end, whether it holds code.
                long[] range = ranges.computeIfAbsent(parts[5], file -> new long[] {from, to, 0});
                range[1] = to;
                range[2] |= code ? 1 : 0;
            });
        } catch (IOException e) {
            throw new CommandException("The kernel does not tell: " + e.getMessage());
        }
        return ranges.entrySet().stream().filter(file -> file.getValue()[2] != 0)
                .map(file -> String.format(Locale.ROOT, "0x%012x-0x%012x (0x%07x) %s%n", file.getValue()[0], file.getValue()[1],
                        file.getValue()[1] - file.getValue()[0] + 1, file.getKey()))
                .collect(Collectors.joining());
    }

    private static String providers() {
        return "Loaded providers : \n\t- " + (OpenSsl.isAvailable() ? OpenSsl.versionString() : "the JDK's own TLS") + "\n";
    }

    private static String threads() {
        StringBuilder out = new StringBuilder();
        Set<ThreadInfo> all = new TreeSet<>(Comparator.comparingLong(ThreadInfo::getThreadId));
        all.addAll(List.of(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false)));
        for (ThreadInfo thread : all) {
            out.append("  Thread ").append(thread.getThreadId()).append(" : ").append(thread.getThreadName()).append(' ')
                    .append(thread.getThreadState()).append('\n');
            StackTraceElement[] stack = thread.getStackTrace();
            for (int i = 0; i < Math.min(SHOWN_FRAMES, stack.length); i++) {
                out.append("        at ").append(stack[i]).append('\n');
            }
        }
        return out.toString();
    }
}
