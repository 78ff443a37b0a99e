package net.lbd.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ExchangeBackends;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * What the Prometheus exporter tells of Exchange under names of our own: which service each server gives, as the last check found, and how
 * many requests hang on purpose, as those of ActiveSync, MAPI and EWS do. Nothing is told of backends that have nothing to do with Exchange. Pure
 * functions.
 */
final class ExchangeText {

    /** A request without an answer for so long waits for something to happen; {@code lbctl sessions --long-polls} counts the same. */
    static final long LONG_POLL_MILLIS = 30_000;

    private static final String UP = "lbd_exchange_service_up";
    private static final String SERVERS = "lbd_exchange_service_servers";
    private static final String POLLS = "lbd_exchange_long_polls";

    private ExchangeText() { }

    /** @param polls requests that have been open for {@link #LONG_POLL_MILLIS}, by their backends */
    static void append(StringBuilder out, ProxyRuntime runtime, Map<String, Integer> polls) {
        List<String> up = new ArrayList<>();
        List<String> servers = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (BackendSpec spec : runtime.configuration().serverGroups()) {
            Set<String> services = ExchangeBackends.services(spec);
            runtime.backend(spec.name()).filter(b -> !services.isEmpty()).ifPresent(backend -> {
                for (String service : services) {
                    String labels = "{service=" + PrometheusText.quoted(service) + ",proxy=" + PrometheusText.quoted(backend.name());
                    backend.servers().forEach(server -> up.add(UP + labels + ",server=" + PrometheusText.quoted(server.name()) + "} " + (gives(server) ? 1 : 0)));
                    servers.add(SERVERS + labels + "} " + giving(backend));
                }
                open.add(POLLS + "{proxy=" + PrometheusText.quoted(backend.name()) + "} " + polls.getOrDefault(backend.name(), 0));
            });
        }
        family(out, UP, "Whether a server gives a service of Exchange to new clients, as its last check has found", up);
        family(out, SERVERS, "Servers that give a service of Exchange to new clients", servers);
        family(out, POLLS, "Requests of a backend of Exchange that have been open for 30 seconds or longer", open);
    }

    private static long giving(Backend backend) {
        return backend.servers().stream().filter(ExchangeText::gives).count();
    }

    private static boolean gives(Server server) {
        return server.isUsable();
    }

    private static void family(StringBuilder out, String name, String doc, List<String> samples) {
        if (!samples.isEmpty()) {
            out.append("# HELP ").append(name).append(' ').append(doc).append("\n# TYPE ").append(name).append(" gauge\n");
            samples.forEach(sample -> out.append(sample).append('\n'));
        }
    }
}
