package net.lbd.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadPreview;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.cli.reload.WatchedReload;
import net.lbd.cli.vrrp.VrrpStatus;
import net.lbd.l4.DirectorStatus;

/** What commands may ask of the daemon. Thread-safe. */
public interface DaemonControl {

    /** Blocks until the new configuration serves or is refused. */
    ReloadResult reload();

    /** Reloads, and goes back to what serves now unless {@link #confirm} comes in time. */
    default ReloadResult reloadOnTrial(Duration time) {
        return new ReloadResult(false, List.of(), "this daemon cannot go back", Duration.ZERO);
    }

    /** Reloads, watches for this time, and goes back if health gets worse; blocks until that is decided. */
    default WatchedReload.Outcome reloadIfHealthy(Duration time) {
        return new WatchedReload.Outcome(new ReloadResult(false, List.of(), "this daemon cannot go back", Duration.ZERO), false, "");
    }

    /** The configuration on trial stays; false if none is. */
    default boolean confirm() {
        return false;
    }

    /** Ends a trial at once: what served before it serves again. */
    default ReloadResult goBack() {
        return new ReloadResult(false, List.of(), "no reload waits to be confirmed", Duration.ZERO);
    }

    /** How long the configuration that serves may still be confirmed; empty if it is not on trial. Never blocks. */
    default Optional<Duration> trialLeft() {
        return Optional.empty();
    }

    /** How long the configuration that serves is still watched; empty if it is not. Never blocks. */
    default Optional<Duration> watchLeft() {
        return Optional.empty();
    }

    /** What a reload would change; changes nothing. */
    default ReloadPreview preview() {
        return new ReloadPreview(List.of(), "this daemon cannot compare", List.of());
    }

    /** Asks for the end of the process; returns at once, before it has ended. */
    void stop();

    /** Closes the listeners; the process ends when its sessions have, or after {@code hard-stop-after}. */
    void softStop();

    boolean isStopping();

    /**
     * Sends what is listened on to another process, which waits on a Unix socket; this one goes on accepting.
     *
     * @return the keys of the sockets, in the order in which they were sent
     * @throws IOException if it cannot be; the message says why
     */
    default List<String> handOver(Path to) throws IOException {
        throw new IOException("this daemon hands nothing over");
    }

    /**
     * Another process has the sockets and serves: this one drains and ends.
     *
     * @throws IOException if yet another has said so before
     */
    default void takenOver(long pid) throws IOException { }

    /**
     * Starts the program as it is installed now in this process's place; blocks until it serves.
     *
     * @return its process id
     * @throws IOException if it did not come so far; this process serves on
     */
    default long upgrade() throws IOException {
        throw new IOException("this daemon starts no other");
    }

    /** The control sockets that are served. */
    default List<ControlSocketSet.Listed> controlSockets() {
        return List.of();
    }

    /** The files and folders of the configuration, as the command line names them, in their order. */
    default List<Path> configurationFiles() {
        return List.of();
    }

    /** What was told of the configuration at the start, a line each. */
    default List<String> startupLogs() {
        return List.of();
    }

    /** When the process began. */
    Instant startedAt();

    /** How long ago that was, whatever was done to the clock of the machine meanwhile. */
    default Duration uptime() {
        return Duration.between(startedAt(), Instant.now());
    }

    /** What the kernel forwards for the directors, as of now. */
    default List<DirectorStatus> directors() {
        return List.of();
    }

    /** The addresses that are shared with a partner. */
    default List<VrrpStatus> vrrp() {
        return List.of();
    }

    /**
     * Gives the addresses of a {@code vrrp} section to the partner, or lets this machine have them again.
     *
     * @return false if there is no such section
     * @throws IOException if it cannot be written down
     */
    default boolean standBy(String section, boolean standby) throws IOException {
        return false;
    }

    /** The data plane: what serves, and the administrative state of its servers. */
    Engine engine();
}
