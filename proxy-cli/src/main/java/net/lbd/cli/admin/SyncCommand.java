package net.lbd.cli.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.DiagnosticFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code lbctl sync}: brings the folder of the configuration to the partner over ssh, in one step. The partner checks what has come and
 * reloads; whatever fails there, it has its old folder again. Both ends of the pipe are this class.
 */
@Command(name = "sync", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Copies the folder of the configuration, with certificates and maps, to the partner over ssh; the partner checks it, takes it,"
                + " and reloads. What fails there leaves it as it was. Files that the partner has and this machine has not are removed there, but for"
                + " the folder 'local'; what was replaced stays in FOLDER.before-sync.",
            "Not copied: /etc/default/lbd, keepalived's configuration, files outside of the folder (they are named), and what was changed"
                + " at run time only: weights, states, entries of tables, maps in memory."})
final class SyncCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
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
            return receive(of);
        }
        if (partner == null || partner.startsWith("-")) {
            throw new ParameterException(spec.commandLine(), "the partner is missing");
        }
        return send(of);
    }

    // ---- this machine

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
            String complaint = run(new ProcessBuilder("tar", "-C", folder.toString(), "--exclude=./" + FolderSwap.LOCAL, "-cf", archive.toString(), "."), out, true);
            if (!complaint.isEmpty()) {
                throw new IOException("nothing was sent: tar could not read all of " + folder + ": " + complaint);
            }
            String end = run(new ProcessBuilder(command).redirectInput(archive.toFile()), out, false);
            if (!end.isEmpty()) {
                throw new IOException("the partner " + partner + " has kept what it had (" + end + ")");
            }
            return ExitCode.OK;
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /**
     * Runs a command.
     *
     * @param quiet keep what it says for the answer, instead of printing it
     * @return how it failed; empty if it did not
     */
    private static String run(ProcessBuilder builder, PrintWriter out, boolean quiet) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        try (InputStream in = process.getInputStream()) {
            String said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!quiet) {
                out.print(said);
                out.flush();
            }
            int code = process.waitFor();
            return code == 0 ? "" : quiet && !said.isBlank() ? said.strip().replace('\n', ' ') : "exit code " + code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new IOException("interrupted", e);
        }
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

    // ---- the partner

    private int receive(Path of) throws IOException {
        PrintWriter out = lbctl.terminal().out();
        try (FolderSwap swap = new FolderSwap(Files.exists(folder) ? folder.toRealPath() : folder)) {
            return receive(of, swap, out);
        }
    }

    private int receive(Path of, FolderSwap swap, PrintWriter out) throws IOException {
        int code;
        try {
            unpack(swap.staging(), out);
            swap.swap();
        } catch (IOException e) {
            swap.forget();
            throw e;
        }
        boolean keep = false;
        try {
            code = take(of, out);
            keep = code == ExitCode.OK && !dryRun;
        } finally {
            if (keep) {
                swap.keep();
            } else {
                swap.swapBack();
            }
        }
        if (code != ExitCode.OK) {
            reloadOld(out);
        } else if (dryRun) {
            out.println("the partner could take it; it keeps what it has (--dry-run)");
        } else {
            out.println("the partner has taken it" + (Files.isDirectory(swap.before()) ? "; what it had is in " + swap.before() : ""));
        }
        out.flush();
        return code;
    }

    private static void unpack(Path into, PrintWriter out) throws IOException {
        String complaint = run(new ProcessBuilder("tar", "-C", into.toString(), "-xpf", "-").redirectInput(ProcessBuilder.Redirect.INHERIT), out, true);
        if (!complaint.isEmpty()) {
            throw new IOException("what came cannot be unpacked: " + complaint);
        }
    }

    /** The new folder is in its place: is it good here? */
    private int take(Path of, PrintWriter out) throws IOException {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(List.of(of));
        Verdict verdict = new ConfigurationCheck(System.out, System.out, false).verdict(result, DiagnosticFormat.TEXT, true, false, true);
        if (verdict != Verdict.VALID) {
            new ConfigurationCheck(System.out, System.out, false).verdict(result, DiagnosticFormat.TEXT, false, false, true);
            return ExitCode.ERROR;
        }
        if (dryRun) {
            return ExitCode.OK;
        }
        Configuration configuration = result.configuration().orElseThrow();
        try {
            String answer = lbctl.ask("reload", PATIENCE).stripTrailing();
            boolean applied = answer.endsWith("Success=1");
            out.println(applied ? "reloaded there" : "the reload was refused there: " + answer);
            if (!applied) {
                return ExitCode.ERROR;
            }
        } catch (DaemonClient.NotRunningException e) {
            out.println("lbd does not run there: nothing to reload");
        }
        if (!configuration.vrrp().isEmpty()) {
            out.println("if the vrrp sections have changed, there: lbctl vrrp config -f " + of + " -o /etc/keepalived/keepalived.conf");
        }
        return ExitCode.OK;
    }

    /** A reload that was refused has not touched what serves; it may have read files of the new folder since. */
    private void reloadOld(PrintWriter out) throws IOException {
        try {
            lbctl.ask("reload", PATIENCE);
        } catch (DaemonClient.NotRunningException e) {
            out.println("lbd does not run there");
        }
    }
}
