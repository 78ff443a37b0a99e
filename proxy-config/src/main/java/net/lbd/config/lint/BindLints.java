package net.lbd.config.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Statement;

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
                        && !bind.settings().isSet(BindSettings.INTERFACE)) {
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

    private static void directorNat(LintScope scope) {
        for (SectionText section : scope.sectionsWith("mode")) {
            if (section.kind() != SectionKind.DIRECTOR || section.lines().stream().anyMatch(l -> l.first().is("source"))) {
                continue;
            }
            for (Statement line : section.lines()) {
                if (line.first().is("mode") && line.words().size() > 1 && line.words().get(1).is("nat")) {
                    scope.notice(Code.ADVICE_DIRECTOR_NAT, line.location(), "'mode nat' rewrites the destination only: the servers of director '"
                            + section.name() + "' see the client's address and must answer through this machine",
                            "where their route leads elsewhere, source NAT is needed, which no line of this section says");
                }
            }
        }
    }
}
