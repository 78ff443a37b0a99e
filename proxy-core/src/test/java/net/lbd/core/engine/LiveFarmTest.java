package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.listen.Listener;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests over sockets to 40 servers that die with all their connections, come back, drain, go into maintenance and change their weights
 * meanwhile: each is answered, and by a server, whole. {@code -Dlbd.farm.requests=1000000} asks for more.
 */
class LiveFarmTest {

    private static final int SERVERS = 40;
    private static final int CLIENTS = 64;
    /** Of all servers as many may be dead at once. */
    private static final int MOST_DEAD = 15;
    private static final long REQUESTS = Long.getLong("lbd.farm.requests", 60_000);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Random random = new Random(20261126);
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicInteger clients = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** A server that answers each request with its path, and can die and come back on the same port. */
    private final class Origin {
        private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        private Channel listener = listen(0);
        private final int port = ((InetSocketAddress) listener.localAddress()).getPort();
        private boolean alive = true;

        private Channel listen(int on) {
            return new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class).option(ChannelOption.SO_REUSEADDR, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            connections.add(channel);
                            // A connection that ends as a process ends: with a reset.
                            channel.config().setOption(ChannelOption.SO_LINGER, 0);
                            channel.pipeline().addLast(new Messages() {
                                @Override
                                void message(ChannelHandlerContext ctx, String head, String body) {
                                    String path = head.substring(4, head.indexOf(' ', 4));
                                    write(ctx, "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                                }
                            });
                        }
                    }).bind(InetAddress.getLoopbackAddress(), on).syncUninterruptibly().channel();
        }

        void die() {
            alive = false;
            listener.close().syncUninterruptibly();
            connections.close().syncUninterruptibly();
        }

        void comeBack() {
            listener = listen(port);
            alive = true;
        }
    }

    /** Cuts heads with their bodies out of what comes. */
    private abstract static class Messages extends SimpleChannelInboundHandler<ByteBuf> {
        private final StringBuilder received = new StringBuilder();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            received.append(bytes.toString(StandardCharsets.ISO_8859_1));
            int end;
            while ((end = received.indexOf("\r\n\r\n")) >= 0) {
                String head = received.substring(0, end);
                int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
                int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16).split("\r", 2)[0].strip());
                if (received.length() < end + 4 + length) {
                    return;
                }
                String body = received.substring(end + 4, end + 4 + length);
                received.delete(0, end + 4 + length);
                message(ctx, head, body);
            }
        }

        abstract void message(ChannelHandlerContext ctx, String head, String body);

        static void write(ChannelHandlerContext ctx, String text) {
            ctx.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cut) {
            ctx.close();
        }
    }

    private final class Client extends Messages {
        private String path = "";
        private boolean done;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
        }

        private void ask(ChannelHandlerContext ctx) {
            long number = asked.incrementAndGet();
            if (number > REQUESTS) {
                done = true;
                ctx.close();
                return;
            }
            path = "/" + number;
            write(ctx, "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }

        @Override
        void message(ChannelHandlerContext ctx, String head, String body) {
            if (head.startsWith("HTTP/1.1 200 ") && body.equals(path)) {
                answered.incrementAndGet();
            } else {
                wrong.add(path + ": " + head + "\n" + body);
            }
            ask(ctx);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!done) {
                wrong.add(path + ": the connection was closed instead of an answer");
            }
            clients.decrementAndGet();
        }
    }

    @Test
    @Timeout(600)
    void noRequestIsLost() throws Exception {
        List<Origin> origins = new ArrayList<>();
        StringBuilder lines = new StringBuilder("balance leastconn\noption redispatch 1\nretries 40\n"
                + "retry-on conn-failure empty-response response-timeout junk-response\noption httpchk GET /check\ntimeout check 5s\n"
                + "default-server check inter 100ms rise 1 fall 2 maxconn 20");
        for (int i = 0; i < SERVERS; i++) {
            origins.add(new Origin());
            lines.append("\nserver s").append(i).append(" 127.0.0.1:").append(origins.get(i).port);
        }
        try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", lines.toString()).replace("nbthread 1", "nbthread 2"))) {
            Listener listener = proxy.engine().listeners().get(0);
            for (int i = 0; i < CLIENTS; i++) {
                clients.incrementAndGet();
                new Bootstrap().group(loops).channel(NioSocketChannel.class).handler(new Client())
                        .connect(listener.boundAddress()).syncUninterruptibly();
            }
            List<Server> servers = proxy.backend("be").servers();
            int events = 0;
            while (clients.get() > 0) {
                int which = random.nextInt(SERVERS);
                Origin origin = origins.get(which);
                Server server = servers.get(which);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        if (!origin.alive) {
                            origin.comeBack();
                        } else if (origins.stream().filter(o -> !o.alive).count() < MOST_DEAD) {
                            origin.die();
                        }
                    }
                    case 2 -> proxy.engine().setAdmin(proxy.backend("be"), server, which < MOST_DEAD ? Admin.DRAIN : Admin.READY);
                    case 3 -> proxy.engine().setAdmin(proxy.backend("be"), server, which % 4 == 0 ? Admin.MAINT : Admin.READY);
                    default -> server.state().setWeight(1 + random.nextInt(256));
                }
                events++;
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(wrong).as("of " + REQUESTS + " requests, with " + events + " events").isEmpty();
            assertThat(answered.get()).isEqualTo(REQUESTS);
            assertThat(events).isGreaterThan(50);
            Await.until("no stream is left", Duration.ofSeconds(10),
                    () -> servers.stream().allMatch(s -> s.load() == 0) && proxy.backend("be").queue().size() == 0);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
