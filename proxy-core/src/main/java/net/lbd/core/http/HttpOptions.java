package net.lbd.core.http;

import java.util.Objects;
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
 */
public record HttpOptions(boolean unsafe, boolean dropTrailers, OddHeaderNames oddNames, boolean ignoreProbes, boolean proxyHeader,
        boolean idleCloseOnResponse, boolean pretendKeepAlive, boolean checkCache) {

    public static final HttpOptions USUAL =
            new HttpOptions(false, false, OddHeaderNames.PRESERVE, false, false, false, false, false);

    public HttpOptions {
        Objects.requireNonNull(oddNames, "oddNames");
    }
}
