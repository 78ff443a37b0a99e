package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sockets are told, read back from the kernel. */
class BindSocketTest {

    private static final IntegerUnixChannelOption MAXSEG = new IntegerUnixChannelOption("TCP_MAXSEG", 6, 2);
    private static final IntegerUnixChannelOption USER_TIMEOUT = new IntegerUnixChannelOption("TCP_USER_TIMEOUT", 6, 18);
    private static final IntegerUnixChannelOption FAST_OPEN = new IntegerUnixChannelOption("TCP_FASTOPEN", 6, 23);
    private static final IntegerUnixChannelOption V6ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);
    private static final InetSocketAddress V4 = new InetSocketAddress("127.0.0.1", 0);
    private static final InetSocketAddress V6 = new InetSocketAddress("::1", 0);

    private Optional<EventLoopGroup> loops = Optional.empty();

    @AfterEach
    void close() {
        loops.ifPresent(l -> l.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly());
    }

    private Channel epoll() {
        assumeTrue(Epoll.isAvailable(), "there is no epoll here");
        loops = Optional.of(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()));
        Channel channel = new EpollServerSocketChannel();
        loops.get().register(channel).syncUninterruptibly();
        return channel;
    }

    private static BindSocket device(String name) {
        return new BindSocket(Optional.of(name), false, false, false, 0, 0, false, false);
    }

    @Test
    void theKernelHasWhatItWasTold() throws IOException {
        Channel socket = epoll();
        new BindSocket(Optional.empty(), true, false, false, 1234, 4321, true, true).prepare(socket, V6, 77);
        assertThat(socket.config().getOption(MAXSEG)).isEqualTo(1234);
        assertThat(socket.config().getOption(USER_TIMEOUT)).isEqualTo(4321);
        assertThat(socket.config().getOption(FAST_OPEN)).isEqualTo(77);
        assertThat(socket.config().getOption(V6ONLY)).isEqualTo(1);
        assertThat(socket.config().getOption(new IntegerUnixChannelOption("TCP_DEFER_ACCEPT", 6, 9))).isPositive();
    }

    @Test
    void anIpv4AddressIsNotTroubledByV6only() throws IOException {
        Channel socket = epoll();
        new BindSocket(Optional.empty(), true, false, false, 0, 0, false, false).prepare(socket, V4, 1);
        assertThat(socket.bind(V4).awaitUninterruptibly().isSuccess()).isTrue();
    }

    @Test
    void anInterfaceThatIsNotThereIsTold() {
        Channel socket = epoll();
        assertThatThrownBy(() -> device("nosuch0").prepare(socket, V4, 1)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("'interface nosuch0' cannot be carried out: ");
    }

    @Test
    void otherTransportsSayThatTheyCannot() {
        loops = Optional.of(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()));
        Channel socket = new NioServerSocketChannel();
        loops.get().register(socket).syncUninterruptibly();
        assertThatThrownBy(() -> device("lo").prepare(socket, V4, 1)).hasMessage("'interface lo' needs the native epoll transport");
    }

    @Test
    void anAddressThatMovesNeedNotBeHere() throws IOException {
        InetSocketAddress v4 = new InetSocketAddress("192.0.2.77", 0);
        InetSocketAddress v6 = new InetSocketAddress("2001:db8::77", 0);
        for (InetSocketAddress away : new InetSocketAddress[] {v4, v6}) {
            Channel socket = epoll();
            assertThat(socket.bind(away).awaitUninterruptibly().isSuccess()).as("%s as it is", away).isFalse();
            loops.orElseThrow().shutdownGracefully(0, 0, TimeUnit.SECONDS);
            Channel free = epoll();
            new BindSocket(Optional.empty(), false, false, true, 0, 0, false, false).prepare(free, away, 1);
            assertThat(free.bind(away).awaitUninterruptibly().isSuccess()).as("%s", away).isTrue();
            loops.orElseThrow().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }
}
