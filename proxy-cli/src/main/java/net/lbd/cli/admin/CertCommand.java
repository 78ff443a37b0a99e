package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.admin.Terminal.Mood;
import net.lbd.cli.command.CertificateDetails;
import net.lbd.config.syntax.JsonWriter;
import net.lbd.core.tls.KeyPasswords;
import net.lbd.core.tls.PemFile;
import net.lbd.core.tls.TlsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl cert}: what certificates there are and how long they last, and how one is replaced. */
@Command(name = "cert", mixinStandardHelpOptions = true,
        description = "Lists, shows, checks, adds, replaces and removes certificates.")
final class CertCommand implements Runnable {

    /** A certificate that ends sooner wants attention. */
    private static final long SOON_DAYS = 21;

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what: list, show, check, add, replace or remove");
    }

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "Lists the certificates that the daemon serves, and the days that are left to each.")
    int list(@Option(names = "--json", description = "As JSON.") boolean json) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String file : lbctl.ask("show ssl cert").lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            all.add(described(fields(lbctl.ask("show ssl cert " + RawCommand.escape(file)))));
        }
        print(all, json);
        return ExitCode.OK;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Tells what is in files; needs no daemon.")
    int show(@Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
            @Option(names = "--json", description = "As JSON.") boolean json) {
        return tell(files, json, true);
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = "Tells whether files can be used: key, certificate and"
            + " chain; needs no daemon. Exit code 1 if one cannot, or has ended.")
    int check(@Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
            @Option(names = "--json", description = "As JSON.") boolean json) {
        return tell(files, json, false);
    }

    private int tell(List<Path> files, boolean json, boolean details) {
        List<Map<String, Object>> good = new ArrayList<>();
        boolean bad = false;
        for (Path file : files) {
            try {
                PemFile pem = PemFile.readWithKey(file);
                Map<String, String> fields = CertificateDetails.of(pem);
                Map<String, Object> described = described(fields);
                good.add(described);
                bad |= (long) described.get("daysLeft") < 0;
                if (details && !json) {
                    fields.forEach((name, value) -> lbctl.terminal().out().println(name + ": " + value));
                }
            } catch (TlsException e) {
                bad = true;
                lbctl.terminal().complain(e.getMessage());
            }
        }
        if (json || !details) {
            print(good, json);
        }
        lbctl.terminal().out().flush();
        return bad ? ExitCode.ERROR : ExitCode.OK;
    }

    @Command(name = "replace", mixinStandardHelpOptions = true, description = "Checks the new file, puts it in the place of the old one"
            + " in one step, with the password beside it (NEW.pass) if there is one, and has the daemon serve it. A new file that cannot be used"
            + " changes nothing.")
    int replace(@Parameters(index = "0", paramLabel = "FILE", description = "The certificate as the configuration names it.") Path file,
            @Parameters(index = "1", paramLabel = "NEW", description = "The new one, with its key.") Path newer) throws IOException {
        try {
            PemFile.readWithKey(newer);
        } catch (TlsException e) {
            lbctl.terminal().complain(e.getMessage() + "; nothing is changed");
            return ExitCode.ERROR;
        }
        Map<Path, Optional<byte[]>> before = new LinkedHashMap<>();
        String failure;
        try {
            // The password of the new key first: the daemon may look at the certificate as soon as it is there.
            put(KeyPasswords.besides(newer), KeyPasswords.besides(file), before);
            put(newer, file, before);
            String answer = lbctl.ask("load ssl cert " + RawCommand.escape(file.toString())).strip();
            if (answer.equals("Success!")) {
                return ExitCode.OK;
            }
            failure = "the daemon does not take it: " + answer;
        } catch (DaemonClient.NotRunningException e) {
            lbctl.terminal().complain(file + " is replaced; " + e.getMessage());
            return ExitCode.NOT_RUNNING;
        } catch (IOException e) {
            failure = e.getMessage();
        }
        for (Map.Entry<Path, Optional<byte[]>> old : before.entrySet()) {
            putBack(old.getKey(), old.getValue());
        }
        lbctl.terminal().complain(failure + "; " + file + " is what it was");
        return ExitCode.ERROR;
    }

    /** A file in the place of another, or none if there is none; what was there is remembered. */
    private static void put(Path from, Path to, Map<Path, Optional<byte[]>> before) throws IOException {
        before.put(to, Files.exists(to) ? Optional.of(Files.readAllBytes(to)) : Optional.empty());
        if (Files.exists(from)) {
            FileReplacement.write(to, Files.readAllBytes(from), "rw-------");
        } else {
            Files.deleteIfExists(to);
        }
    }

    private static void putBack(Path file, Optional<byte[]> content) throws IOException {
        if (content.isPresent()) {
            FileReplacement.write(file, content.get(), "rw-------");
        } else {
            Files.deleteIfExists(file);
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a line to a list of certificates ('crt-list'): in the file, in one"
            + " step, and in the daemon. A certificate that cannot be used changes nothing.")
    int add(@Parameters(index = "0", paramLabel = "LIST", description = "The list as the configuration names it.") Path list,
            @Parameters(index = "1", paramLabel = "FILE", description = "The certificate, with its key.") Path file,
            @Parameters(index = "2..*", paramLabel = "NAME", description = "The names that it is for. Default: those of the certificate.")
            List<String> names) throws IOException {
        Path whole = file.toAbsolutePath().normalize();
        try {
            PemFile.readWithKey(whole);
        } catch (TlsException e) {
            lbctl.terminal().complain(e.getMessage() + "; nothing is changed");
            return ExitCode.ERROR;
        }
        String path = RawCommand.escape(whole.toString());
        String line = whole + (names == null || names.isEmpty() ? "" : " " + String.join(" ", names));
        // Else it is in use already, and stays whatever comes.
        boolean created = lbctl.ask("new ssl cert " + path).startsWith("New empty");
        String loaded = lbctl.ask("load ssl cert " + path).strip();
        String answer = loaded.equals("Success!")
                ? lbctl.ask("add ssl crt-list " + RawCommand.escape(list.toString()) + " <<\n" + line + "\n").strip() : loaded;
        if (!answer.endsWith("Success!")) {
            forget(created, path);
            lbctl.terminal().complain(answer.lines().reduce((first, last) -> last).orElse("no answer") + "; nothing is changed");
            return ExitCode.ERROR;
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(list));
        lines.add(line);
        try {
            write(list, lines);
        } catch (IOException e) {
            lbctl.ask("del ssl crt-list " + RawCommand.escape(list.toString()) + " " + path);
            forget(created, path);
            throw e;
        }
        return ExitCode.OK;
    }

    /** Takes back what the daemon was told of a certificate that does not come into service after all. */
    private void forget(boolean created, String path) throws IOException {
        if (created) {
            lbctl.ask("del ssl cert " + path);
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Takes a certificate out of a list of certificates ('crt-list'): out of"
            + " the file and out of the daemon. The certificate's own file stays.")
    int remove(@Parameters(index = "0", paramLabel = "LIST", description = "The list as the configuration names it.") Path list,
            @Parameters(index = "1", paramLabel = "FILE", description = "The certificate as the list names it.") String file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(list));
        String name = RawCommand.escape(list.toString());
        if (!lines.removeIf(line -> line.strip().split("\\s+", 2)[0].equals(file))) {
            lbctl.terminal().complain(list + " names no certificate " + file + "; nothing is changed");
            return ExitCode.ERROR;
        }
        for (String served : lbctl.ask("show ssl crt-list -n " + name).lines().filter(l -> l.matches(java.util.regex.Pattern.quote(file) + ":[0-9]+( .*)?")).toList()) {
            String answer = lbctl.ask("del ssl crt-list " + name + " " + RawCommand.escape(served.split(" ", 2)[0])).strip();
            if (!answer.startsWith("Entry ")) {
                lbctl.terminal().complain(answer);
                return ExitCode.ERROR;
            }
        }
        lbctl.ask("del ssl cert " + RawCommand.escape(file));
        write(list, lines);
        return ExitCode.OK;
    }

    private static void write(Path list, List<String> lines) throws IOException {
        FileReplacement.write(list, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    private static Map<String, String> fields(String answer) {
        Map<String, String> fields = new LinkedHashMap<>();
        answer.lines().filter(l -> l.contains(": ")).forEach(l ->
                fields.put(l.substring(0, l.indexOf(": ")), l.substring(l.indexOf(": ") + 2)));
        return fields;
    }

    private static Map<String, Object> described(Map<String, String> fields) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("file", fields.getOrDefault("Filename", ""));
        described.put("subject", fields.getOrDefault("Subject", ""));
        described.put("names", fields.getOrDefault("Subject Alternative Name", ""));
        described.put("key", fields.getOrDefault("Algorithm", ""));
        described.put("notAfter", fields.getOrDefault("notAfter", ""));
        described.put("daysLeft", CertificateDetails.daysLeft(CertificateDetails.instant(fields.get("notAfter")), Clock.systemUTC()));
        return described;
    }

    private void print(List<Map<String, Object>> all, boolean json) {
        PrintWriter out = lbctl.terminal().out();
        if (json) {
            out.print(JsonWriter.write(all));
        } else if (!all.isEmpty()) {
            TextTable table = new TextTable("", "file", "names", "key", "until", "days left");
            for (Map<String, Object> one : all) {
                long days = (long) one.get("daysLeft");
                Mood mood = days < 0 ? Mood.BAD : days < SOON_DAYS ? Mood.WATCH : Mood.GOOD;
                String names = one.get("names").toString().isEmpty() ? one.get("subject").toString() : one.get("names").toString();
                table.add(TextTable.Cell.of(one.get("file").toString()), TextTable.Cell.of(names), TextTable.Cell.of(one.get("key").toString()),
                        TextTable.Cell.of(one.get("notAfter").toString()),
                        new TextTable.Cell(days < 0 ? "ended" : Long.toString(days), text -> lbctl.terminal().paint(mood, text)));
            }
            out.print(table);
        }
        out.flush();
    }
}
