package net.lbd.config.lint;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;

/** Addresses that mean something else than they seem to. */
final class BindLints {

    static final List<Lint> ROWS = List.of(BindLints::socketPath, BindLints::wildcard, BindLints::directorNat);

    private BindLints() { }

    private static void socketPath(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            for (BindSpec bind : frontend.binds()) {
                if (bind.address() instanceof AddressSpec.Unix unix && unix.text().startsWith("/") && unix.path().contains(":")) {
                    scope.notice(Code.ADVICE_SOCKET_PATH, bind.location(), "'" + unix.text()
                            + "' is the path of a Unix socket, not a host and a port",
                            "write 'unix@" + unix.path() + "' if that is meant, else an address");
                }
            }
        }
    }

    /** One port, once for every address and once for a single one. */
    private static void wildcard(LintScope scope) {
        Map<Integer, List<BindSpec>> byPort = new HashMap<>();
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            if (frontend.settings().get(ProxySettings.DISABLED)) {
                continue;
            }
            for (BindSpec bind : frontend.binds()) {
                if (bind.address() instanceof AddressSpec.Ip ip && ip.port() instanceof PortSpec.Fixed fixed
                        && !bind.settings().isSet(BindSettings.INTERFACE) && !bind.settings().isSet(BindSettings.NAMESPACE)) {
                    byPort.computeIfAbsent(fixed.port(), p -> new ArrayList<>()).add(bind);
                }
            }
        }
        byPort.values().forEach(binds -> wildcard(scope, binds));
    }

    private static void wildcard(LintScope scope, List<BindSpec> binds) {
        for (BindSpec all : binds) {
            for (BindSpec one : binds) {
                AddressSpec.Ip wide = (AddressSpec.Ip) all.address();
                AddressSpec.Ip exact = (AddressSpec.Ip) one.address();
                boolean sameFamily = wide.address().getClass() == exact.address().getClass();
                if (sameFamily && wide.address().isAnyLocalAddress() && !exact.address().isAnyLocalAddress()) {
                    scope.notice(Code.ADVICE_WILDCARD_BIND, one.location(), "'bind " + exact.text() + "' takes its address out of '"
                            + wide.text() + "' at " + all.location().fileAndLine() + ": both listen on one port",
                            "bind single addresses in both places, or one of the two");
                }
            }
        }
    }

    /** Servers of the director's own network, which answer its clients past this machine. */
    private static void directorNat(LintScope scope) {
        for (DirectorSpec director : scope.configuration().directors()) {
            if (director.mode() != DirectorSpec.Mode.NAT || director.source().isPresent()) {
                continue;
            }
            director.backend().servers().stream().filter(s -> isNear(director.address(), ((AddressSpec.Ip) s.address()).address())).findFirst()
                    .ifPresent(server -> scope.notice(Code.ADVICE_DIRECTOR_NAT, server.location(), "director '" + director.name()
                            + "' rewrites the destination only, and server '" + server.name() + "' seems to be in its network: the server"
                            + " answers clients of that network past this machine, and their connections time out",
                            "add 'source ADDRESS', an address of this machine (source NAT), or put the servers behind this machine"));
        }
    }

    /** In one network of the usual size. */
    private static boolean isNear(InetAddress one, InetAddress other) {
        byte[] a = one.getAddress();
        byte[] b = other.getAddress();
        return Arrays.equals(a, 0, a.length == 4 ? 3 : 8, b, 0, b.length == 4 ? 3 : 8);
    }
}
