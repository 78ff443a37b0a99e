package net.lbd.core.report;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** How it ended, as it stands in the address that the browser is sent to. */
    enum Outcome {
        /** Done for all servers. */
        DONE,
        /** Done for some. */
        PART,
        /** Nothing was chosen. */
        NONE,
        /** The form cannot be understood, or names what is not there. */
        ERRP,
        /** The token is missing, or not the one that the page gave out. */
        DENY
    }

    private StatsForm() { }

    static Outcome carryOut(String body, String token, ReportSource source, Administration administration) {
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
                        return Outcome.ERRP;
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return Outcome.ERRP;
        }
        if (!java.security.MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
            return Outcome.DENY;
        }
        if (servers.isEmpty() || action.isEmpty()) {
            return Outcome.NONE;
        }
        String wanted = backend;
        Optional<ProxyEntry> proxy = ProxyReport.proxies(source).stream()
                .filter(p -> p.back().isPresent() && (p.name().equals(wanted) || ("#" + p.id()).equals(wanted))).findFirst();
        if (proxy.isEmpty()) {
            return Outcome.ERRP;
        }
        int done = 0;
        for (String name : servers) {
            Optional<Server> server = proxy.get().back().orElseThrow().runtime().servers().stream().filter(s -> s.name().equals(name)).findFirst();
            if (server.isPresent() && apply(action, proxy.get(), server.get(), administration)) {
                LOG.info("Server {}/{}: '{}' from the statistics page", proxy.get().name(), name, action);
                done++;
            }
        }
        return done == 0 ? Outcome.ERRP : done < servers.size() ? Outcome.PART : Outcome.DONE;
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
