package net.lbd.core.http;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.ForwardFor;
import net.lbd.config.model.OddHeaderNames;

/**
 * What a proxy asks of the messages that it carries beyond the usual. A frontend speaks about its clients' messages, a backend about
 * those of its servers. Immutable.
 *
 * @param unsafe its peers may break the rules in the ways that {@link HeadParser} and {@link RequestCheck} list
 * @param dropTrailers the trailers of the messages that it sends are left out
 * @param oddNames request headers whose names have more than letters, digits and hyphens
 * @param ignoreProbes frontends: nothing is said of a connection that never sent a byte
 * @param proxyHeader frontends: {@code option http-use-proxy-header}
 * @param idleCloseOnResponse frontends: a soft stop does not close idle connections
 * @param pretendKeepAlive backends: no server is told that its connection will be closed
 * @param checkCache backends: {@code option checkcache}
 * @param originalTo {@code option originalto}
 * @param bufferRequest {@code option http-buffer-request}
 * @param serverNameHeader backends: {@code http-send-name-header}
 * @param compression what is compressed of responses
 */
public record HttpOptions(boolean unsafe, boolean dropTrailers, OddHeaderNames oddNames, boolean ignoreProbes, boolean proxyHeader,
        boolean idleCloseOnResponse, boolean pretendKeepAlive, boolean checkCache, Optional<ForwardFor> originalTo,
        Optional<HeaderName> serverNameHeader, boolean bufferRequest, Optional<CompressionPolicy> compression) {

    public static final HttpOptions USUAL = new HttpOptions(false, false, OddHeaderNames.PRESERVE, false, false, false, false, false,
            Optional.empty(), Optional.empty(), false, Optional.empty());

    /** A header's name as it is sent, and in lower case. */
    public record HeaderName(byte[] name, byte[] lower) {
        public static HeaderName of(String name) {
            return new HeaderName(Ascii.bytes(name), Ascii.bytes(name.toLowerCase(Locale.ROOT)));
        }
    }

    public HttpOptions {
        Objects.requireNonNull(oddNames, "oddNames");
        Objects.requireNonNull(originalTo, "originalTo");
        Objects.requireNonNull(serverNameHeader, "serverNameHeader");
        Objects.requireNonNull(compression, "compression");
    }
}
