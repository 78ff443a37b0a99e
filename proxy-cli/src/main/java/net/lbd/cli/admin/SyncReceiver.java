package net.lbd.cli.admin;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;

/**
 * The partner's side of {@code lbctl sync}: takes a folder from standard input, checks it where nobody else sees it, puts it in the place
 * of the one before, and reloads. Until the check has passed nothing is touched. Used by one thread.
 */
final class SyncReceiver {

    /** Exit code: the folder is what it was. */
    static final int KEPT_OLD = 10;
    /** Exit code: the new folder is in its place, and the daemon has not said what it made of it. */
    static final int UNKNOWN = 11;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Lbctl lbctl;
    private final PrintWriter out;
    private final Path folder;
    private final Path file;
    private final boolean dryRun;

    /**
     * @param folder absolute; need not be there yet
     * @param file the configuration in it
     * @param dryRun end after the check
     */
    SyncReceiver(Lbctl lbctl, Path folder, Path file, boolean dryRun) {
        this.lbctl = Objects.requireNonNull(lbctl, "lbctl");
        this.out = lbctl.terminal().out();
        this.folder = Objects.requireNonNull(folder, "folder");
        this.file = Objects.requireNonNull(file, "file");
        this.dryRun = dryRun;
    }

    /** @return the exit code: 0, {@link #KEPT_OLD} or {@link #UNKNOWN} */
    int receive() {
        try {
            Files.createDirectories(folder);
            try (FolderSwap swap = new FolderSwap(folder.toRealPath())) {
                return receive(swap);
            }
        } catch (IOException e) {
            out.println(e.getMessage());
            return KEPT_OLD;
        } finally {
            out.flush();
        }
    }

    private int receive(FolderSwap swap) throws IOException {
        ProcessRun unpacked = ProcessRun.of(new ProcessBuilder("tar", "-C", swap.staging().toString(), "-xpf", "-").redirectInput(ProcessBuilder.Redirect.INHERIT));
        if (!unpacked.isGood()) {
            throw new IOException("what came cannot be unpacked: " + unpacked.complaint());
        }
        swap.bringLocal();
        if (!isGoodHere(swap.staging())) {
            return KEPT_OLD;
        }
        if (dryRun) {
            out.println("the partner could take it; it keeps what it has (--dry-run)");
            return ExitCode.OK;
        }
        swap.swap();
        try {
            return reload(swap);
        } catch (IOException e) {
            out.println(e.getMessage());
            return UNKNOWN;
        }
    }

    /** Looks at it in its place, in a view of the file system of the checking process alone. */
    private boolean isGoodHere(Path staging) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c",
                "mount --bind \"$1\" \"$2\" || exit 99; shift 2; exec \"$@\"", "lbd-sync-check", staging.toString(), folder.toRealPath().toString()));
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Lbctl.class.getName(), "check", "-f", file.toString()));
        ProcessRun check = ProcessRun.of(new ProcessBuilder(command));
        if (!check.isGood()) {
            out.print(check.said());
            out.println(check.code() == 99 ? "it cannot be checked here before it is taken: that wants root, and a system in which 'unshare --mount' works"
                    : "it is not valid here");
        }
        return check.isGood();
    }

    private int reload(FolderSwap swap) throws IOException {
        String answer;
        try {
            answer = lbctl.ask("reload", PATIENCE).stripTrailing();
        } catch (DaemonClient.NotRunningException e) {
            return taken(swap, "lbd does not run there: nothing to reload", ExitCode.OK);
        } catch (IOException e) {
            return taken(swap, "whether lbd there has reloaded is not known: " + e.getMessage(), UNKNOWN);
        }
        if (answer.endsWith("Success=1")) {
            return taken(swap, "reloaded there", ExitCode.OK);
        }
        if (!answer.endsWith("Success=0")) {
            return taken(swap, "whether lbd there has reloaded is not known; it said: " + answer, UNKNOWN);
        }
        out.println("the reload was refused there: " + answer);
        swap.swapBack();
        out.println("what was refused is in " + swap.rejected());
        // What serves is untouched, but files of the new folder may have been read since: certificates are watched.
        try {
            String again = lbctl.ask("reload", PATIENCE).stripTrailing();
            if (!again.endsWith("Success=1")) {
                out.println("the old configuration serves, and its reload failed: " + again);
            }
        } catch (IOException e) {
            out.println("the old folder is in its place; whether lbd has read it again is not known: " + e.getMessage());
        }
        return KEPT_OLD;
    }

    private int taken(FolderSwap swap, String how, int code) throws IOException {
        swap.keep();
        out.println(how);
        if (code == ExitCode.OK) {
            out.println("the partner has taken it; what it had is in " + swap.before());
        } else {
            out.println("the new folder stays in its place; what it had is in " + swap.before());
        }
        boolean vrrp = new ConfigurationLoader(Environment.ofProcess()).load(List.of(file)).configuration().map(c -> !c.vrrp().isEmpty()).orElse(false);
        if (vrrp) {
            out.println("if the vrrp sections have changed, there: lbctl vrrp config -f " + file + " -o /etc/keepalived/keepalived.conf");
        }
        return code;
    }
}
