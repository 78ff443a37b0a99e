package net.lbd.cli.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import net.lbd.cli.command.ControlSocket.SocketInUseException;
import net.lbd.cli.reload.Participant;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ControlSockets;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.PortSpec;
import net.lbd.core.listen.UnixSocketFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control sockets of the daemon: those of the {@code stats socket} lines, and one of its own on
 * which {@code lbctl} finds it. Follows reloads: new sockets are bound before the configuration is
 * published, sockets that are gone from it are closed after. Clients that are being answered keep their
 * connection. The own socket is given up, with a notice, where another process has it and the
 * configuration has a socket of level admin. Thread-safe: guarded by its own lock.
 */
public final class ControlSocketSet implements Participant, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocketSet.class);
    private static final UnixSocketFile OWNER_ONLY = new UnixSocketFile(Optional.of(0600), Optional.empty(), Optional.empty());
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    /** What a socket shall be; two lines with one address are one socket. */
    private record Wanted(AddressSpec address, Level level, UnixSocketFile file) {
        static Wanted of(ControlSockets.Socket line) {
            return new Wanted(line.address(), line.level(), new UnixSocketFile(line.mode(), line.user(), line.group()));
        }
    }

    /** @param relay what comes by a descriptor that the process was started with */
    private record Bound(ControlSocket socket, CommandServer server, Optional<InheritedControl> relay) { }

    private final DaemonControl daemon;
    private final SocketLocations locations;
    private final Optional<ControlSockets.Socket> master;
    /** Whether sockets on which another process answers are replaced: at the start, by one that takes its place. */
    private boolean replacing;
    private final CommandTable table = new CommandTable();
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Bound> bound = new LinkedHashMap<>();
    private boolean closed;

    public ControlSocketSet(DaemonControl daemon, SocketLocations locations) {
        this(daemon, locations, Optional.empty(), false);
    }

    /**
     * @param master a socket that the command line names, whatever the configuration has
     * @param replacing whether the first configuration may take sockets on which another process answers
     */
    public ControlSocketSet(DaemonControl daemon, SocketLocations locations, Optional<ControlSockets.Socket> master, boolean replacing) {
        this.replacing = replacing;
        this.master = Objects.requireNonNull(master, "master");
        this.daemon = Objects.requireNonNull(daemon, "daemon");
        this.locations = Objects.requireNonNull(locations, "locations");
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lbd-control-timer");
            thread.setDaemon(true);
            return thread;
        });
        this.timer.setRemoveOnCancelPolicy(true);
    }

    /** A socket as it is shown. */
    public record Listed(String address, Level level) { }

    /** The sockets as they are now. */
    public synchronized List<Listed> list() {
        return bound.entrySet().stream().map(e -> new Listed(e.getKey(), e.getValue().server().level())).toList();
    }

    /** A Unix socket on which a process of the same user may give every command. */
    public synchronized Optional<Path> ownSocket() {
        return bound.entrySet().stream().filter(e -> e.getKey().startsWith("/") && e.getValue().server().level() == Level.ADMIN)
                .map(e -> Path.of(e.getKey())).findFirst();
    }

    /** The addresses, as text. */
    public synchronized List<String> addresses() {
        return List.copyOf(bound.keySet());
    }

    @Override
    public synchronized Change prepare(Configuration configuration) throws IOException {
        if (closed) {
            throw new IOException("the daemon is stopping");
        }
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        configuration.global().settings().get(GlobalSettings.STATS_SOCKETS).sockets().forEach(line ->
                wanted.put(address(line.address()), Wanted.of(line)));
        master.ifPresent(line -> wanted.put(address(line.address()), Wanted.of(line)));
        SocketChange change = new SocketChange(wanted, CommandServer.Limits.of(configuration.global().settings()));
        try {
            for (Map.Entry<String, Wanted> entry : wanted.entrySet()) {
                if (!bound.containsKey(entry.getKey())) {
                    change.fresh.put(entry.getKey(), open(entry.getValue(), change.limits));
                }
            }
            prepareOwn(change);
        } catch (IOException | RuntimeException e) {
            change.rollback();
            throw e;
        }
        return change;
    }

    /** The socket that lbctl finds by itself; it stays where it is as long as the daemon lives. */
    private void prepareOwn(SocketChange change) throws IOException {
        boolean hasAdmin = change.wanted.values().stream().anyMatch(w -> w.level() == Level.ADMIN);
        Path path = locations.forDaemon().toAbsolutePath();
        if (change.wanted.containsKey(path.toString())) {
            return;
        }
        Wanted own = new Wanted(new AddressSpec.Unix(path.toString(), path.toString(), false), Level.ADMIN,
                OWNER_ONLY);
        try {
            if (!bound.containsKey(path.toString())) {
                change.fresh.put(path.toString(), serve(bind(own), Level.ADMIN, change.limits));
            }
            change.wanted.put(path.toString(), own);
        } catch (SocketInUseException e) {
            if (!hasAdmin) {
                throw e;
            }
            LOG.info("{} belongs to another process; lbctl finds this one only with '-s SOCKET'", path);
        }
    }

    private Bound open(Wanted wanted, CommandServer.Limits limits) throws IOException {
        if (!(wanted.address() instanceof AddressSpec.FileDescriptor inherited) || inherited.isPair()) {
            return serve(bind(wanted), wanted.level(), limits);
        }
        Path folder = Files.createTempDirectory("lbd-control");
        Bound bound = serve(ControlSocket.bindUnix(folder.resolve("fd.sock"), OWNER_ONLY, false), wanted.level(), limits);
        try {
            return new Bound(bound.socket(), bound.server(), Optional.of(InheritedControl.open(inherited.number(), folder.resolve("fd.sock"))));
        } catch (IOException e) {
            close(bound);
            throw new IOException("control socket " + inherited.text() + ": " + e.getMessage(), e);
        }
    }

    private static String address(AddressSpec address) {
        return address instanceof AddressSpec.Unix unix && !unix.abstractName()
                ? Path.of(unix.path()).toAbsolutePath().toString()
                : address.text();
    }

    private ControlSocket bind(Wanted wanted) throws IOException {
        if (wanted.address() instanceof AddressSpec.Unix unix && !unix.abstractName()) {
            return ControlSocket.bindUnix(Path.of(unix.path()).toAbsolutePath(), wanted.file(), replacing);
        }
        if (wanted.address() instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed port) {
            return ControlSocket.bindInet(new InetSocketAddress(ip.address(), port.port()));
        }
        throw new IOException("control socket " + wanted.address().text()
                + ": not supported yet; use the path of a Unix socket, or an address with a port");
    }

    private Bound serve(ControlSocket socket, Level level, CommandServer.Limits limits) {
        CommandServer server = new CommandServer(socket.channel(), level, table, daemon, limits, timer);
        server.start();
        return new Bound(socket, server, Optional.empty());
    }

    private static void close(Bound bound) {
        bound.relay().ifPresent(InheritedControl::close);
        bound.server().close();
        try {
            bound.socket().close();
            if (bound.relay().isPresent()) {
                Files.deleteIfExists(bound.socket().path().orElseThrow().getParent());
            }
        } catch (IOException e) {
            LOG.warn("control socket: cannot remove its file: {}", e.getMessage());
        }
    }

    /** The last clients get a second to take their answers. */
    @Override
    public synchronized void close() {
        closed = true;
        List<Bound> last = List.copyOf(bound.values());
        bound.clear();
        last.forEach(ControlSocketSet::close);
        try {
            for (Bound b : last) {
                b.server().awaitClients(LAST_ANSWERS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }

    /** Fresh sockets answer already, as a daemon that starts must be reachable before it is ready. */
    private final class SocketChange implements Change {

        private final Map<String, Wanted> wanted;
        private final CommandServer.Limits limits;
        private final Map<String, Bound> fresh = new LinkedHashMap<>();

        SocketChange(Map<String, Wanted> wanted, CommandServer.Limits limits) {
            this.wanted = wanted;
            this.limits = limits;
        }

        @Override
        public void commit() {
            synchronized (ControlSocketSet.this) {
                if (closed) {
                    rollback();
                    return;
                }
                replacing = false;
                bound.putAll(fresh);
                bound.entrySet().removeIf(entry -> {
                    boolean gone = !wanted.containsKey(entry.getKey());
                    if (gone) {
                        ControlSocketSet.close(entry.getValue());
                    }
                    return gone;
                });
                bound.forEach((address, b) -> adjust(b, wanted.get(address)));
            }
        }

        /** A line that only changed its level or mode keeps its socket; the limits are those of all sockets. */
        private void adjust(Bound b, Wanted line) {
            b.server().setLevel(line.level());
            b.server().setLimits(limits);
            try {
                b.socket().change(line.file());
            } catch (IOException e) {
                LOG.warn("control socket {}: cannot change its mode or owner: {}", line.address().text(), e.getMessage());
            }
        }

        @Override
        public void rollback() {
            fresh.values().forEach(ControlSocketSet::close);
        }
    }
}
