package net.lbd.core.runtime;

import java.time.Duration;
import java.util.Optional;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.core.connect.SocketPolicy;
import net.lbd.core.http.CompressionPolicy;
import net.lbd.core.http.HttpOptions;

/** The options of proxies about sockets and messages, from the settings that have them. Pure functions. */
final class ProxyOptions {

    private ProxyOptions() { }

    static HttpOptions frontend(Settings settings) {
        return usual(new HttpOptions(settings.get(ProxySettings.UNSAFE_REQUESTS), settings.get(ProxySettings.DROP_RESPONSE_TRAILERS),
                settings.get(ProxySettings.ODD_HEADER_NAMES), settings.get(ProxySettings.IGNORE_PROBES),
                settings.get(ProxySettings.USE_PROXY_HEADER), settings.get(ProxySettings.IDLE_CLOSE_ON_RESPONSE), false, false,
                settings.find(ProxySettings.ORIGINALTO), Optional.empty(), settings.get(ProxySettings.BUFFER_REQUEST),
                CompressionPolicy.of(settings.get(ProxySettings.COMPRESSION))));
    }

    static HttpOptions backend(Settings settings) {
        return usual(new HttpOptions(settings.get(ProxySettings.UNSAFE_RESPONSES), settings.get(ProxySettings.DROP_REQUEST_TRAILERS),
                settings.get(ProxySettings.ODD_HEADER_NAMES), false, false, false, settings.get(ProxySettings.PRETEND_KEEPALIVE),
                settings.get(ProxySettings.CHECK_CACHE), settings.find(ProxySettings.ORIGINALTO),
                settings.find(ProxySettings.SEND_NAME_HEADER).map(HttpOptions.HeaderName::of),
                settings.get(ProxySettings.BUFFER_REQUEST),
                CompressionPolicy.of(settings.get(ProxySettings.COMPRESSION))));
    }

    /** One object for what most proxies have: it is compared by identity. */
    private static HttpOptions usual(HttpOptions options) {
        return options.equals(HttpOptions.USUAL) ? HttpOptions.USUAL : options;
    }

    static SocketPolicy clientSockets(Settings settings) {
        return sockets(settings, ProxySettings.CLIENT_KEEPALIVE, ProxySettings.CLIENT_KEEPALIVE_IDLE,
                ProxySettings.CLIENT_KEEPALIVE_INTERVAL, ProxySettings.CLIENT_KEEPALIVE_COUNT);
    }

    static SocketPolicy serverSockets(Settings settings) {
        return sockets(settings, ProxySettings.SERVER_KEEPALIVE, ProxySettings.SERVER_KEEPALIVE_IDLE,
                ProxySettings.SERVER_KEEPALIVE_INTERVAL, ProxySettings.SERVER_KEEPALIVE_COUNT);
    }

    private static SocketPolicy sockets(Settings settings, Setting<Boolean> keepAlive, Setting<Duration> idle,
            Setting<Duration> interval, Setting<Integer> count) {
        SocketPolicy policy = new SocketPolicy(settings.get(ProxySettings.NOLINGER), settings.get(keepAlive),
                seconds(settings, idle), seconds(settings, interval), settings.find(count).orElse(0), 0, false);
        return policy.equals(SocketPolicy.USUAL) ? SocketPolicy.USUAL : policy;
    }

    /** The kernel counts seconds: a part of one is one. */
    private static int seconds(Settings settings, Setting<Duration> time) {
        return settings.find(time).map(t -> (int) Math.min(Short.MAX_VALUE, Math.max(1, t.toSeconds()))).orElse(0);
    }
}
