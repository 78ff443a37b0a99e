package net.lbd.core.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.HeadParser;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;

/**
 * A connection to a server: lent to one stream after another, idle in between. Bytes that come while
 * nobody waits for any are the answer to no question: the connection is closed, so that they cannot be
 * taken for the answer to the next. Event-loop confined.
 */
public final class ServerConnection extends ChannelInboundHandlerAdapter implements ReadQueue.Reader {

    /** The stream that has the connection. */
    public interface User {
        /** Bytes from the server; the buffer is handed over. */
        void serverRead(ByteBuf bytes);

        void serverWritabilityChanged();

        /** The server will send nothing more. */
        void serverInputClosed();

        /** The connection is gone, in order or not. */
        void serverClosed();
    }

    private static final User NOBODY = new User() {
        @Override
        public void serverRead(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void serverWritabilityChanged() { }

        @Override
        public void serverInputClosed() { }

        @Override
        public void serverClosed() { }
    };

    private static final long CLOSE_MILLIS = 30_000;

    /**
     * How a connection began: one for which another would have begun so can be used in its place.
     *
     * @param opening what else it began with
     * @param place of the server's places, where it leads; -1: none that it has now
     */
    record Beginning(Ways.Way way, Opening opening, int place) {
        Beginning {
            Objects.requireNonNull(way, "way");
            Objects.requireNonNull(opening, "opening");
        }

        boolean isSame(Ways.Way otherWay, Opening other) {
            return way.apart() == otherWay.apart() && opening.isSame(other);
        }

        /** Whether it leads to where the server is now. */
        boolean leadsTo(Server server) {
            return place == server.state().place().number();
        }
    }

    private final Worker worker;
    private Server server;
    private final Channel channel;
    private final Beginning beginning;
    /** What carries this connection with others; empty: it has a socket of its own. */
    private final Optional<SharedLink> link;
    private final ReadGate gate;
    private final HeadParser responseParser;
    private final BodyReader responseBody;
    /** This connection where one is looked for, made once. */
    private final Optional<ServerConnection> found = Optional.of(this);
    /** While idle the end of the purge delay; while closing the patience with a server that takes nothing. */
    private final TimerWheel.Timer purgeTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            close();
        }
    };
    private User user = NOBODY;
    /** Read in this turn, for the user; empty if nothing waits. */
    private ByteBuf unused = Unpooled.EMPTY_BUFFER;
    private boolean bound;
    private boolean inputClosed;
    private boolean failed;
    private boolean gone;
    private boolean closing;
    private long uses;
    private Optional<ConnectionPool> home = Optional.empty();

    ServerConnection(Worker worker, Server server, Channel channel, Beginning beginning) {
        this(worker, server, channel, beginning, Optional.empty());
    }

    ServerConnection(Worker worker, Server server, Channel channel, Beginning beginning, SharedLink link) {
        this(worker, server, channel, beginning, Optional.of(link));
    }

    private ServerConnection(Worker worker, Server server, Channel channel, Beginning beginning, Optional<SharedLink> link) {
        this.beginning = Objects.requireNonNull(beginning, "beginning");
        this.link = link;
        this.worker = Objects.requireNonNull(worker, "worker");
        this.server = Objects.requireNonNull(server, "server");
        this.channel = Objects.requireNonNull(channel, "channel");
        this.gate = new ReadGate(channel);
        Worker.Limits limits = worker.limits();
        this.responseParser = new HeadParser(false, worker.bytePool(), limits.headBytes(), limits.maxHeaders());
        this.responseBody = new BodyReader(limits.headBytes());
    }

    public Server server() {
        return server;
    }

    /** A reload has replaced the server by one that {@linkplain Server#takesConnectionsOf takes} this connection. */
    void moveTo(Server now) {
        server = now;
    }

    public Channel channel() {
        return channel;
    }

    /** What carries this connection with others; empty: it has a socket of its own. */
    Optional<SharedLink> link() {
        return link;
    }

    Beginning beginning() {
        return beginning;
    }

    /** Whether it began as another would. */
    public boolean beganWith(Ways.Way otherWay, Opening other) {
        return beginning.isSame(otherWay, other);
    }

    /** Whether a client's stream may go with those that share the socket now. */
    boolean mayServe(Object client, HttpReuse reuse) {
        return link.isEmpty() || link.get().mayServe(client, reuse);
    }

    /** Whether it has been used again, and so may be trusted to be there. */
    boolean isProven() {
        return link.isPresent() ? link.get().isProven() : uses > 1;
    }

    /** The version of HTTP that it speaks: 1 or 2. */
    public int httpMajor() {
        return link.isPresent() ? 2 : 1;
    }

    /** Breaches of HTTP/2 by the server that did not end the connection. */
    public int glitches() {
        return link.isPresent() ? link.get().glitches() : 0;
    }

    public ReadGate gate() {
        return gate;
    }

    /** The parser of response heads on this connection. */
    public HeadParser responseParser() {
        return responseParser;
    }

    public BodyReader responseBody() {
        return responseBody;
    }

    /** How many streams have had this connection, the present one included. */
    public long uses() {
        return uses;
    }

    /** This connection as the result of a search. */
    public Optional<ServerConnection> found() {
        return found;
    }

    /** Lends the connection to a stream of a client, which is known by identity. */
    public void lend(User newUser, Object client) {
        user = newUser;
        uses++;
        if (link.isPresent()) {
            link.get().lend(client);
        }
    }

    /** Takes the connection back. */
    public void takeBack() {
        user = NOBODY;
        if (link.isPresent()) {
            link.get().takeBack();
        }
        if (unused.isReadable()) {
            // More than the user waited for: nobody may take it for an answer to what is asked next.
            inputClosed = true;
            forgetUnused();
        }
    }

    private void forgetUnused() {
        unused.release();
        unused = Unpooled.EMPTY_BUFFER;
    }

    /** Whether a client's identity is tied to this connection: then no other client may ever have it. */
    public boolean isBound() {
        return bound;
    }

    public void bind() {
        bound = true;
        if (link.isPresent()) {
            link.get().bind(this);
        }
    }

    /** Whether it can carry another request: open both ways, to where the server is now, and nothing unasked has come. */
    public boolean isUsable() {
        return !inputClosed && channel.isActive() && beginning.leadsTo(server)
                && (link.isEmpty() || link.get().takesStreamsOf(this));
    }

    /** Whether it ended by an error instead of in order. */
    public boolean hasFailed() {
        return failed;
    }

    /** Rests in a pool, and is closed if it is still there after this time. */
    void rest(ConnectionPool pool, long purgeDelayMillis) {
        home = Optional.of(pool);
        worker.timers().arm(purgeTimer, purgeDelayMillis);
    }

    void wakeFromRest() {
        home = Optional.empty();
        worker.timers().disarm(purgeTimer);
    }

    /**
     * Closes once what was written has left: a server that takes its time loses nothing of it, one that takes nothing
     * is cut off after half a minute. What it still sends is thrown away.
     */
    public void closeBehindWrites() {
        closing = true;
        worker.timers().arm(purgeTimer, CLOSE_MILLIS);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> close());
    }

    public void close() {
        worker.timers().remove(purgeTimer);
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        useRead();
        if (closing) {
            bytes.release();
        } else if (user == NOBODY) {
            bytes.release();
            inputClosed = true;
            close();
        } else if (bytes.isReadable() && bytes.readableBytes() <= ReadQueue.SMALL_BYTES) {
            unused = bytes;
            worker.reads().addResponse(this);
        } else {
            user.serverRead(bytes);
        }
    }

    @Override
    public void useRead() {
        if (unused.isReadable()) {
            ByteBuf bytes = unused;
            unused = Unpooled.EMPTY_BUFFER;
            user.serverRead(bytes);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        user.serverWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            useRead();
            endOfInput();
        }
    }

    private void endOfInput() {
        if (inputClosed || closing) {
            return;
        }
        inputClosed = true;
        if (user == NOBODY) {
            close();
        } else {
            user.serverInputClosed();
        }
    }

    /** A transport that closes over an error may leave out {@code channelInactive}: nothing may stay behind. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (!gone) {
            channelInactive(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        useRead();
        worker.timers().remove(purgeTimer);
        inputClosed = true;
        home.ifPresent(pool -> pool.forget(this));
        user.serverClosed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        readFailed(cause);
    }

    @Override
    public void readFailed(Throwable cause) {
        Faults.report("a connection to server " + server.name(), cause);
        // The close that follows tells the user.
        failed = true;
        channel.close();
    }
}
