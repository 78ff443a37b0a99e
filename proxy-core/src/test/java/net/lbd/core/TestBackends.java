package net.lbd.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.backend.ServerState;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.stats.ProxyCounters;

/** Backends for tests that need no balancing. */
public final class TestBackends {

    private TestBackends() { }

    /** A server that is up. */
    public static Server server(String name, int weight, int maxConnections, boolean backup) {
        ServerSpec spec = new ServerSpec(name, id(name), SourceLocation.BUILT_IN,
                new AddressSpec.Ip("127.0.0.1:20481", InetAddress.getLoopbackAddress(), new PortSpec.Fixed(20481)),
                Settings.EMPTY);
        return server(spec, new Server.Share(weight, maxConnections, backup, id(name) * 4096));
    }

    /** A server at an address of its own. */
    public static Server server(String name, Server.Target target) {
        return server(name, new Server.Share(1, 0, false, id(name) * 4096), target);
    }

    public static Server server(String name, Server.Share share, Server.Target target) {
        ServerSpec spec = new ServerSpec(name, id(name), SourceLocation.BUILT_IN,
                new AddressSpec.Ip("127.0.0.1:20481", InetAddress.getLoopbackAddress(), new PortSpec.Fixed(20481)), Settings.EMPTY);
        return new Server(spec, share, target, net.lbd.core.backend.Ways.PLAIN, Server.Hello.NONE,
                new Server.Limits(0, 0, false, net.lbd.core.connect.SocketPolicy.USUAL, -1), new ServerState());
    }

    /** The number in the name: s2 has id 2. */
    private static int id(String name) {
        String digits = name.replaceAll("\\D", "");
        return digits.isEmpty() ? 1 : Integer.parseInt(digits);
    }

    public static Server server(ServerSpec spec, Server.Share share) {
        SocketAddress address = new InetSocketAddress("127.0.0.1", 20481);
        return new Server(spec, share, new Server.Target(Optional.of(address), false, 0, Map.of()), net.lbd.core.backend.Ways.PLAIN,
                Server.Hello.NONE, new Server.Limits(0, 0, false, net.lbd.core.connect.SocketPolicy.USUAL, -1), new ServerState());
    }

    public static Backend of(String name, ProxyMode mode, List<Server> servers) {
        return new Backend(name, mode, servers, LoadBalancer.NONE, new ServerQueue(), BackendRules.NONE,
                BackendPolicy.NONE, Optional.empty(), new ProxyCounters(), false);
    }
}
