package net.lbd.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.lbd.cli.Version;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.report.Csv;
import net.lbd.core.report.InfoField;
import net.lbd.core.report.ProcessReport;
import net.lbd.core.report.ReportFormat;

/**
 * Commands about the process as a whole. Source: HAProxy manual, management guide, "show info".
 */
final class InfoCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show version", "", Level.USER, "show version of the current process",
                    invocation -> Version.CURRENT.number() + "\n"),
            Command.of("show info", "[desc|float|json|typed]*", Level.USER, "report information about the running process",
                    InfoCommands::showInfo),
            Command.of("show listeners", "", Level.USER, "list the addresses that frontends listen on, as CSV",
                    InfoCommands::showListeners),
            Command.of("show process", "", Level.OPERATOR, "report the configuration's files and generation, Java and memory",
                    InfoCommands::showProcess));

    /** {@code float} changes nothing: every value here is a whole one, as it may be in HAProxy. */
    private static final List<String> OPTIONS = List.of("desc", "float", "json", "typed");

    private InfoCommands() { }

    private static String showInfo(Invocation invocation) throws CommandException {
        for (String option : invocation.arguments()) {
            if (!OPTIONS.contains(option)) {
                throw new CommandException("'show info': '" + option + "' is none of desc, float, json, typed.");
            }
        }
        Map<InfoField, Object> info = ProcessReport.of(invocation.daemon().engine().report());
        boolean described = invocation.arguments().contains("desc");
        return invocation.arguments().contains("json") ? ReportFormat.jsonInfo(info)
                : invocation.arguments().contains("typed") ? ReportFormat.typedInfo(info, described) : ReportFormat.lines(info, described);
    }

    /** Ours: HAProxy shows listeners only in {@code show stat}, and only with {@code option socket-stats}. */
    private static String showListeners(Invocation invocation) {
        StringBuilder answer = new StringBuilder("# pxname,addr,ssl\n");
        invocation.daemon().engine().listeners().forEach(listener -> answer
                .append(listener.frontend()).append(',')
                .append(Csv.field(listener.address())).append(',')
                .append(listener.ssl() ? 1 : 0).append('\n'));
        return answer.toString();
    }

    /** Ours: what {@code show info} has no names for, in its form. A file stands on a line of its own. */
    private static String showProcess(Invocation invocation) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        StringBuilder answer = new StringBuilder();
        invocation.daemon().engine().runtime().ifPresent(r -> answer.append("Generation: ").append(r.generation().number()).append('\n'));
        answer.append("Java: ").append(System.getProperty("java.version")).append(", ").append(System.getProperty("java.vm.name")).append('\n')
                .append("Heap_used_bytes: ").append(heap.getUsed()).append('\n')
                .append("Heap_max_bytes: ").append(heap.getMax()).append('\n');
        residentBytes().ifPresent(bytes -> answer.append("Resident_bytes: ").append(bytes).append('\n'));
        invocation.daemon().configurationFiles().forEach(file -> answer.append("File: ").append(file.toAbsolutePath().normalize()).append('\n'));
        return answer.toString();
    }

    /** All memory that the process holds, as the kernel counts it; empty where it does not tell. */
    private static OptionalLong residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).findFirst();
        } catch (IOException | UncheckedIOException e) {
            // Another system than Linux, or /proc is hidden: the line is left out.
            return OptionalLong.empty();
        }
    }
}
