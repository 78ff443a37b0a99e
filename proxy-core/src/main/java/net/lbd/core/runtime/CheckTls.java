package net.lbd.core.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.tls.ServerTls;
import net.lbd.core.tls.TlsContexts;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsSources;
import net.lbd.health.check.TlsClient;

/** How the checks of a server speak TLS. Thread-safe. */
final class CheckTls implements TlsClient {

    private final ServerTls tls;
    private final Settings settings;
    private final TlsSources sources;
    private final String sni;
    private final boolean http2;
    /** One for each list of protocols that steps of the check offer. */
    private final Map<List<String>, ServerTls> byProtocols;

    /**
     * @param settings what {@code tls} was made from
     * @param sources where files of authorities and certificates come from
     * @param sni the name to ask for; empty for none
     * @param http2 whether the check speaks HTTP/2, and may offer it
     */
    CheckTls(ServerTls tls, Settings settings, TlsSources sources, String sni, boolean http2) {
        this(tls, settings, sources, sni, http2, new ConcurrentHashMap<>());
    }

    private CheckTls(ServerTls tls, Settings settings, TlsSources sources, String sni, boolean http2,
            Map<List<String>, ServerTls> byProtocols) {
        this.http2 = http2;
        this.byProtocols = byProtocols;
        this.tls = tls;
        this.settings = settings;
        this.sources = sources;
        this.sni = sni;
    }

    @Override
    public SslHandler newHandler(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return tls.newHandler(allocator, sni, peerHost, peerPort);
    }

    @Override
    public CheckTls with(Optional<String> otherSni, List<String> alpn) {
        String name = otherSni.orElse(sni);
        // What is agreed on must be what the check speaks.
        List<String> offered = alpn.stream().filter(protocol -> http2 == protocol.equals("h2")).toList();
        ServerTls spoken = offered.isEmpty() ? tls : byProtocols.computeIfAbsent(offered, this::offering);
        return new CheckTls(spoken, settings, sources, name, http2, byProtocols);
    }

    private ServerTls offering(List<String> protocols) {
        Settings other = Settings.builder().putAll(settings)
                .put(ServerSettings.ALPN, new StringList(protocols), SourceLocation.BUILT_IN).build();
        try {
            return TlsContexts.forServer(other, sources);
        } catch (TlsException e) {
            throw new IllegalArgumentException("TLS of the check cannot be set up: " + e.getMessage(), e);
        }
    }
}
