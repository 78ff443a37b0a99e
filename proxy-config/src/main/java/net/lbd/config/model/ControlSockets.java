package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import net.lbd.config.syntax.SourceLocation;

/** The {@code stats socket} lines of {@code global}. Immutable. */
public record ControlSockets(List<Socket> sockets) {

    public static final ControlSockets NONE = new ControlSockets(List.of());

    public ControlSockets {
        sockets = List.copyOf(sockets);
    }

    /** What a client of the socket may do. */
    public enum Level { USER, OPERATOR, ADMIN }

    /**
     * @param mode permission bits of a Unix socket; default: as the umask has it
     */
    public record Socket(SourceLocation location, AddressSpec address, Level level, OptionalInt mode) {
        public Socket {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(level, "level");
            Objects.requireNonNull(mode, "mode");
        }
    }
}
