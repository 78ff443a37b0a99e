package net.lbd.core.runtime;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Server;
import net.lbd.health.check.ExternalRunner;

/** The program that checks a server: its arguments and environment. Stateless. Source: HAProxy manual, "external-check command". */
final class ExternalCheck {

    private static final int STARTING = 64;
    private static final String NOT_USED = "NOT_USED";

    /** Starts programs; each start takes a thread for milliseconds. Its threads come and go. */
    private static final Executor STARTER = new ThreadPoolExecutor(0, STARTING, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
        Thread thread = new Thread(task, "lbd-external-check");
        thread.setDaemon(true);
        return thread;
    });

    private ExternalCheck() { }

    /**
     * @param place asked before each run
     * @param listener where the proxy listens, if it is a {@code listen} section
     * @param limit of one run
     */
    static ExternalRunner of(BackendSpec backend, int backendId, Server server, Supplier<SocketAddress> place, Optional<InetSocketAddress> listener,
            Settings global, Duration limit) {
        CheckSpec.Options options = backend.check().options();
        String proxyAddress = listener.map(l -> l.getAddress().getHostAddress()).orElse(NOT_USED);
        String proxyPort = listener.map(l -> Integer.toString(l.getPort())).orElse(NOT_USED);
        Map<String, String> fixed = new HashMap<>();
        fixed.put("HAPROXY_PROXY_ADDR", listener.isPresent() ? proxyAddress : "");
        fixed.put("HAPROXY_PROXY_PORT", listener.isPresent() ? proxyPort : "");
        fixed.put("HAPROXY_PROXY_ID", Integer.toString(backendId));
        fixed.put("HAPROXY_PROXY_NAME", backend.name());
        fixed.put("HAPROXY_SERVER_ID", Integer.toString(server.id()));
        fixed.put("HAPROXY_SERVER_NAME", server.name());
        fixed.put("HAPROXY_SERVER_MAXCONN", Integer.toString(server.maxConnections()));
        fixed.put("HAPROXY_SERVER_SSL", server.tls().isPresent() ? "1" : "0");
        fixed.put("HAPROXY_SERVER_PROTO", backend.mode() == ProxyMode.HTTP ? "h1" : "tcp");
        fixed.put("PATH", options.path().orElse(""));
        String command = options.command().orElseThrow();
        return new ExternalRunner(() -> List.of(command, proxyAddress, proxyPort, hostOf(place.get()), portOf(place.get(), NOT_USED)), () -> {
            Map<String, String> now = new HashMap<>(fixed);
            now.put("HAPROXY_SERVER_ADDR", hostOf(place.get()));
            now.put("HAPROXY_SERVER_PORT", portOf(place.get(), ""));
            now.put("HAPROXY_SERVER_CURCONN", Integer.toString(server.load()));
            return now;
        }, global.get(GlobalSettings.EXTERNAL_CHECK_ENVIRONMENT), limit, STARTER, InstantSource.system());
    }

    private static String hostOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved() ? inet.getAddress().getHostAddress() : address.toString();
    }

    private static String portOf(SocketAddress address, String none) {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : none;
    }
}
