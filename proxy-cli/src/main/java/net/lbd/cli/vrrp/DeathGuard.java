package net.lbd.cli.vrrp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell that outlives the daemon: when the daemon's end of its pipe closes, whatever killed the daemon, it writes into the
 * track files that nobody serves here any more, within a millisecond or two. Not thread-safe.
 */
final class DeathGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeathGuard.class);

    /** A line means that all is well. In place and without a program besides the shell: this must be quick. */
    private static final String SCRIPT = "trap '' HUP INT TERM; read -r word || for file; do echo 1 > \"$file\"; done";

    private final Process shell;

    private DeathGuard(Process shell) {
        this.shell = shell;
    }

    static DeathGuard over(List<Path> files) throws IOException {
        Process shell = new ProcessBuilder(command(files)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return new DeathGuard(shell);
    }

    static List<String> command(List<Path> files) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "lbd-vrrp-guard"));
        files.forEach(file -> command.add(file.toString()));
        return command;
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** Ends it without a word in the files. */
    @Override
    public void close() {
        try (var pipe = shell.getOutputStream()) {
            pipe.write('\n');
        } catch (IOException e) {
            LOG.debug("the guard of the track files was gone already", e);
        }
    }
}
