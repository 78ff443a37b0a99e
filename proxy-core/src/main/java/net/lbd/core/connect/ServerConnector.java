package net.lbd.core.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.h2.LinkResources;
import net.lbd.core.h2.ServerLink;
import net.lbd.core.listen.SocketDefaults;
import net.lbd.core.netns.Namespace;
import net.lbd.core.runtime.Worker;

/**
 * Opens connections to servers, on the worker that asks. There is no time limit here: the caller has a
 * timer and calls {@link Attempt#cancel}. Stateless.
 */
public final class ServerConnector {

    /** Told once how an attempt ended, on the worker's loop; never from within {@link #connect}. */
    public interface Outcome {
        void connected(ServerConnection connection);

        /** Others wait, or waited, for the same: this is a place on the connection that one of them has. */
        default void joined(ServerConnection connection) {
            connected(connection);
        }

        void failed(Throwable cause);
    }

    private ServerConnector() { }

    /** A connection being made, or a wait for one that is. Event-loop confined. */
    public static final class Attempt {
        /** Null as long as its socket is {@link #coming} from another network namespace, and where there was no descriptor for one. */
        private Channel channel;
        private Future<Channel> coming;
        /** Empty: it makes one of its own. */
        private Optional<ComingLink> link = Optional.empty();
        private final Outcome outcome;
        private boolean over;

        private Attempt(Outcome outcome) {
            this.outcome = Objects.requireNonNull(outcome, "outcome");
        }

        /** Gives up; the outcome is not told any more. */
        public void cancel() {
            over = true;
            if (link.isPresent()) {
                link.get().leave(this);
            } else if (channel != null) {
                channel.close();
            } else if (coming != null) {
                coming.cancel(false);
            }
        }

        /** Gives up because it has taken too long: a connection that others wait for as well is none for anybody else. */
        public void expire() {
            link.ifPresent(ComingLink::close);
            cancel();
        }

        void waitsFor(ComingLink shared) {
            link = Optional.of(shared);
        }

        boolean isOver() {
            return over;
        }

        void connected(ServerConnection connection) {
            over = true;
            outcome.connected(connection);
        }

        void joined(ServerConnection connection) {
            over = true;
            connection.server().state().counters().reuses.increment();
            outcome.joined(connection);
        }

        void failed(Throwable cause) {
            if (!over) {
                over = true;
                outcome.failed(cause);
            }
        }
    }

    /**
     * Begins to connect.
     *
     * @param way of the server's {@link Server#ways}
     * @param address where to, from {@link Server#address}
     * @param opening from {@link Server#opening}
     */
    public static Attempt connect(
            Worker worker, Server server, Ways.Way way, SocketAddress address, Opening opening, Outcome outcome) {
        Attempt attempt = new Attempt(outcome);
        begin(attempt, worker, new ComingLink.Route(server, way, address, opening));
        return attempt;
    }

    /**
     * As {@link #connect}, for a stream that may share its connection: if one is being made that can carry several streams, it waits
     * for that.
     */
    public static Attempt connect(Worker worker, Server server, Ways.Way way, SocketAddress address, Opening opening, Sharing sharing,
            Outcome outcome) {
        Attempt attempt = new Attempt(outcome);
        ComingLink.await(worker, new ComingLink.Waiter(attempt, new ComingLink.Route(server, way, address, opening), sharing));
        return attempt;
    }

    static void begin(Attempt attempt, Worker worker, ComingLink.Route route) {
        attempt.link = Optional.empty();
        route.server().state().counters().connects.increment();
        LocalAddress local = route.opening().local();
        if (local != LocalAddress.ANY && local.namespace().isPresent() && route.address() instanceof InetSocketAddress) {
            awaitSocket(attempt, worker, local.namespace().get(), socket -> open(attempt, worker, route, socket));
        } else {
            open(attempt, worker, route, Optional.empty());
        }
    }

    /** Takes a socket of a namespace that lies ready, else waits for one. */
    private static void awaitSocket(Attempt attempt, Worker worker, Namespace namespace, Consumer<Optional<Channel>> then) {
        Optional<Channel> ready = namespace.poll();
        if (ready.isPresent()) {
            then.accept(ready);
            return;
        }
        Future<Channel> coming = namespace.next(worker.loop());
        attempt.coming = coming;
        coming.addListener(came -> {
            if (attempt.over) {
                if (coming.isSuccess()) {
                    coming.getNow().unsafe().closeForcibly();
                }
                return;
            }
            Throwable failure = coming.cause();
            if (failure == null) {
                try {
                    then.accept(Optional.of(coming.getNow()));
                    return;
                } catch (RuntimeException e) {
                    // There is no caller any more whom it could be thrown to.
                    failure = e;
                }
            }
            attempt.failed(failure);
        });
    }

