package net.lbd.config.keyword.rule;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Services that answer requests in the process. Source: HAProxy manual, "http-request use-service". */
public final class ServiceActionKeywords {

    /** {@code use-service prometheus-exporter}. */
    public record PrometheusExporter() implements ActionSpec { }

    static final List<ActionKeyword> ROWS = List.of(new ActionKeyword("use-service", List.of(), Set.of(RuleSet.HTTP_REQUEST),
            "prometheus-exporter", """
            Answers with the metrics of the process, its proxies and its servers for Prometheus, under HAProxy's names, and those of the JVM
            and of Netty. 'scope=global', 'frontend', 'backend', 'server' or 'jvm' in the query, also several times, chooses among them, and
            'no-maint' leaves servers in maintenance out. Services written in Lua do not exist here.""", Support.SUPPORTED,
            ServiceActionKeywords::useService));

    private ServiceActionKeywords() { }

    private static Optional<ActionSpec> useService(ActionContext context) {
        Word name = context.arguments().next("the name of a service");
        if (name.text().startsWith("lua.")) {
            context.arguments().diagnostics().notice(Code.NOT_YET, context.action(), "'http-request use-service' is not supported yet by this"
                    + " version; the daemon refuses to start with it");
            return Optional.empty();
        }
        if (!name.text().equals("prometheus-exporter")) {
            throw context.arguments().unknown(name, "service", List.of("prometheus-exporter"));
        }
        return Optional.of(new PrometheusExporter());
    }
}
