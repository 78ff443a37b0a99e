package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.Peer;

/** The ends of the client's connection. Source: HAProxy manual, "Fetching samples at Layer 4". */
final class L4Fetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("src", FetchCompiler.of((stream, out) -> address(stream.session().source(), out))),
            entry("src_port", FetchCompiler.of((stream, out) -> port(stream.session().source(), out))),
            entry("dst", FetchCompiler.of((stream, out) -> address(stream.session().destination(), out))),
            entry("dst_port", FetchCompiler.of((stream, out) -> port(stream.session().destination(), out))),
            entry("fc_rcvd_proxy", FetchCompiler.of((stream, out) -> {
                // A PROXY header puts other objects in the place of the connection's own ends.
                out.setBoolean(stream.session().source() != stream.session().realSource());
                return true;
            })),
            entry("so_name", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.session().bindName(), out);
                return true;
            })));

    private L4Fetches() { }

    private static boolean address(Peer peer, Sample out) {
        out.setView(SampleType.ADDRESS, peer.address(), 0, peer.address().length);
        return peer.isIp();
    }

    private static boolean port(Peer peer, Sample out) {
        out.setInteger(peer.port());
        return peer.isIp();
    }
}
