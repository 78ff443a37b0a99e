package net.lbd.core.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import jdk.net.ExtendedSocketOptions;
import net.lbd.core.runtime.Transport;
import org.junit.jupiter.api.Test;

class SocketPolicyTest {

    private static final SocketPolicy POLICY = new SocketPolicy(true, true, 31, 7, 4, 0, false);

    @Test
    void theKernelIsToldWhatIsAskedForWithEpoll() {
        Channel channel = Transport.EPOLL.newStreamChannel();
        POLICY.apply(channel);
        assertThat(channel.config().getOption(ChannelOption.SO_LINGER)).isZero();
        assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(31);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL)).isEqualTo(7);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPCNT)).isEqualTo(4);
        channel.unsafe().closeForcibly();
    }

    @Test
    void theKernelIsToldWhatIsAskedForWithTheJdk() {
        Channel channel = Transport.NIO.newStreamChannel();
        POLICY.apply(channel);
        assertThat(channel.config().getOption(ChannelOption.SO_LINGER)).isZero();
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE))).isEqualTo(31);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL))).isEqualTo(7);
        assertThat(channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT))).isEqualTo(4);
        channel.unsafe().closeForcibly();
    }

    @Test
    void whatIsNotAskedForStaysAsTheKernelHasIt() {
        Channel channel = Transport.EPOLL.newStreamChannel();
        int idle = channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE);
        new SocketPolicy(false, true, 0, 0, 0, 0, false).apply(channel);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE)).isEqualTo(idle);
        assertThat(channel.config().getOption(ChannelOption.SO_LINGER)).isEqualTo(-1);
        channel.unsafe().closeForcibly();
    }

    @Test
    void connectionsToServersHaveMore() throws IOException {
        SocketPolicy policy = SocketPolicy.USUAL.with(4321, true);
        Channel channel = Transport.EPOLL.newStreamChannel();
        policy.prepare(channel);
        assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT)).isEqualTo(4321);
        assertThat(channel.config().getOption(new IntegerUnixChannelOption("TCP_FASTOPEN_CONNECT", 6, 30))).isEqualTo(1);
        channel.unsafe().closeForcibly();
        Channel ofTheJdk = Transport.NIO.newStreamChannel();
        assertThatThrownBy(() -> policy.prepare(ofTheJdk)).hasMessage("'tcp-ut' needs the native epoll transport");
        ofTheJdk.unsafe().closeForcibly();
        assertThat(SocketPolicy.USUAL.with(0, false)).isSameAs(SocketPolicy.USUAL);
    }
}
