package net.lbd.core.connect;

import java.util.Objects;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.h2.ServerLink;
import net.lbd.core.runtime.Worker;

/**
 * A connection to a server that carries the streams of several server connections, and who may have them: while any of
 * them is lent, those of the client that had the first, or of all where {@code http-reuse} lets clients share one; once a
 * client's identity is bound to one, that one alone. Event-loop confined. Source: HAProxy manual, "http-reuse".
 */
public final class SharedLink {

    private static final Object NOBODY = new Object();

    private final Worker worker;
    private final ServerLink link;
    private final Server server;
    private final ServerConnection.Beginning beginning;
    private Object client = NOBODY;
    private int lent;
    private long uses;

    SharedLink(Worker worker, ServerLink link, ServerConnection begunAs) {
        this.worker = Objects.requireNonNull(worker, "worker");
        this.link = Objects.requireNonNull(link, "link");
        this.server = begunAs.server();
        this.beginning = begunAs.beginning();
    }

    /** Another connection on it; the caller has asked {@link #hasRoom}. */
    ServerConnection open(Server now) {
        ServerConnection connection = new ServerConnection(worker, now, link.newLane(), beginning, this);
        connection.channel().pipeline().addLast(connection);
        return connection;
    }

    /** Whether another connection can be opened on it, to where the server is now. */
    boolean hasRoom() {
        return link.hasRoom() && beginning.leadsTo(server);
    }

    /** As many streams as the server and {@code tune.h2.be.max-concurrent-streams} allow. */
    int maxStreams() {
        return link.maxStreams();
    }

    Server server() {
        return server;
    }

    /** Whether it began as another would. */
    boolean beganWith(Ways.Way otherWay, Opening otherOpening) {
        return beginning.isSame(otherWay, otherOpening);
    }

    /** Whether a client's stream may go with those that are on it now, or were last. */
    boolean mayServe(Object otherClient, HttpReuse reuse) {
        return client == otherClient || switch (reuse) {
            case NEVER -> false;
            case SAFE -> lent == 0;
            case AGGRESSIVE, ALWAYS -> true;
        };
    }

    /** Whether it has been used again, and so may be trusted to be there. */
    boolean isProven() {
        return uses > 1;
    }

    void lend(Object toClient) {
        if (lent++ == 0) {
            client = toClient;
        }
        uses++;
    }

    void takeBack() {
        lent--;
    }

    /** A client's identity is tied to a connection on it: none of the others begins anything more. */
    void bind(ServerConnection connection) {
        link.bind(connection.channel());
    }

    boolean takesStreamsOf(ServerConnection connection) {
        return link.takesStreamsOf(connection.channel());
    }

    /** Breaches of the protocol by the server: {@code bc_glitches}. */
    int glitches() {
        return link.glitches();
    }
}
