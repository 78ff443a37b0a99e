package net.lbd.l4.preflight;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;

/**
 * The servers of a configuration that see foreign addresses ({@code source … usesrc}), but for those of other network namespaces, whose
 * rules cannot be seen from here. Immutable.
 *
 * @param addresses of those that are written as addresses, by {@code backend/server}
 * @param named how many are written as names, which may be of either family and are taken for IPv4
 * @param isRoutingOurs {@code transparent-routing on}
 */
public record TransparentServers(Map<String, InetAddress> addresses, int named, boolean isRoutingOurs) {

    public TransparentServers {
        addresses = Map.copyOf(addresses);
    }

    public static TransparentServers of(Configuration configuration) {
        Map<String, InetAddress> addresses = new LinkedHashMap<>();
        int named = 0;
        for (BackendSpec backend : configuration.backends()) {
            for (ServerSpec server : backend.servers()) {
                if (server.settings().find(ServerSettings.SOURCE).filter(s -> s.isTransparent()).isEmpty()
                        || server.settings().isSet(ServerSettings.NAMESPACE)) {
                    continue;
                }
                if (server.address() instanceof AddressSpec.Ip ip) {
                    addresses.put(backend.name() + "/" + server.name(), ip.address());
                } else if (server.address() instanceof AddressSpec.Host) {
                    named++;
                }
            }
        }
        return new TransparentServers(addresses, named, configuration.global().settings().get(GlobalSettings.TRANSPARENT_ROUTING));
    }

    public boolean isEmpty() {
        return addresses.isEmpty() && named == 0;
    }

    public boolean hasIpv4() {
        return named > 0 || addresses.values().stream().anyMatch(a -> !(a instanceof Inet6Address));
    }

    public boolean hasIpv6() {
        return addresses.values().stream().anyMatch(Inet6Address.class::isInstance);
    }
}
