package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.CheckSpec;
import net.lbd.health.check.CheckResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Five hundred servers that fail at once. */
@ExtendWith(NoLeaks.class)
class RemovalTimeTest {

    private static final int SERVERS = 500;
    private static final Duration INTER = Duration.ofSeconds(1);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(8);
    private static final int FALL = 3;

    @Test
    void everyServerIsDownWithinFallTimesInterAndOneCheckTimeout() throws Exception {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // Who connects is accepted, and nothing else.
                    }
                }).bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        var address = server.localAddress();
        CountDownLatch checked = new CountDownLatch(SERVERS);
        CountDownLatch down = new CountDownLatch(SERVERS);
        Map<String, Instant> downAt = new ConcurrentHashMap<>();
        HealthListener listener = new HealthListener() {
            @Override
            public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
                if (result.passed()) {
                    checked.countDown();
                }
            }

            @Override
            public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
                downAt.put(target.server(), after.since());
                down.countDown();
            }
        };
        Timing timing = new Timing(INTER, INTER, INTER, 2, FALL, Optional.empty(), Optional.of(CHECK_TIMEOUT));
        try (HealthMonitor monitor = new HealthMonitor(loops, NioSocketChannel::new)) {
            for (int i = 0; i < SERVERS; i++) {
                monitor.watch(CheckTarget.of("b", "s" + i, () -> address, CheckSpec.CONNECT, timing, Optional.empty(),
                        HealthSnapshot.initialUp(timing, Instant.now())), listener);
            }
            assertThat(checked.await(60, TimeUnit.SECONDS)).isTrue();

            server.close().sync();
            Instant failed = Instant.now();
            assertThat(down.await(60, TimeUnit.SECONDS)).as("servers that are not down: %s", down.getCount()).isTrue();

            // What is left of the bound behind fall times inter is time for a machine that is busy with other things.
            Instant bound = failed.plus(INTER.multipliedBy(FALL)).plus(CHECK_TIMEOUT);
            assertThat(downAt.values()).hasSize(SERVERS).allSatisfy(at -> assertThat(at).isBefore(bound));
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
