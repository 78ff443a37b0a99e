package net.lbd.core.sample;

import static java.util.Map.entry;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.Peer;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Stream;

/**
 * The two connections of a stream: whom they really connect, what went wrong, and what the kernel measured. Source: HAProxy manual,
 * "Fetching samples at Layer 4". What the kernel measured wants epoll; without it these have no value.
 */
final class ConnectionFetches {

    private static final PerWorker<EpollTcpInfo> TCP_INFO = new PerWorker<>(EpollTcpInfo::new);

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("fc_src", FetchCompiler.of((stream, out) -> address(stream.session().realSource(), out))),
            entry("fc_src_port", FetchCompiler.of((stream, out) -> port(stream.session().realSource(), out))),
            entry("fc_dst", FetchCompiler.of((stream, out) -> address(stream.session().realDestination(), out))),
            entry("fc_dst_port", FetchCompiler.of((stream, out) -> port(stream.session().realDestination(), out))),
            entry("bc_src", FetchCompiler.of((stream, out) -> server(stream, true).map(p -> address(p, out)).orElse(false))),
            entry("bc_src_port", FetchCompiler.of((stream, out) -> server(stream, true).map(p -> port(p, out)).orElse(false))),
            entry("bc_dst", FetchCompiler.of((stream, out) -> server(stream, false).map(p -> address(p, out)).orElse(false))),
            entry("bc_dst_port", FetchCompiler.of((stream, out) -> server(stream, false).map(p -> port(p, out)).orElse(false))),
            entry("src_is_local", FetchCompiler.of((stream, out) -> local(stream.session().source(), out))),
            entry("dst_is_local", FetchCompiler.of((stream, out) -> local(stream.session().destination(), out))),
            entry("fc_src_is_local", FetchCompiler.of((stream, out) -> local(stream.session().realSource(), out))),
            entry("fc_dst_is_local", FetchCompiler.of((stream, out) -> local(stream.session().realDestination(), out))),
            entry("fc_err", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.session().error().number());
                return true;
            })),
            entry("fc_err_str", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.session().error().text(), out);
                return true;
            })),
            entry("accept_date", (arguments, names) -> moment(arguments, stream -> stream.clock().acceptedWallMillis)),
            entry("request_date", (arguments, names) -> moment(arguments, stream -> stream.clock().requestBeginWallMillis)),
            entry("fc_rtt", time(EpollTcpInfo::rtt)),
            entry("fc_rttvar", time(EpollTcpInfo::rttvar)),
            entry("fc_unacked", count(EpollTcpInfo::unacked)),
            entry("fc_sacked", count(EpollTcpInfo::sacked)),
            entry("fc_retrans", count(EpollTcpInfo::retrans)),
            entry("fc_fackets", count(EpollTcpInfo::fackets)),
            entry("fc_lost", count(EpollTcpInfo::lost)),
            entry("fc_reordering", count(EpollTcpInfo::reordering)));

    private ConnectionFetches() { }

    private static boolean address(Peer peer, Sample out) {
        out.setView(SampleType.ADDRESS, peer.address(), 0, peer.address().length);
        return peer.isIp();
    }

    private static boolean port(Peer peer, Sample out) {
        out.setInteger(peer.port());
        return peer.isIp();
    }

    private static Optional<Peer> server(Stream stream, boolean ours) {
        Optional<Channel> channel = stream.serverChannel();
        return channel.map(c -> Peer.of(ours ? c.localAddress() : c.remoteAddress()));
    }

    /** A Unix socket is of this machine. */
    private static boolean local(Peer peer, Sample out) {
        if (!peer.isIp()) {
            out.setBoolean(true);
            return true;
        }
        try {
            InetAddress address = InetAddress.getByAddress(peer.address());
            out.setBoolean(address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null);
            return true;
        } catch (UnknownHostException | SocketException e) {
            // The interfaces cannot be read: whether it is one of theirs is not known.
            return false;
        }
    }

    /** A moment in seconds, or in the unit asked for. */
    private static Fetch moment(ArgumentList arguments, ToLongFunction<Stream> millis) {
        String unit = arguments.text(0, "s");
        return (stream, out) -> {
            long value = millis.applyAsLong(stream);
            out.setInteger(switch (unit) {
                case "ms" -> value;
                case "us" -> value * 1000;
                default -> value / 1000;
            });
            return value > 0;
        };
    }

    /** In milliseconds, or in microseconds if asked for; the kernel has the latter. */
    private static FetchCompiler time(ToLongFunction<EpollTcpInfo> micros) {
        return (arguments, names) -> {
            int divisor = arguments.text(0, "ms").equals("us") ? 1 : 1000;
            return (stream, out) -> info(stream, info -> micros.applyAsLong(info) / divisor, out);
        };
    }

    private static FetchCompiler count(ToLongFunction<EpollTcpInfo> value) {
        return (arguments, names) -> (stream, out) -> info(stream, value, out);
    }

    private static boolean info(Stream stream, ToLongFunction<EpollTcpInfo> value, Sample out) {
        Session session = stream.session();
        if (!(session.channel() instanceof EpollSocketChannel socket) || !socket.isActive()) {
            return false;
        }
        EpollTcpInfo info = TCP_INFO.get(stream.worker());
        socket.tcpInfo(info);
        out.setInteger(value.applyAsLong(info));
        return true;
    }
}
