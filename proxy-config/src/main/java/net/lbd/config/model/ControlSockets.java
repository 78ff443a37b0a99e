package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
     * @param user of a Unix socket, a name or a number; default: that of the process, as with the group
     */
    public record Socket(SourceLocation location, AddressSpec address, Level level, Optional<Integer> mode, Optional<String> user, Optional<String> group) {
        public Socket {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(level, "level");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(group, "group");
        }
    }
}
