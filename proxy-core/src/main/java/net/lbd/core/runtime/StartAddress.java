package net.lbd.core.runtime;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import net.lbd.config.model.AddressFamily;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.InitAddress;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;

/** How the address of a server is found when a configuration is put in force; may take the time of a look-up. Source: HAProxy manual, "init-addr". */
final class StartAddress {

    private final BackendSpec backend;
    private final ServerSpec spec;
    private final Settings settings;
    private final Problems problems;

    StartAddress(BackendSpec backend, ServerSpec spec, Settings settings, Problems problems) {
        this.backend = backend;
        this.spec = spec;
        this.settings = settings;
        this.problems = problems;
    }

    /** Whether an address is a label of SRV records. */
    static boolean isService(AddressSpec address) {
        return address instanceof AddressSpec.Host host && host.name().startsWith("_");
    }

    /**
     * The address: what is known of a server that was there before, else by the methods; {@code last} is left to the file of states,
     * which is read when everything else stands. An unresolved one stands for a name that is not known now.
     *
     * @param known where the server is, if it was there before
     */
    SocketAddress find(Optional<SocketAddress> known) {
        if (!(spec.address() instanceof AddressSpec.Host host)) {
            return SocketAddresses.ofServer(spec.address(), Optional.empty(), spec.location(), problems);
        }
        if (known.isPresent()) {
            return known.get();
        }
        int port = SocketAddresses.port(host).orElse(0);
        if (isService(host)) {
            return InetSocketAddress.createUnresolved(host.name(), 0);
        }
        for (InitAddress.Method method : settings.get(ServerSettings.INIT_ADDR).methods()) {
            if (method instanceof InitAddress.Libc) {
                Optional<InetAddress> found = lookUp(host.name());
                if (found.isPresent()) {
                    return new InetSocketAddress(found.get(), port);
                }
            }
            if (method instanceof InitAddress.Fixed fixed) {
                return new InetSocketAddress(fixed.address(), port);
            }
            if (method instanceof InitAddress.None) {
                tell(host);
                return InetSocketAddress.createUnresolved(host.name(), port);
            }
        }
        if (backend.settings().get(ProxySettings.LOAD_SERVER_STATE) == ProxySettings.StateSource.NONE) {
            problems.error(Problems.RESOLVE, spec.location(), "server '" + spec.name() + "': the name '" + host.name()
                    + "' cannot be resolved", "add 'none' to 'init-addr', and the server waits until it can");
        }
        return InetSocketAddress.createUnresolved(host.name(), port);
    }

    /** Whoever says none expects it, and with resolvers it will be over soon. */
    private void tell(AddressSpec.Host host) {
        if (!settings.isSet(ServerSettings.INIT_ADDR) && !settings.isSet(ServerSettings.RESOLVERS)) {
            problems.warning(Problems.RESOLVE, spec.location(), "the name '" + host.name() + "' cannot be resolved: the server counts as down",
                    "correct the name or its DNS entry, then reload");
        }
    }

    private Optional<InetAddress> lookUp(String name) {
        try {
            InetAddress[] all = InetAddress.getAllByName(name);
            if (settings.isSet(ServerSettings.RESOLVE_PREFER)) {
                int bytes = settings.get(ServerSettings.RESOLVE_PREFER) == AddressFamily.IPV4 ? 4 : 16;
                for (InetAddress address : all) {
                    if (address.getAddress().length == bytes) {
                        return Optional.of(address);
                    }
                }
            }
            return Optional.of(all[0]);
        } catch (UnknownHostException e) {
            // The next method is tried; the last one tells.
            return Optional.empty();
        }
    }
}
