package net.lbd.core.runtime;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.RdpPersistence;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.StickyCookie;
import net.lbd.core.balance.LoadBalancers;
import net.lbd.core.sample.RuntimeNames;

/** What a backend has made for just the servers that it has: made anew where they change. Stateless. */
final class MembersCompiler {

    private MembersCompiler() { }

    static Optional<StickyCookie> cookie(BackendSpec spec, List<Server> servers) {
        return spec.mode() == ProxyMode.HTTP ? spec.settings().find(ProxySettings.COOKIE).map(cookie -> new StickyCookie(cookie,
                servers, spec.servers().stream().map(s -> s.settings().find(ServerSettings.COOKIE)).toList(),
                spec.settings().find(ProxySettings.DYNAMIC_COOKIE_KEY))) : Optional.empty();
    }

    static Optional<RdpPersistence> rdpCookie(BackendSpec spec, List<Server> servers, RuntimeNames names) {
        return spec.mode() == ProxyMode.HTTP ? Optional.empty()
                : spec.settings().find(ProxySettings.PERSIST_RDP_COOKIE).map(name -> new RdpPersistence(name, servers, names));
    }

    /** The servers that no key of a stick-table is bound to. */
    static Set<String> notStuckTo(BackendSpec spec) {
        return spec.servers().stream().filter(s -> s.settings().get(ServerSettings.NON_STICK)).map(ServerSpec::name).collect(Collectors.toSet());
    }

    /**
     * Has a backend serve with these servers; its rules stay. Balancing begins anew.
     *
     * @param spec with the lines of just these servers, in their order
     */
    static void replace(Backend backend, BackendSpec spec, List<Server> servers, RuntimeNames names) {
        BackendRules rules = backend.rules();
        backend.replaceMembers(servers, LoadBalancers.create(spec.balance(), servers, spec.settings(), names),
                rules.of(rules.stick().of(servers, notStuckTo(spec)),
                        rules.persistence().of(cookie(spec, servers), rdpCookie(spec, servers, names))));
    }
}
