package net.lbd.cli.process;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd about the daemon's state through the datagram socket that {@code NOTIFY_SOCKET} names,
 * a path or, with a leading {@code @}, a name of the abstract name space. Without that variable every
 * method does nothing. The JDK has no Unix datagram sockets; Netty's native transport has. Thread-safe.
 * Source: sd_notify(3), sd_watchdog_enabled(3).
 */
public final class SystemdNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    private final Optional<byte[]> address;
    private final Optional<Duration> watchdog;

    private SystemdNotifier(Optional<byte[]> address, Optional<Duration> watchdog) {
        this.address = Objects.requireNonNull(address, "address");
        this.watchdog = Objects.requireNonNull(watchdog, "watchdog");
    }

    /** Reads {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}. */
    static SystemdNotifier of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (!socket.startsWith("/") && !socket.startsWith("@")) {
            if (!socket.isEmpty()) {
                LOG.warn("NOTIFY_SOCKET={}: neither a path nor an abstract name; systemd is not notified", socket);
            }
            return new SystemdNotifier(Optional.empty(), Optional.empty());
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("systemd is not notified: the native transport is not available ({})",
                    Epoll.unavailabilityCause().getMessage());
            return new SystemdNotifier(Optional.empty(), Optional.empty());
        }
        byte[] address = socket.getBytes(StandardCharsets.UTF_8);
        if (address[0] == '@') {
            address[0] = 0;
        }
        return new SystemdNotifier(Optional.of(address), watchdog(environment));
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Optional.of(Duration.ofNanos(micros * 1000)) : Optional.empty();
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC is not a number; the watchdog is not fed");
            return Optional.empty();
        }
    }

    /** How often {@link #alive} must be called: twice in the time after which systemd kills. */
    Optional<Duration> watchdogInterval() {
        return watchdog.map(d -> d.dividedBy(2));
    }

    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** A reload begins; {@link #ready} ends it, whatever came of it. */
    void reloading() {
        // systemd compares this with its CLOCK_MONOTONIC, which is what HotSpot's nanoTime reads on Linux.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    void stopping(String status) {
        send("STOPPING=1\nSTATUS=" + status);
    }

    /** Another process is the service's from now on; it is this one that has to say so. */
    void mainProcess(long pid) {
        send("MAINPID=" + pid + "\nSTATUS=process " + pid + " has taken over");
    }

    void alive() {
        send("WATCHDOG=1");
    }

    private void send(String state) {
        if (address.isEmpty()) {
            return;
        }
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        // The native call takes the memory of a direct buffer only.
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        Socket socket = null;
        try {
            socket = Socket.newSocketDomainDgram();
            socket.sendToDomainSocket(buffer, 0, bytes.length, address.get());
        } catch (IOException | RuntimeException e) {
            // The service goes on; systemd will notice by itself what it was not told.
            LOG.warn("systemd is not notified: {}", e.toString());
        } finally {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("notify socket: {}", e.getMessage());
            }
        }
    }
}
