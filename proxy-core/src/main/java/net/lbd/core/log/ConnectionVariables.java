package net.lbd.core.log;

import static java.util.Map.entry;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.lbd.core.backend.Server;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.session.Peer;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.stream.Stream;

/** Who speaks with whom: addresses, names, TLS. Rows of {@link LogVariables}. */
final class ConnectionVariables {

    private static final int PORT_DIGITS = 4;

    static final Map<String, LogVariables.Row> ROWS = Map.ofEntries(
            entry("ci", (escaping, names) -> (stream, out) -> putIp(stream.session().source(), escaping, out)),
            entry("cp", (escaping, names) -> (stream, out) -> putPort(stream.session().source(), escaping, out)),
            entry("fi", (escaping, names) -> (stream, out) -> putIp(stream.session().destination(), escaping, out)),
            entry("fp", (escaping, names) -> (stream, out) -> putPort(stream.session().destination(), escaping, out)),
            entry("bi", (escaping, names) -> (stream, out) -> putIp(towardsServer(stream), escaping, out)),
            entry("bp", (escaping, names) -> (stream, out) -> putPort(towardsServer(stream), escaping, out)),
            entry("si", (escaping, names) -> (stream, out) -> putIp(server(stream), escaping, out)),
            entry("sp", (escaping, names) -> (stream, out) -> putPort(server(stream), escaping, out)),
            entry("f", (escaping, names) -> (stream, out) ->
                    escaping.putText(stream.frontend().nameBytes(), out)),
            entry("ft", (escaping, names) -> (stream, out) -> putFrontend(stream, escaping, out)),
            entry("b", (escaping, names) -> (stream, out) -> escaping.putText(stream.backend().nameBytes(), out)),
            entry("s", (escaping, names) -> (stream, out) -> escaping.putText(stream.answeringName(), out)),
            entry("sslv", tls(TlsInfo::version)),
            entry("sslc", tls(TlsInfo::cipher)),
            entry("H", (escaping, names) -> {
                byte[] hostname = Ascii.bytes(names.process().hostname());
                return (stream, out) -> escaping.putText(hostname, out);
            }),
            entry("ID", (escaping, names) -> (stream, out) -> {
                int length = stream.uniqueIdLength();
                if (length < 0) {
                    escaping.putAbsent(out);
                } else {
                    escaping.putText(stream.uniqueId(), 0, length, out);
                }
            }),
            entry("pid", (escaping, names) -> {
                long pid = names.process().pid();
                return (stream, out) -> CounterVariables.putNumber(pid, PORT_DIGITS, escaping, out);
            }));

    /** The end of a connection that there is none of. */
    private static final Peer NOBODY = new Peer(new byte[0], 0, new byte[0]);

    private ConnectionVariables() { }

    private static void putIp(Peer peer, Escaping escaping, ByteSink out) {
        if (!escaping.hex()) {
            escaping.putText(peer.text(), out);
        } else if (!peer.isIp()) {
            escaping.putAbsent(out);
        } else {
            for (byte b : peer.address()) {
                out.putHex(b);
            }
        }
    }

    private static void putPort(Peer peer, Escaping escaping, ByteSink out) {
        if (peer == NOBODY) {
            escaping.putAbsent(out);
        } else {
            CounterVariables.putNumber(peer.port(), PORT_DIGITS, escaping, out);
        }
    }

    private static Peer towardsServer(Stream stream) {
        Optional<Channel> channel = stream.serverChannel();
        return channel.isPresent() ? Peer.of(channel.get().localAddress()) : NOBODY;
    }

    private static Peer server(Stream stream) {
        if (stream.server() == Server.NONE) {
            return NOBODY;
        }
        Optional<SocketAddress> address = stream.server().address(stream.session().destination().port());
        return address.isPresent() ? Peer.of(address.get()) : NOBODY;
    }

    private static void putFrontend(Stream stream, Escaping escaping, ByteSink out) {
        escaping.open(out);
        out.put(stream.frontend().nameBytes());
        if (stream.session().isTls()) {
            out.put((byte) '~');
        }
        escaping.close(out);
    }

    private static LogVariables.Row tls(Function<TlsInfo, String> field) {
        return (escaping, names) -> (stream, out) -> {
            String text = field.apply(stream.session().tls());
            if (text.isEmpty()) {
                escaping.putAbsent(out);
                return;
            }
            escaping.open(out);
            for (int i = 0; i < text.length(); i++) {
                out.put((byte) text.charAt(i));
            }
            escaping.close(out);
        };
    }
}
