package net.lbd.config.check;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ServerDraft;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/** That chains of {@code track} end at a server that is checked. Used once, by one thread. */
final class TrackChecker {

    private final List<ProxyDraft> proxies;
    private final Diagnostics diagnostics;

    private record Found(ProxyDraft proxy, ServerDraft server) { }

    TrackChecker(List<ProxyDraft> proxies, Diagnostics diagnostics) {
        this.proxies = proxies;
        this.diagnostics = diagnostics;
    }

    void check() {
        for (ProxyDraft proxy : proxies) {
            for (ServerDraft server : proxy.servers()) {
                if (server.settings().isSet(ServerSettings.TRACK)) {
                    follow(new Found(proxy, server));
                }
            }
        }
    }

    private void follow(Found tracker) {
        Word word = tracker.server().wordOf(ServerSettings.TRACK);
        if (isOn(tracker, ServerSettings.CHECK) || isOn(tracker, ServerSettings.AGENT_CHECK)) {
            diagnostics.error(Code.BAD_VALUE, word, "server '" + tracker.server().name()
                    + "' tracks another and is checked itself; its state can come from one of them only");
            return;
        }
        Set<ServerDraft> seen = new HashSet<>();
        Found at = tracker;
        while (at.server().settings().isSet(ServerSettings.TRACK)) {
            if (!seen.add(at.server())) {
                diagnostics.error(Code.BAD_VALUE, word, "'track " + text(tracker) + "' leads back to where it began");
                return;
            }
            Optional<Found> next = target(at);
            if (next.isEmpty()) {
                // Whoever names a server that is not there has been told so.
                return;
            }
            at = next.get();
        }
        if (!isOn(at, ServerSettings.CHECK) && !isOn(at, ServerSettings.AGENT_CHECK)) {
            diagnostics.error(Code.BAD_VALUE, word, "'track " + text(tracker) + "': server '" + at.proxy().name() + "/" + at.server().name()
                    + "' is not checked", "add 'check' to its line");
        }
    }

    private Optional<Found> target(Found at) {
        String text = text(at);
        int slash = text.indexOf('/');
        String proxy = slash < 0 ? at.proxy().name().text() : text.substring(0, slash);
        String server = text.substring(slash + 1);
        return proxies.stream().filter(p -> p.kind().hasBackend() && p.name().is(proxy))
                .flatMap(p -> p.servers().stream().filter(s -> s.name().is(server)).map(s -> new Found(p, s))).findFirst();
    }

    private static String text(Found found) {
        return found.server().settings().get(ServerSettings.TRACK);
    }

    private static boolean isOn(Found found, net.lbd.config.model.Setting<Boolean> setting) {
        return found.server().settings().get(setting);
    }
}
