package net.lbd.config.lint;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.SectionText;
import net.lbd.config.keyword.rule.HttpActionKeywords.Redirect;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.ConditionSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ExchangeService;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.syntax.Statement;

/**
 * Which services of Exchange a configuration carries, and through which proxies: read off the paths
 * that its conditions and checks name. A frontend that names one carries them all; what it sends
 * nowhere else its default backend gets. Immutable.
 */
final class ExchangeRoutes {

    private final Map<String, Set<ExchangeService>> byBackend = new HashMap<>();
    private final Map<String, Set<ExchangeService>> byFrontend = new HashMap<>();

    /** Whether any condition of a frontend in mode http names a path of Exchange, in whatever sense. */
    private boolean named;

    ExchangeRoutes(Configuration configuration, List<SectionText> sections) {
        Map<String, BackendSpec> backends = new HashMap<>();
        Set<String> checkedAsExchange = new HashSet<>();
        for (BackendSpec backend : configuration.backends()) {
            backends.put(backend.name(), backend);
            for (CheckStep step : backend.check().steps()) {
                if (asksExchange(step)) {
                    checkedAsExchange.add(backend.name());
                }
            }
        }
        for (SectionText section : sections) {
            if (section.kind().hasBackend() && section.lines().stream().anyMatch(ExchangeRoutes::asksExchange)) {
                checkedAsExchange.add(section.name());
            }
        }
        for (FrontendSpec frontend : configuration.frontends()) {
            if (frontend.mode() == ProxyMode.HTTP) {
                route(frontend, backends, checkedAsExchange);
            }
        }
    }

    boolean areNamed() {
        return named;
    }

    /** The services that reach a backend through a frontend in mode http. */
    Set<ExchangeService> ofBackend(String backend) {
        return byBackend.getOrDefault(backend, Set.of());
    }

    /** The services that a frontend in mode http carries. */
    Set<ExchangeService> ofFrontend(String frontend) {
        return byFrontend.getOrDefault(frontend, Set.of());
    }

    private void route(FrontendSpec frontend, Map<String, BackendSpec> backends, Set<String> checkedAsExchange) {
        Set<ExchangeService> routed = EnumSet.noneOf(ExchangeService.class);
        boolean exchange = frontend.defaultBackend().filter(checkedAsExchange::contains).isPresent();
        for (RuleSpec rule : frontend.rules()) {
            exchange |= rule.condition().isPresent() && !services(rule.condition().get()).isEmpty();
            exchange |= rule.action() instanceof Redirect redirect
                    && redirect.target().asLiteral().flatMap(ExchangeService::ofPath).isPresent();
        }
        for (BackendSwitchSpec line : frontend.switching()) {
            Set<ExchangeService> services = line.condition().isEmpty() ? Set.of() : services(line.condition().get());
            Optional<String> target = line.backend().asLiteral();
            exchange |= target.isPresent() && checkedAsExchange.contains(target.get());
            if (!services.isEmpty() && target.isPresent() && backends.containsKey(target.get())) {
                add(byBackend, target.get(), services);
                routed.addAll(services);
            }
        }
        if (!exchange && routed.isEmpty()) {
            return;
        }
        Set<ExchangeService> all = EnumSet.allOf(ExchangeService.class);
        add(byFrontend, frontend.name(), all);
        Set<ExchangeService> rest = EnumSet.complementOf(EnumSet.copyOf(routed));
        frontend.defaultBackend().filter(backends::containsKey).ifPresent(name -> add(byBackend, name, rest));
    }

    private static void add(Map<String, Set<ExchangeService>> map, String name, Set<ExchangeService> services) {
        map.computeIfAbsent(name, n -> EnumSet.noneOf(ExchangeService.class)).addAll(services);
    }

    private Set<ExchangeService> services(ConditionSpec condition) {
        Set<ExchangeService> services = Set.of();
        for (List<ConditionSpec.Term> allOf : condition.anyOf()) {
            for (ConditionSpec.Term term : allOf) {
                boolean counts = !term.negated() && !condition.unless();
                for (AclSpec.Test test : term.acl().tests()) {
                    Set<ExchangeService> found = withPatterns(counts ? services : Set.of(), test);
                    named |= !found.isEmpty();
                    services = counts ? found : services;
                }
            }
        }
        return services;
    }

    /** Most conditions name none: only the first that does costs a set. */
    private static Set<ExchangeService> withPatterns(Set<ExchangeService> services, AclSpec.Test test) {
        Set<ExchangeService> found = services;
        for (PatternSpec pattern : test.patterns()) {
            if (pattern instanceof PatternSpec.Text text) {
                Optional<ExchangeService> service = ExchangeService.ofPath(text.text());
                if (service.isPresent()) {
                    found = found.isEmpty() ? EnumSet.noneOf(ExchangeService.class) : found;
                    found.add(service.get());
                }
            }
        }
        return found;
    }

    private static boolean asksExchange(CheckStep step) {
        return step instanceof CheckStep.HttpSend send && ExchangeService.ofPath(send.uri()).isPresent();
    }

    /** {@code tcp-check send GET\ /owa/…}. */
    private static boolean asksExchange(Statement line) {
        if (line.words().size() < 3 || !line.first().is("tcp-check") || !line.words().get(1).is("send")) {
            return false;
        }
        String[] request = line.words().get(2).text().split(" ");
        return request.length > 1 && ExchangeService.ofPath(request[1]).isPresent();
    }
}
