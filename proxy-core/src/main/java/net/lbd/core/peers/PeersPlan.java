package net.lbd.core.peers;

import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.stick.StickTable;
import net.lbd.core.tls.BindTls;
import net.lbd.core.tls.ServerTls;

/**
 * A {@code peers} section, ready to run. Immutable.
 *
 * @param localName the name of this process among the peers
 * @param tables those that it shares
 * @param writeTo the table that what peers send for a table goes to as well, at the same place
 * @param shape two plans of one shape share in the same way: connections of the one serve the other
 */
public record PeersPlan(
        String name, String localName, List<Listen> listens, List<Remote> remotes, List<StickTable> tables,
        List<Optional<StickTable>> writeTo, String shape) {

    /** An address to listen on. */
    public record Listen(SourceLocation location, SocketAddress address, Optional<BindTls> tls) { }

    /** Another process. */
    public record Remote(String name, SocketAddress address, Optional<ServerTls> tls) { }

    public PeersPlan {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(localName, "localName");
        listens = List.copyOf(listens);
        remotes = List.copyOf(remotes);
        tables = List.copyOf(tables);
        writeTo = List.copyOf(writeTo);
        Objects.requireNonNull(shape, "shape");
    }

    /** Whether what runs for the other plan can go on for this one. */
    boolean goesOn(PeersPlan other) {
        return shape.equals(other.shape) && sameTables(tables, other.tables) && writeTo.equals(other.writeTo);
    }

    private static boolean sameTables(List<StickTable> one, List<StickTable> two) {
        boolean same = one.size() == two.size();
        for (int i = 0; same && i < one.size(); i++) {
            same = one.get(i) == two.get(i);
        }
        return same;
    }
}
