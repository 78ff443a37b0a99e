package net.lbd.core.listen;

import io.netty.channel.ChannelInboundHandler;
import java.util.List;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/** The last handler of a client's pipeline: it carries the traffic once the connection is ready. */
public interface ClientConnection extends ChannelInboundHandler {

    /**
     * The connection is ready: accepted, its PROXY header read, its TLS handshake done.
     *
     * @param acceptedNanos {@link System#nanoTime} of the accept
     * @param acceptedWallMillis the accept in milliseconds since 1970
     */
    void begin(long acceptedNanos, long acceptedWallMillis);

    /** Ends the connection unless an exchange is going on. */
    void closeIfIdle();

    /** Ends the connection if its exchange has this server, which went down. */
    void closeIfServedBy(Server server);

    /** A reload has changed the servers: idle connections to those that are gone are closed. */
    void serversChanged();

    /** The stream that the rules of the connection look at. */
    Stream stream();

    /** The streams that go on; that of a connection that rests is one of them. */
    default List<Stream> streams() {
        return List.of(stream());
    }

    /** Ends the connection at once, whatever is going on. */
    void cut();
}