    /** @param ready the channel, not registered yet; empty: it is made here */
    private static void open(Attempt attempt, Worker worker, ComingLink.Route route, Optional<Channel> ready) {
        Server server = route.server();
        Ways.Way way = route.way();
        SocketAddress address = route.address();
        Opening opening = route.opening();
        // Before the channel: if this should fail, no socket is left behind.
        boolean later = server.startTls().isPresent();
        Supplier<SslHandler> newTls = () -> way.tls().orElseThrow().newHandler(
                worker.allocator(), opening.sni(), hostOf(address), portOf(address));
        Optional<SslHandler> tls = later || way.tls().isEmpty() ? Optional.empty() : Optional.of(newTls.get());
        Channel channel;
        try {
            channel = ready.isPresent() ? ready.get() : newChannel(worker, address);
        } catch (ChannelException e) {
            tls.ifPresent(handler -> ReferenceCountUtil.release(handler.engine()));
            withoutDescriptor(attempt, worker, server, e);
            return;
        }
        worker.opened(channel);
        SocketDefaults.apply(channel, worker.allocator());
        server.limits().sockets().apply(channel);
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        ServerConnection connection = new ServerConnection(worker, server, channel,
                new ServerConnection.Beginning(way, opening, server.placeOf(address)));
        tls.ifPresent(channel.pipeline()::addLast);
        Optional<Promise<ByteBuf>> greeted = later ? Optional.of(worker.loop().newPromise()) : Optional.empty();
        greeted.ifPresent(promise -> channel.pipeline().addLast(new StartTlsClient(server.startTls().get(), newTls, promise)));
        channel.pipeline().addLast(connection);
        attempt.channel = channel;
        worker.loop().register(channel);
        ChannelFuture connecting = begin(channel, address, opening.local(), server.limits().sockets());
        byte[] proxyHeader = opening.proxyHeader();
        if (proxyHeader.length > 0) {
            // Told first of all, and from in front of the TLS handler: nothing has been written yet.
            connecting.addListener(f -> {
                if (f.isSuccess()) {
                    channel.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(proxyHeader));
                }
            });
        }
        Future<?> done = tls.isPresent() ? tls.get().handshakeFuture() : later ? greeted.get() : connecting;
        if (done != connecting) {
            tell(worker, connecting, () -> {
                if (!connecting.isSuccess()) {
                    finish(attempt, connection, Optional.of(connecting.cause()));
                }
            });
        }
        tell(worker, done, () -> {
            if (done.isSuccess() && channel.isActive() && speaksHttp2(way, tls)) {
                share(worker, attempt, connection, tls.isPresent());
                return;
            }
            finish(attempt, connection, Optional.ofNullable(done.cause()));
            greeted.filter(Future::isSuccess).ifPresent(greeting -> passOn(greeting.getNow(), connection));
        });
    }

    /** If there is no descriptor left, those of idle connections to servers are better used for this one. */
    private static Channel newChannel(Worker worker, SocketAddress address) {
        try {
            return openChannel(worker, address);
        } catch (ChannelException e) {
            if (!Shortage.isCauseOf(e) || worker.pool().size() == 0) {
                throw e;
            }
            worker.pool().close();
            return openChannel(worker, address);
        }
    }

    private static Channel openChannel(Worker worker, SocketAddress address) {
        return address instanceof InetSocketAddress ? worker.transport().newStreamChannel() : worker.transport().newDomainChannel();
    }

    /** The caller must have the attempt before it hears of its end. */
    private static void withoutDescriptor(Attempt attempt, Worker worker, Server server, ChannelException cause) {
        boolean ours = Shortage.isCauseOf(cause);
        if (ours) {
            worker.brake().unreachable(server.name(), cause);
        }
        worker.loop().execute(() -> attempt.failed(ours ? new Shortage(cause) : cause));
    }

    /** Binds, if that is asked for, and connects. */
    private static ChannelFuture begin(Channel channel, SocketAddress address, LocalAddress local, SocketPolicy sockets) {
        if (local == LocalAddress.ANY && sockets == SocketPolicy.USUAL || !(address instanceof InetSocketAddress)) {
            return channel.connect(address);
        }
        try {
            sockets.prepare(channel);
            local.prepare(channel);
        } catch (IOException e) {
            return channel.newFailedFuture(e);
        }
        Optional<InetSocketAddress> bound = local.next();
        return bound.isPresent() ? channel.connect(address, bound.get()) : channel.connect(address);
    }

    private static boolean speaksHttp2(Ways.Way way, Optional<SslHandler> tls) {
        return way.version() == Ways.Version.HTTP_2
                || way.version() == Ways.Version.AGREED && tls.isPresent() && "h2".equals(tls.get().applicationProtocol());
    }

    /** The connection can carry several streams: it has succeeded once the server has said what it takes, and that it is one of HTTP/2. */
    private static void share(Worker worker, Attempt attempt, ServerConnection first, boolean tls) {
        Channel channel = first.channel();
        ServerLink[] made = new ServerLink[1];
        made[0] = new ServerLink(LinkResources.of(worker), channel, tls, new ServerLink.Opened() {
            @Override
            public void opened() {
                SharedLink link = new SharedLink(worker, made[0], first);
                worker.pool().add(link);
                channel.closeFuture().addListener(closed -> worker.pool().remove(link));
                finish(attempt, link.open(first.server()), Optional.empty());
            }

            @Override
            public void failed(Throwable cause) {
                finish(attempt, first, Optional.of(cause));
            }
        });
        channel.pipeline().replace(first, null, made[0]);
    }

    /** A Unix socket connects at once, and some failures are told at once: the caller must have the attempt before it hears of its end. */
    private static void tell(Worker worker, Future<?> future, Runnable what) {
        if (future.isDone()) {
            worker.loop().execute(what);
        } else {
            future.addListener(f -> what.run());
        }
    }

    /** The greeting came before TLS and is the first that the client shall read; it is thrown away if the attempt was given up. */
    private static void passOn(ByteBuf greeting, ServerConnection connection) {
        ChannelHandlerContext tls = connection.channel().pipeline().context(SslHandler.class);
        if (tls == null) {
            greeting.release();
        } else {
            tls.fireChannelRead(greeting);
        }
    }

    private static void finish(Attempt attempt, ServerConnection connection, Optional<Throwable> cause) {
        if (attempt.over) {
            return;
        }
        if (cause.isEmpty()) {
            attempt.connected(connection);
        } else {
            connection.channel().close();
            attempt.failed(cause.get());
        }
    }

    private static String hostOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
    }

    private static int portOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }
}
