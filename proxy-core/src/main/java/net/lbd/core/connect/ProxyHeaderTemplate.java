package net.lbd.core.connect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.model.SendProxy;
import net.lbd.config.model.SendProxy.Option;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.session.Peer;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.stream.Stream;
import net.lbd.health.wire.ProxyHeaders;
import net.lbd.health.wire.ProxyHeaders.End;
import net.lbd.health.wire.ProxyHeaders.Field;

/**
 * The PROXY header of a server's connections, made for each stream anew. Two streams share a connection only if their
 * headers are the same, byte for byte: a server takes all that comes on it for the one client that the header
 * names. Immutable. Source: HAProxy manual, "send-proxy", "proxy-v2-options".
 */
public final class ProxyHeaderTemplate {

    /** The header of a connection that has none. */
    public static final byte[] NONE = {};

    /** What stands in the field of TLS, and so brings it along, as in HAProxy. */
    private static final Set<Option> OF_TLS =
            Set.of(Option.SSL, Option.CERT_CN, Option.CERT_KEY, Option.CERT_SIG, Option.SSL_CIPHER);
    private static final int CLIENT_SSL = 1;
    private static final int CLIENT_CERT_CONN = 2;
    private static final int CLIENT_CERT_SESS = 4;

    private final boolean version2;
    private final Set<Option> options;
    private final Map<Integer, LogFormat> fields = new LinkedHashMap<>();

    /** @param spec one that {@linkplain SendProxy#isSent() is sent} */
    public ProxyHeaderTemplate(SendProxy spec, RuntimeNames names) {
        version2 = spec.version2();
        options = spec.options();
        spec.fields().forEach((type, format) -> fields.put(type, LogFormat.compile(format, LogFormat.Use.VALUE, names)));
    }

    /** The header for a stream; do not change it. */
    public byte[] make(Stream stream) {
        End source = end(stream.session().source());
        End destination = end(stream.session().destination());
        if (!version2) {
            return ProxyHeaders.version1(source, destination,
                    address -> new String(Peer.of(address, 0).text(), StandardCharsets.US_ASCII));
        }
        return ProxyHeaders.version2(source, destination, told(stream), options.contains(Option.CRC32C));
    }

    private static End end(Peer peer) {
        return peer.isIp() ? new End(peer.address(), peer.port()) : End.NONE;
    }

    private List<Field> told(Stream stream) {
        TlsInfo tls = stream.session().tls();
        List<Field> told = new ArrayList<>(3);
        if (!tls.alpn().isEmpty()) {
            told.add(text(ProxyHeaders.ALPN, tls.alpn()));
        }
        if (options.contains(Option.AUTHORITY) && !tls.sni().isEmpty()) {
            told.add(text(ProxyHeaders.AUTHORITY, tls.sni()));
        }
        if (options.contains(Option.UNIQUE_ID)) {
            int length = stream.uniqueIdLength();
            if (length > 0) {
                told.add(new Field(ProxyHeaders.UNIQUE_ID, Arrays.copyOf(stream.uniqueId(), length)));
            }
        }
        if (options.stream().anyMatch(OF_TLS::contains)) {
            told.add(new Field(ProxyHeaders.SSL, stream.session().isTls() ? ssl(tls) : ProxyHeaders.sslValue(0, 0, List.of())));
        }
        // Of the client, not of the server, as HAProxy has it.
        stream.session().namespace().ifPresent(namespace -> told.add(text(ProxyHeaders.NETNS, namespace.name())));
        fields.forEach((type, format) -> {
            ByteSink sink = stream.worker().scratch().takeSink();
            format.render(stream, sink);
            if (sink.length() > 0) {
                told.add(new Field(type, Arrays.copyOf(sink.bytes(), sink.length())));
            }
            stream.worker().scratch().giveSink(sink);
        });
        return told;
    }

    private byte[] ssl(TlsInfo tls) {
        List<Field> inner = new ArrayList<>(5);
        inner.add(text(ProxyHeaders.SSL_VERSION, tls.version()));
        boolean certified = tls.certificates().client().isPresent();
        if (options.contains(Option.CERT_CN)) {
            tls.certificates().client().flatMap(c -> c.subjectPart("CN")).ifPresent(cn -> inner.add(text(ProxyHeaders.SSL_CN, cn)));
        }
        if (options.contains(Option.CERT_KEY)) {
            tls.certificates().own().ifPresent(own -> inner.add(text(ProxyHeaders.SSL_KEY_ALG, own.keyKindAndSize())));
        }
        if (options.contains(Option.CERT_SIG)) {
            tls.certificates().own().ifPresent(own -> inner.add(text(ProxyHeaders.SSL_SIG_ALG, own.signatureAlgorithm())));
        }
        if (options.contains(Option.SSL_CIPHER)) {
            inner.add(text(ProxyHeaders.SSL_CIPHER, tls.cipher()));
        }
        int client = CLIENT_SSL | (!certified ? 0 : tls.resumed() ? CLIENT_CERT_SESS : CLIENT_CERT_CONN | CLIENT_CERT_SESS);
        return ProxyHeaders.sslValue(client, tls.certificates().verifyResult(), inner);
    }

    private static Field text(int type, String text) {
        return new Field(type, text.getBytes(StandardCharsets.UTF_8));
    }
}
