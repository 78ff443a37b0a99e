package net.lbd.core.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.AbstractSniHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.lbd.core.tls.BindTls;

/**
 * Everything that is shared with peers, on one event loop of its own, so that a large table on its way delays no traffic.
 * Used by one thread at a time, under the engine's lock.
 */
public final class PeersService implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;
    private static final int CONNECT_MILLIS = 5000;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Supplier<Channel> newChannel;
    private final Class<? extends ServerChannel> listenerType;
    private final Map<String, PeersSection> sections = new LinkedHashMap<>();
    private final Map<SocketAddress, Listening> listening = new LinkedHashMap<>();

    /** A socket; the section behind it may change. */
    private static final class Listening {
        private final Channel channel;
        private volatile Optional<PeersSection> section = Optional.empty();
        private volatile Optional<BindTls> tls = Optional.empty();

        Listening(Channel channel) {
            this.channel = channel;
        }
    }

    /**
     * @param group of one loop; ended with the service
     * @param newChannel makes a TCP channel of its kind
     */
    public PeersService(EventLoopGroup group, Supplier<Channel> newChannel, Class<? extends ServerChannel> listenerType) {
        this.group = Objects.requireNonNull(group, "group");
        this.loop = (EventLoop) group.next();
        this.newChannel = Objects.requireNonNull(newChannel, "newChannel");
        this.listenerType = Objects.requireNonNull(listenerType, "listenerType");
    }

    /** Sockets that were opened for plans that are not in force yet. */
    public final class Prepared {
        private final List<PeersPlan> plans;
        private final Map<SocketAddress, Listening> opened = new LinkedHashMap<>();

        private Prepared(List<PeersPlan> plans) {
            this.plans = plans;
        }

        /** Puts the plans in force; what no plan has any more ends. */
        public void commit() {
            await(() -> apply(plans, opened));
        }

        /** The plans are not to be: the sockets close. */
        public void abandon() {
            opened.values().forEach(l -> l.channel.close().syncUninterruptibly());
        }
    }

    /** Why an address cannot be listened on. */
    public static final class ListenException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient PeersPlan.Listen listen;

        ListenException(PeersPlan.Listen listen, Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
            this.listen = listen;
        }

        public PeersPlan.Listen listen() {
            return listen;
        }
    }

    /** Opens the sockets that are not open yet. */
    public Prepared prepare(List<PeersPlan> plans) throws ListenException {
        Prepared prepared = new Prepared(plans);
        for (PeersPlan plan : plans) {
            for (PeersPlan.Listen listen : plan.listens()) {
                if (listening.containsKey(listen.address()) || prepared.opened.containsKey(listen.address())) {
                    continue;
                }
                try {
                    prepared.opened.put(listen.address(), open(listen.address()));
                } catch (IOException e) {
                    prepared.abandon();
                    throw new ListenException(listen, e);
                }
            }
        }
        return prepared;
    }

    private Listening open(SocketAddress address) throws IOException {
        Listening[] made = new Listening[1];
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(listenerType)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(made[0], channel);
                    }
                });
        if (UnixChannel.class.isAssignableFrom(listenerType)) {
            // The process behind this one listens before this one has ended; peers come again by themselves.
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        ChannelFuture bound = bootstrap.register();
        made[0] = new Listening(bound.channel());
        bound = bound.awaitUninterruptibly().isSuccess() ? made[0].channel.bind(address).awaitUninterruptibly() : bound;
        if (!bound.isSuccess()) {
            made[0].channel.close();
            throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
        }
        return made[0];
    }

    private static void accept(Listening at, Channel channel) {
        Optional<PeersSection> section = at.section;
        if (section.isEmpty()) {
            channel.close();
            return;
        }
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        at.tls.ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
        channel.pipeline().addLast(PeerSession.incoming(section.get()));
    }

    /** Begins to connect; the session hears of it when the connection is there. */
    Channel connect(PeersPlan.Remote remote, PeerSession session) {
        Channel channel = newChannel.get();
        channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        InetSocketAddress inet = remote.address() instanceof InetSocketAddress i ? i : InetSocketAddress.createUnresolved("localhost", 1);
        remote.tls().ifPresent(tls -> channel.pipeline().addLast(
                tls.newHandler(channel.alloc(), "", inet.getHostString(), inet.getPort())));
        channel.pipeline().addLast(session);
        loop.register(channel);
        channel.connect(remote.address()).addListener(done -> {
            if (!done.isSuccess()) {
                channel.close();
            }
        });
        return channel;
    }

    boolean isTls(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null || channel.pipeline().get(AbstractSniHandler.class) != null;
    }

    long pid() {
        return ProcessHandle.current().pid();
    }

    private void apply(List<PeersPlan> plans, Map<SocketAddress, Listening> opened) {
        listening.putAll(opened);
        Map<String, PeersSection> before = new LinkedHashMap<>(sections);
        sections.clear();
        List<PeersSection> fresh = new ArrayList<>();
        for (PeersPlan plan : plans) {
            Optional<PeersSection> old = Optional.ofNullable(before.get(plan.name()));
            if (old.isPresent() && old.get().plan().goesOn(plan)) {
                sections.put(plan.name(), before.remove(plan.name()));
            } else {
                PeersSection section = new PeersSection(plan, this, loop, old.filter(o -> knowsAll(o, plan)).isPresent());
                fresh.add(section);
                sections.put(plan.name(), section);
            }
        }
        before.values().forEach(PeersSection::stop);
        Map<SocketAddress, Listening> left = new LinkedHashMap<>(listening);
        for (PeersPlan plan : plans) {
            for (PeersPlan.Listen listen : plan.listens()) {
                Listening socket = listening.get(listen.address());
                socket.tls = listen.tls();
                socket.section = Optional.of(sections.get(plan.name()));
                left.remove(listen.address());
            }
        }
        left.forEach((address, socket) -> {
            socket.channel.close();
            listening.remove(address);
        });
        fresh.forEach(PeersSection::start);
    }

    /** Whether nothing need be asked for: every table came over from a section that knew everything. */
    private static boolean knowsAll(PeersSection old, PeersPlan plan) {
        return old.isUpToDate() && old.plan().tables().containsAll(plan.tables());
    }

    /** What each section and peer is about, for {@code show peers}. */
    public String describe(String only) {
        return describe(only, false);
    }

    /**
     * The answer to {@code show peers}.
     *
     * @param only a section; empty: all
     * @param dictionaries with the names of servers that have gone over each connection
     */
    public String describe(String only, boolean dictionaries) {
        StringBuilder out = new StringBuilder();
        await(() -> sections.values().stream().filter(s -> only.isEmpty() || s.name().equals(only))
                .forEach(section -> PeersText.describe(out, section, dictionaries)));
        return out.toString();
    }

    /** Whether a section of this name runs. */
    public boolean has(String section) {
        boolean[] found = {false};
        await(() -> found[0] = sections.containsKey(section));
        return found[0];
    }

    private void await(Runnable what) {
        if (loop.inEventLoop()) {
            what.run();
            return;
        }
        try {
            loop.submit(what).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the loop of the peers does not answer", e);
        }
    }

    /** Ends every connection and the loop. */
    @Override
    public void close() {
        await(() -> apply(List.of(), Map.of()));
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
