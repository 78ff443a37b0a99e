package net.lbd.testkit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One server of an {@link ExchangeFarm}, on the loopback address. It keeps its port over
 * {@link #kill} and {@link #start}. Any thread.
 */
public final class ExchangeServer {

    private static final int HEAD_BYTES = 256 * 1024;

    private final String name;
    private final EventLoopGroup group;
    private final Optional<SslContext> tls;
    private final Set<ExchangeService> sick = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong checks = new AtomicLong();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private Optional<Channel> listener = Optional.empty();
    private int port;

    ExchangeServer(String name, EventLoopGroup group, Optional<SslContext> tls, int port) {
        this.name = name;
        this.group = group;
        this.tls = tls;
        this.port = port;
    }

    public String name() {
        return name;
    }

    /** The port, from the first {@link #start} on. */
    public synchronized int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
    }

    /** How many requests it has answered, health checks left out. */
    public long requests() {
        return requests.get();
    }

    /** How many health checks it has answered. */
    public long checks() {
        return checks.get();
    }

    /** Whether the HealthCheck.htm of a service answers 200 (at first) or 503. */
    public void setHealthy(ExchangeService service, boolean healthy) {
        if (healthy) {
            sick.remove(service);
        } else {
            sick.add(service);
        }
    }

    /** {@link #setHealthy(ExchangeService, boolean)} for every service. */
    public void setHealthy(boolean healthy) {
        EnumSet.allOf(ExchangeService.class).forEach(service -> setHealthy(service, healthy));
    }

    /** Listens, on the same port as before. */
    public synchronized void start() {
        if (listener.isPresent()) {
            throw new IllegalStateException(name + " runs already");
        }
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connections.add(connection);
                        assemble(connection);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) channel.localAddress()).getPort();
        listener = Optional.of(channel);
    }

    /** Dies as a process does: the port refuses, every connection is reset. Does nothing when dead. */
    public synchronized void kill() {
        listener.ifPresent(channel -> channel.close().syncUninterruptibly());
        listener = Optional.empty();
        connections.forEach(ExchangeServer::reset);
        connections.newCloseFuture().syncUninterruptibly();
    }

    /** From the first handler outwards, so that TLS says nothing: a dead process does not either. */
    private static void reset(Channel connection) {
        connection.eventLoop().execute(() -> {
            if (connection.isOpen()) {
                connection.config().setOption(ChannelOption.SO_LINGER, 0);
                connection.pipeline().firstContext().close();
            }
        });
    }

    boolean isHealthy(ExchangeService service) {
        return !sick.contains(service);
    }

    void countRequest() {
        requests.incrementAndGet();
    }

    void countCheck() {
        checks.incrementAndGet();
    }

    private void assemble(SocketChannel connection) {
        tls.ifPresent(context -> connection.pipeline().addLast(context.newHandler(connection.alloc())));
        connection.pipeline().addLast(
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(HEAD_BYTES).setMaxHeaderSize(HEAD_BYTES)),
                new HttpServerKeepAliveHandler(),
                new HttpServerExpectContinueHandler(),
                new ChunkedWriteHandler(),
                new ExchangeAnswers(this));
    }
}
