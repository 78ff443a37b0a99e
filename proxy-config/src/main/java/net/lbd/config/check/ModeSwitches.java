package net.lbd.config.check;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.SwitchDraft;
import net.lbd.config.keyword.rule.TcpActionKeywords;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.syntax.Word;

/**
 * Which frontends in mode tcp may go over to HTTP: by a {@code switch-mode} rule, or since they lead to a backend in mode http. What they say
 * about HTTP counts from there on. Not thread-safe. Source: HAProxy manual, chapter "Proxies".
 */
final class ModeSwitches {

    private final Map<String, ProxyDraft> backends;
    private final Map<ProxyDraft, Boolean> known = new IdentityHashMap<>();

    /** @param backends may be filled later */
    ModeSwitches(Map<String, ProxyDraft> backends) {
        this.backends = backends;
    }

    boolean mayBecomeHttp(ProxyDraft proxy) {
        return proxy.kind().hasFrontend() && proxy.mode() == ProxyMode.TCP && known.computeIfAbsent(proxy, this::find);
    }

    private boolean find(ProxyDraft proxy) {
        for (RuleDraft rule : proxy.rules()) {
            if (rule.action() instanceof TcpActionKeywords.SwitchMode) {
                return true;
            }
        }
        for (SwitchDraft line : proxy.switching()) {
            Optional<String> literal = line.backend().asLiteral();
            if (literal.isEmpty() || isHttp(literal.get())) {
                return true;
            }
        }
        return proxy.defaultBackend().map(Word::text).filter(this::isHttp).isPresent();
    }

    private boolean isHttp(String backend) {
        ProxyDraft found = backends.get(backend);
        return found != null && found.mode() == ProxyMode.HTTP;
    }
}
