package net.lbd.core.report;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.health.Watch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the form of the statistics page asks for: an action, a backend and its servers, in the names of HAProxy's form, and
 * the token of the page. Not for event loops. Source: HAProxy manual, "stats admin".
 */
final class StatsForm {

    private static final Logger LOG = LoggerFactory.getLogger(StatsForm.class);

    private StatsForm() { }

    /** @param shown whether the page shows the proxy of this name: others are not changed */
    static StatsOutcome carryOut(String body, String token, Predicate<String> shown, ReportSource source, Administration administration) {
        List<String> servers = new ArrayList<>();
        String action = "";
        String backend = "";
        String given = "";
        try {
            for (String field : body.split("&")) {
                int equals = field.indexOf('=');
                String value = equals < 0 ? "" : URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8);
                switch (equals < 0 ? field : field.substring(0, equals)) {
                    case "s" -> servers.add(value);
                    case "action" -> action = value;
                    case "b" -> backend = value;
                    case "token" -> given = value;
                    default -> {
                        return StatsOutcome.ERRP;
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return StatsOutcome.ERRP;
        }
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            return StatsOutcome.DENY;
        }
        if (servers.isEmpty() || action.isEmpty()) {
            return StatsOutcome.NONE;
        }
        String wanted = backend;
        Optional<ProxyEntry> proxy = ProxyReport.proxies(source).stream()
                .filter(p -> p.back().isPresent() && shown.test(p.name()) && (p.name().equals(wanted) || ("#" + p.id()).equals(wanted))).findFirst();
        if (proxy.isEmpty()) {
            return StatsOutcome.ERRP;
        }
        int done = 0;
        for (String name : servers) {
            Optional<Server> server = proxy.get().back().orElseThrow().runtime().servers().stream().filter(s -> s.name().equals(name)).findFirst();
            if (server.isPresent() && apply(action, proxy.get(), server.get(), administration)) {
                LOG.info("Server {}/{}: '{}' from the statistics page", proxy.get().name(), name, action);
                done++;
            }
        }
        return done == 0 ? StatsOutcome.ERRP : done < servers.size() ? StatsOutcome.PART : StatsOutcome.DONE;
    }

    private static boolean apply(String action, ProxyEntry proxy, Server server, Administration administration) {
        var backend = proxy.back().orElseThrow().runtime();
        switch (action) {
            case "ready" -> administration.setAdmin(backend, server, Admin.READY);
            case "drain" -> administration.setAdmin(backend, server, Admin.DRAIN);
            case "maint" -> administration.setAdmin(backend, server, Admin.MAINT);
            case "ehlth", "dhlth" -> {
                if (server.state().health().isEmpty()) {
                    return false;
                }
                administration.setChecked(server, false, action.equals("ehlth"));
            }
            case "hrunn" -> {
                return administration.forceHealth(server, Watch.Forced.UP);
            }
            case "hnolb" -> {
                return administration.forceHealth(server, Watch.Forced.STOPPING);
            }
            case "hdown" -> {
                return administration.forceHealth(server, Watch.Forced.DOWN);
            }
            case "eagent", "dagent" -> {
                if (server.state().agent().isEmpty()) {
                    return false;
                }
                administration.setChecked(server, true, action.equals("eagent"));
            }
            case "arunn" -> {
                return administration.forceAgent(server, true);
            }
            case "adown" -> {
                return administration.forceAgent(server, false);
            }
            case "shutdown" -> administration.shutdownSessions(server);
            default -> {
                return false;
            }
        }
        return true;
    }
}
