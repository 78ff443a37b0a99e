package net.lbd.core.log;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.RingSpec;
import net.lbd.core.runtime.Transport;

/** Opens destinations. Immutable. */
final class SinkFactory {

    private static final int GONE_MILLIS = 30_000;
    private static final int CONNECT_MILLIS = 5000;

    private final EventLoop loop;
    private final Transport transport;

    SinkFactory(EventLoop loop, Transport transport) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.transport = Objects.requireNonNull(transport, "transport");
    }

    LogSink open(Destination destination) {
        if (destination instanceof Destination.Udp udp) {
            return new DatagramSink(
                    loop, this::udpChannel, () -> resolve(udp.host(), udp.port()), false, udp.host() + ":" + udp.port());
        }
        if (destination instanceof Destination.UnixDatagram unix) {
            if (transport != Transport.EPOLL) {
                throw new UnsupportedOperationException("logging to a Unix socket needs the epoll transport");
            }
            return new DatagramSink(loop, address -> new EpollDomainDatagramChannel(), () -> new DomainSocketAddress(unix.path()), true, unix.path());
        }
        if (destination instanceof Destination.Ring ring) {
            RingSpec spec = ring.ring();
            ConnectionSink.Manner manner = new ConnectionSink.Manner(false, millis(spec.connectTimeout(), CONNECT_MILLIS));
            return new LogRing(spec, spec.servers().stream().map(server -> connection(server.destination(),
                    manner.counting(server.octetCount()), millis(spec.serverTimeout(), GONE_MILLIS))).toList());
        }
        if (destination instanceof Destination.Tcp || destination instanceof Destination.UnixStream) {
            return connection(destination, new ConnectionSink.Manner(false, CONNECT_MILLIS), GONE_MILLIS);
        }
        if (destination instanceof Destination.File file) {
            return new StreamSink(new FileOutlet(Path.of(file.path())), file.path());
        }
        return destination instanceof Destination.Stdout
                ? new StreamSink(new Descriptor(FileDescriptor.out), "stdout")
                : new StreamSink(new Descriptor(FileDescriptor.err), "stderr");
    }

    private static int millis(Duration time, int otherwise) {
        return time.isZero() ? otherwise : (int) Math.min(Integer.MAX_VALUE, time.toMillis());
    }

    private ConnectionSink connection(Destination destination, ConnectionSink.Manner manner, int goneMillis) {
        if (destination instanceof Destination.Tcp tcp) {
            return new ConnectionSink(loop, () -> tcpChannel(goneMillis), () -> resolve(tcp.host(), tcp.port()),
                    "tcp@" + tcp.host() + ":" + tcp.port(), manner);
        }
        Destination.UnixStream unix = (Destination.UnixStream) destination;
        if (transport != Transport.EPOLL) {
            throw new UnsupportedOperationException("logging to a Unix socket needs the epoll transport");
        }
        return new ConnectionSink(loop, transport::newDomainChannel, () -> new DomainSocketAddress(unix.path()), "uxst@" + unix.path(), manner);
    }

    /** Of the family of the address: on a socket of both families the kernel looks an IPv4 route up for each line. */
    private Channel udpChannel(SocketAddress address) {
        SocketProtocolFamily family = ((InetSocketAddress) address).getAddress() instanceof Inet4Address
                ? SocketProtocolFamily.INET
                : SocketProtocolFamily.INET6;
        return transport == Transport.EPOLL ? new EpollDatagramChannel(family) : new NioDatagramChannel(family);
    }

    /** Told by the kernel when the server's machine is gone without a word, or reads nothing for so long. */
    private Channel tcpChannel(int goneMillis) {
        Channel channel = transport.newStreamChannel();
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        if (transport == Transport.EPOLL) {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, goneMillis);
        }
        return channel;
    }

    private static InetSocketAddress resolve(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalStateException("the name '" + host + "' is unknown");
        }
        return address;
    }

    /** A standard stream, past {@link System#out}: no character set, no lock shared with anyone. */
    private static final class Descriptor implements StreamSink.Outlet {
        private final FileOutputStream stream;

        Descriptor(FileDescriptor descriptor) {
            this.stream = new FileOutputStream(descriptor);
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            stream.write(bytes, 0, length);
        }

        @Override
        public void close() {
            // The process's own; it outlives the log.
        }
    }
}
