package net.lbd.core.sample;

import static java.util.Map.entry;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.session.ClientProtocol;

/** What the connections speak. Source: HAProxy manual, "Fetching samples at Layer 4". */
final class ClientProtocolFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("bc_http_major", ofServer(ServerConnection::httpMajor)),
            // A connection of which something is wrong is given up before anybody can ask.
            entry("bc_err", ofServer(connection -> 0)),
            entry("bc_err_str", FetchCompiler.of((stream, out) -> {
                TlsFetches.text("Success", out);
                return stream.serverChannel().isPresent();
            })),
            entry("bc_glitches", ofServer(ServerConnection::glitches)),
            entry("fc_http_major", of(ClientProtocol::major)),
            entry("fc_glitches", of(ClientProtocol::glitches)),
            entry("fc_nb_streams", of(ClientProtocol::streams)),
            entry("fc_settings_streams_limit", of(ClientProtocol::streamLimit)));

    private ClientProtocolFetches() { }

    private static FetchCompiler ofServer(ToIntFunction<ServerConnection> figure) {
        return FetchCompiler.of((stream, out) -> {
            Optional<Channel> server = stream.serverChannel();
            if (server.isEmpty()) {
                return false;
            }
            out.setInteger(figure.applyAsInt(server.get().pipeline().get(ServerConnection.class)));
            return true;
        });
    }

    private static FetchCompiler of(ToIntFunction<ClientProtocol> figure) {
        return FetchCompiler.of((stream, out) -> {
            out.setInteger(figure.applyAsInt(stream.session().protocol()));
            return true;
        });
    }
}
