package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.cli.vrrp.KeepalivedText;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl vrrp}: addresses that are shared with a partner. */
@Command(name = "vrrp", mixinStandardHelpOptions = true, description = "The addresses that this machine shares with a partner ('vrrp' sections).")
final class VrrpCommand {

    @ParentCommand
    private Lbctl lbctl;

    @Command(name = "config", mixinStandardHelpOptions = true,
            description = "Writes keepalived's configuration from the 'vrrp' sections; needs no running daemon.")
    int config(
            @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", defaultValue = "/etc/lbd/lbd.cfg",
                    description = "Read this file, or every *.cfg of this folder; may be repeated. Default: ${DEFAULT-VALUE}.") List<Path> files,
            @Option(names = {"-o", "--output"}, paramLabel = "FILE",
                    description = "Write to this file, usually " + KeepalivedText.FILE + ", if it differs; else to standard output.") Optional<Path> output,
            @Option(names = "--alive", paramLabel = "PROGRAM", defaultValue = KeepalivedText.ALIVE,
                    description = "The program that looks whether the daemon still does its work. Default: ${DEFAULT-VALUE}.") String alive,
            @Option(names = "--user", paramLabel = "NAME", defaultValue = "lbd",
                    description = "Who runs that program. Default: ${DEFAULT-VALUE}.") String user) throws IOException {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        Optional<Configuration> configuration = result.configuration();
        if (configuration.isEmpty()) {
            lbctl.terminal().err().print(DiagnosticPrinter.plain().print(result.diagnostics()));
            lbctl.terminal().err().flush();
            return ExitCode.ERROR;
        }
        if (configuration.get().vrrp().isEmpty()) {
            throw new IOException("the configuration has no 'vrrp' section");
        }
        String text = KeepalivedText.of(configuration.get().vrrp(), alive, user);
        PrintWriter out = lbctl.terminal().out();
        if (output.isEmpty()) {
            out.print(text);
        } else if (Files.exists(output.get()) && Files.readString(output.get()).equals(text)) {
            out.println(output.get() + " has it already");
        } else {
            FileReplacement.write(output.get(), text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
            out.println("written to " + output.get() + "; now: systemctl reload-or-restart keepalived");
        }
        out.flush();
        return ExitCode.OK;
    }

    @Command(name = "status", mixinStandardHelpOptions = true, description = "Who holds the addresses, and whether this machine may.")
    int status(@Option(names = "--json", description = "Print JSON, for programs.") boolean json) throws IOException {
        List<String[]> rows = lbctl.ask("show vrrp").lines().filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(",", -1)).toList();
        PrintWriter out = lbctl.terminal().out();
        if (json) {
            boolean runs = keepalivedRuns();
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("keepalivedRuns", runs);
            document.put("sections", rows.stream().map(VrrpCommand::document).toList());
            out.print(JsonWriter.write(document));
            out.flush();
            return runs || rows.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
        }
        if (rows.isEmpty()) {
            out.println("no vrrp section is configured");
            out.flush();
            return ExitCode.OK;
        }
        TextTable table = new TextTable("", "SECTION", "STATE", "CLUSTER", "PRIORITY", "INTERFACE", "ADDRESSES", "HELD HERE", "WHY NOT");
        for (String[] row : rows) {
            Cell[] cells = new Cell[row.length];
            for (int i = 0; i < row.length; i++) {
                cells[i] = i == 1 ? new Cell(row[i], text -> lbctl.terminal().paint(mood(text), text)) : Cell.of(row[i]);
            }
            table.add(cells);
        }
        out.print(table);
        boolean runs = keepalivedRuns();
        if (!runs) {
            out.println("keepalived does not run here: nobody moves the addresses (systemctl start keepalived)");
        }
        out.flush();
        return runs ? ExitCode.OK : ExitCode.ERROR;
    }

    private static Map<String, Object> document(String[] row) {
        Map<String, Object> document = JsonRows.of(List.of("name", "state", "clusterId", "priority", "interface"), row);
        document.put("addresses", words(row[5]));
        document.put("addressesHeld", words(row[6]));
        JsonRows.put(document, "reason", row[7]);
        return document;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
    }

    /** By the name that everybody may read; of another user's process the JDK tells nothing. */
    private static boolean keepalivedRuns() {
        return ProcessHandle.allProcesses().anyMatch(process -> {
            try {
                return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip().equals("keepalived");
            } catch (IOException e) {
                // It has ended since.
                return false;
            }
        });
    }

    private static Terminal.Mood mood(String state) {
        return state.strip().equals("ACTIVE") ? Terminal.Mood.GOOD : state.strip().equals("FAULT") ? Terminal.Mood.BAD : Terminal.Mood.WATCH;
    }

    @Command(name = "standby", mixinStandardHelpOptions = true,
            description = "Gives the addresses to the partner, before maintenance of this machine. Connections to them are cut."
                    + " It holds until 'ready', over restarts of lbd too, or until the machine starts anew.")
    int standby(@Parameters(paramLabel = "SECTION") String section) throws IOException {
        return set(section, "standby");
    }

    @Command(name = "ready", mixinStandardHelpOptions = true, description = "Lets this machine have the addresses again.")
    int ready(@Parameters(paramLabel = "SECTION") String section) throws IOException {
        return set(section, "ready");
    }

    private int set(String section, String state) throws IOException {
        if (!section.matches("[A-Za-z0-9.:_-]+")) {
            throw new IOException("'" + section + "' is no name of a section");
        }
        String answer = lbctl.ask("set vrrp " + section + " " + state).strip();
        if (!answer.isEmpty()) {
            throw new IOException(answer);
        }
        return ExitCode.OK;
    }
}
