package net.lbd.core.log;

import java.util.List;
import java.util.Objects;
import net.lbd.config.model.LogTargetSpec.Level;

/**
 * What a proxy tells its log besides its streams, in HAProxy's words. Immutable; any thread.
 *
 * @param kind what the proxy is called: {@code frontend}, {@code backend}, or {@code proxy} for both in one
 * @param targets of the proxy that speaks
 */
public record ServerMessages(LogWriter writer, String kind, List<LogTarget> targets) {

    public ServerMessages {
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(kind, "kind");
        targets = List.copyOf(targets);
    }

    /**
     * The state of a backend after a server changed.
     *
     * @param active usable servers that are no backups
     * @param sessions of the server at this moment
     * @param requeued streams that left the server's queue
     * @param queued streams that still wait
     */
    public record Remaining(int active, int backup, int sessions, int requeued, int queued) { }

    /** The end of a sentence about a server that is lost: what is left. */
    String left(Remaining left) {
        return ". " + servers(left) + " left." + runningOnBackup(left) + " " + left.sessions()
                + " sessions active, " + left.requeued() + " requeued, " + left.queued() + " remaining in queue.";
    }

    /** The end of a sentence about a server that goes on: what there is. */
    String online(Remaining left) {
        return ". " + servers(left) + " online." + runningOnBackup(left) + " " + left.requeued()
                + " sessions requeued, " + left.queued() + " total in queue.";
    }

    /** Nobody is left to serve. */
    void noServer(String backend) {
        send(Level.EMERG, kind + " " + backend + " has no server available!");
    }

    /** A proxy listens. */
    public void started(String name) {
        send(Level.NOTICE, "Proxy " + name + " started.");
    }

    public void stopping(String name) {
        send(Level.WARNING, "Stopping proxy " + name + ".");
    }

    public void stopped(String name, long frontendConnections, long backendConnections) {
        send(Level.WARNING, "Proxy " + name + " stopped (cumulated conns: FE: " + frontendConnections + ", BE: "
                + backendConnections + ").");
    }

    /** Anything else. */
    public void send(Level level, String text) {
        writer.message(targets, level, text);
    }

    private static String servers(Remaining left) {
        return left.active() + " active and " + left.backup() + " backup servers";
    }

    private static String runningOnBackup(Remaining left) {
        return left.active() == 0 && left.backup() > 0 ? " Running on backup." : "";
    }
}
