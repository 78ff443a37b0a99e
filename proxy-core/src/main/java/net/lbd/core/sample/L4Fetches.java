package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.Peer;
import net.lbd.core.session.ReceivedProxy;
import net.lbd.core.stream.Stream;
import net.lbd.health.wire.ProxyHeaders;

/** The ends of the client's connection. Source: HAProxy manual, "Fetching samples at Layer 4". */
final class L4Fetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("src", FetchCompiler.of((stream, out) -> address(stream.session().source(), out))),
            entry("src_port", FetchCompiler.of((stream, out) -> port(stream.session().source(), out))),
            entry("dst", FetchCompiler.of((stream, out) -> address(stream.session().destination(), out))),
            entry("dst_port", FetchCompiler.of((stream, out) -> port(stream.session().destination(), out))),
            entry("fc_rcvd_proxy", FetchCompiler.of((stream, out) -> {
                out.setBoolean(stream.session().proxyHeader() != ReceivedProxy.NONE);
                return true;
            })),
            entry("fc_pp_authority", FetchCompiler.of((stream, out) -> field(stream, ProxyHeaders.AUTHORITY, out))),
            entry("fc_pp_unique_id", FetchCompiler.of((stream, out) -> field(stream, ProxyHeaders.UNIQUE_ID, out))),
            entry("fc_pp_tlv", (arguments, names) -> {
                int type = (int) arguments.number(0);
                return (stream, out) -> field(stream, type, out);
            }),
            entry("so_name", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.session().bindName(), out);
                return stream.session().isBindNamed();
            })));

    private L4Fetches() { }

    private static boolean field(Stream stream, int type, Sample out) {
        ReceivedProxy header = stream.session().proxyHeader();
        int at = header.find(type);
        if (at == ReceivedProxy.ABSENT) {
            return false;
        }
        out.setView(SampleType.STRING, header.fields(), ReceivedProxy.valueOf(at), header.length(at));
        return true;
    }

    private static boolean address(Peer peer, Sample out) {
        out.setView(SampleType.ADDRESS, peer.address(), 0, peer.address().length);
        return peer.isIp();
    }

    private static boolean port(Peer peer, Sample out) {
        out.setInteger(peer.port());
        return peer.isIp();
    }
}
