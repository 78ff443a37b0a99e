package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl maps}: the maps of the running daemon and their entries. Changes last until the daemon reads the files again. */
@Command(name = "maps", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows and changes the maps of the running daemon. A change is not written into the map's file: a reload reads that again.")
final class MapsCommand implements Runnable {

    /** Large maps take their time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern LISTED = Pattern.compile("(-?\\d+) \\((.*)\\) (.*)");
    private static final Pattern ENTRY = Pattern.compile("0x[0-9a-f]+ (\\S+) ?(.*)");
    private static final Pattern FOUND = Pattern.compile(".*, found=yes.*, value=\"(.*)\", type=\"str\".*");

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, show, get, add, set, del or clear");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the maps, by their file as the configuration names it.")
    int list(@Option(names = "--json", description = "Print JSON, for programs.") boolean json) throws IOException {
        List<Map<String, Object>> maps = new ArrayList<>();
        TextTable table = new TextTable("", "MAP", "WHERE");
        for (String line : lbctl.ask("show map", PATIENCE).lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList()) {
            Matcher form = LISTED.matcher(line);
            if (!form.matches()) {
                throw new IOException(line);
            }
            // HAProxy's file is empty for lists without one; such a map has its number.
            String name = form.group(2).isEmpty() ? "#" + form.group(1) : form.group(2);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("description", form.group(3));
            maps.add(map);
            table.add(Cell.of(name), Cell.of(form.group(3)));
        }
        print(json ? JsonWriter.write(Map.of("maps", maps)) : maps.isEmpty() ? "no map\n" : table.toString());
        return ExitCode.OK;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Lists the entries of a map in their order.")
    int show(@Parameters(paramLabel = "MAP") String map, @Option(names = "--json", description = "Print JSON, for programs.") boolean json) throws IOException {
        List<Map<String, Object>> entries = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String line : lbctl.ask(line("show map", map), PATIENCE).lines().filter(line -> !line.isBlank()).toList()) {
            Matcher form = ENTRY.matcher(line);
            if (!form.matches()) {
                lbctl.terminal().complain(sentence(line.strip()) + "; 'lbctl maps list' lists the maps");
                return ExitCode.ERROR;
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("key", form.group(1));
            entry.put("value", form.group(2));
            entries.add(entry);
            text.append(form.group(1)).append(' ').append(form.group(2)).append('\n');
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", map);
        document.put("entries", entries);
        print(json ? JsonWriter.write(document) : text.toString());
        return ExitCode.OK;
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Tells what a map makes of a key, as a request would find it. Exit code 1 if nothing.")
    int get(@Parameters(index = "0", paramLabel = "MAP") String map, @Parameters(index = "1", paramLabel = "KEY") String key,
            @Option(names = "--json", description = "Print JSON, for programs.") boolean json) throws IOException {
        String answer = lbctl.ask(line("get map", map, key)).strip();
        Matcher found = FOUND.matcher(answer);
        if (found.matches()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("key", key);
            document.put("value", found.group(1));
            print(json ? JsonWriter.write(document) : found.group(1) + "\n");
            return ExitCode.OK;
        }
        lbctl.terminal().complain(answer.contains("found=no") ? map + " has nothing for " + key : answer);
        return ExitCode.ERROR;
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds an entry.")
    int add(@Parameters(index = "0", paramLabel = "MAP") String map, @Parameters(index = "1", paramLabel = "KEY") String key,
            @Parameters(index = "2", paramLabel = "VALUE") String value) throws IOException {
        return tell(line("add map", map, key, value));
    }

    @Command(name = "set", mixinStandardHelpOptions = true, description = "Changes the value of a key that the map has.")
    int set(@Parameters(index = "0", paramLabel = "MAP") String map, @Parameters(index = "1", paramLabel = "KEY") String key,
            @Parameters(index = "2", paramLabel = "VALUE") String value) throws IOException {
        return tell(line("set map", map, key, value));
    }

    @Command(name = "del", mixinStandardHelpOptions = true, description = "Takes a key out.")
    int del(@Parameters(index = "0", paramLabel = "MAP") String map, @Parameters(index = "1", paramLabel = "KEY") String key) throws IOException {
        return tell(line("del map", map, key));
    }

    @Command(name = "clear", mixinStandardHelpOptions = true, description = "Takes every entry out.")
    int clear(@Parameters(paramLabel = "MAP") String map) throws IOException {
        return tell(line("clear map", map));
    }

    private static String line(String command, String... words) {
        return Stream.concat(Stream.of(command), Stream.of(words).map(RawCommand::escape)).collect(Collectors.joining(" "));
    }

    /** The daemon says nothing when it has done it. */
    private int tell(String line) throws IOException {
        String refusal = lbctl.ask(line, PATIENCE).strip();
        if (!refusal.isEmpty()) {
            lbctl.terminal().complain(sentence(refusal) + "; nothing was changed");
            return ExitCode.ERROR;
        }
        return ExitCode.OK;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private void print(String text) {
        PrintWriter out = lbctl.terminal().out();
        out.print(text);
        out.flush();
    }
}
