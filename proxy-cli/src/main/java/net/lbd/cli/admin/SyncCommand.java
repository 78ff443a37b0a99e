package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.lbd.cli.process.ConfigurationCheck;
import net.lbd.cli.process.ConfigurationCheck.Verdict;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code lbctl sync}: brings the folder of the configuration to the partner over ssh. The partner's side of the pipe is
 * {@link SyncReceiver}: it checks what has come before it touches what it has.
 */
@Command(name = "sync", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Copies the folder of the configuration, with certificates and maps, to the partner over ssh; the partner checks it, takes it,"
                + " and reloads. What is refused there leaves it as it was. Files that the partner has and this machine has not are removed there, but for"
                + " the folder 'local'; what was replaced stays in FOLDER.before-sync.",
            "Not copied: /etc/default/lbd, keepalived's configuration, files outside of the folder (they are named), and what was changed"
                + " at run time only: weights, states, entries of tables, maps in memory."})
final class SyncCommand implements Callable<Integer> {

    private static final Pattern PLAIN = Pattern.compile("/[\\w./@+-]+");
    private static final Pattern PATH = Pattern.compile("(?<![\\w.:*/-])/[\\w./@+-]+");

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PARTNER", arity = "0..1", description = "The other machine, as ssh knows it: lb2, or root@192.168.13.3.")
    private String partner;

    @Option(names = {"-d", "--folder"}, paramLabel = "FOLDER", defaultValue = "/etc/lbd", description = "What is copied. Default: ${DEFAULT-VALUE}.")
    private Path folder;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", description = "The configuration in it. Default: FOLDER/lbd.cfg.")
    private Path file;

    @Option(names = "--dry-run", description = "The partner checks what it gets, and keeps what it has.")
    private boolean dryRun;

    @Option(names = "--ssh", paramLabel = "COMMAND", defaultValue = "ssh -o BatchMode=yes",
            description = "How the partner is reached; the words are split at blanks. Default: ${DEFAULT-VALUE}.")
    private String ssh;

    @Option(names = "--remote", paramLabel = "COMMAND", defaultValue = "lbctl", description = "lbctl on the partner. Default: ${DEFAULT-VALUE}.")
    private String remote;

    @Option(names = "--receive", hidden = true, description = "The partner's side: takes what comes on standard input.")
    private boolean receive;

    @Override
    public Integer call() throws IOException {
        Path of = file == null ? folder.resolve("lbd.cfg") : file;
        if (!PLAIN.matcher(folder.toString()).matches() || folder.getNameCount() < 2 || !PLAIN.matcher(of.toString()).matches()) {
            throw new ParameterException(spec.commandLine(), "'--folder' and '--file' are absolute paths without blanks, and the folder is not"
                    + " one of the system's: '" + folder + "', '" + of + "'");
        }
        if (!of.normalize().startsWith(folder.normalize())) {
            throw new ParameterException(spec.commandLine(), "'" + of + "' is not in '" + folder + "', which is what is copied");
        }
        if (receive) {
            return new SyncReceiver(lbctl, folder, of, dryRun).receive();
        }
        if (partner == null || partner.startsWith("-")) {
            throw new ParameterException(spec.commandLine(), "the partner is missing");
        }
        return send(of);
    }

    private int send(Path of) throws IOException {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(List.of(of));
        if (new ConfigurationCheck(System.out, System.err, false).verdict(result, DiagnosticFormat.TEXT, true, false, true) != Verdict.VALID) {
            new ConfigurationCheck(System.out, System.err, false).verdict(result, DiagnosticFormat.TEXT, false, false, true);
            throw new IOException("the configuration is not valid here; nothing was sent");
        }
        PrintWriter out = lbctl.terminal().out();
        outside().forEach(path -> out.println("not copied, it is outside of " + folder + ": " + path));
        out.flush();
        List<String> command = new ArrayList<>(List.of(ssh.trim().split(" +")));
        command.add(partner);
        command.addAll(List.of(remote.trim().split(" +")));
        command.addAll(List.of("sync", "--receive", "--folder", folder.toString(), "--file", of.toString()));
        if (dryRun) {
            command.add("--dry-run");
        }
        // Whole before the first byte goes out: a file that cannot be read must not be missing over there. Readable for its owner alone.
        Path archive = Files.createTempFile("lbd-sync", ".tar");
        try {
            ProcessRun packed = ProcessRun.of(new ProcessBuilder("tar", "-C", folder.toString(), "--exclude=./" + FolderSwap.LOCAL, "-cf", archive.toString(), "."));
            if (!packed.isGood()) {
                throw new IOException("nothing was sent: tar could not read all of " + folder + ": " + packed.complaint());
            }
            ProcessRun sent = ProcessRun.of(new ProcessBuilder(command).redirectInput(archive.toFile()));
            out.print(sent.said());
            out.flush();
            if (!sent.isGood()) {
                throw new IOException("the partner " + partner + end(sent.code()));
            }
            return ExitCode.OK;
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /** What a failure over there means for its folder. */
    private static String end(int code) {
        return switch (code) {
            case SyncReceiver.KEPT_OLD -> " has kept what it had";
            case SyncReceiver.UNKNOWN -> " has the new folder, and it is not known whether its daemon has taken it; see there: lbctl status";
            default -> " could not be asked, or its end was not heard (exit code " + code + "); see there what it has";
        };
    }

    /** Files that the text of the configuration names, and that lie elsewhere. */
    private TreeSet<String> outside() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path config : all.filter(p -> p.toString().endsWith(".cfg") && Files.isRegularFile(p)).toList()) {
                for (String line : Files.readString(config, StandardCharsets.UTF_8).lines().toList()) {
                    Matcher path = PATH.matcher(line.strip().startsWith("#") ? "" : line);
                    while (path.find()) {
                        Path named = Path.of(path.group());
                        if (Files.isRegularFile(named) && !named.normalize().startsWith(folder.normalize())) {
                            found.add(named.toString());
                        }
                    }
                }
            }
        }
        return found;
    }
}
