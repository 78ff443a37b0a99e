package net.lbd.config.keyword.rule;

import java.util.List;
import java.util.Set;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** Services that answer requests in the process. Source: HAProxy manual, "http-request use-service". */
public final class ServiceActionKeywords {

    /** {@code use-service prometheus-exporter}. */
    public record PrometheusExporter() implements ActionSpec { }

    static final List<ActionKeyword> ROWS = List.of(ActionKeyword.of("use-service", Set.of(RuleSet.HTTP_REQUEST), "prometheus-exporter", """
            Answers with the metrics of the process, its proxies and its servers for Prometheus, under HAProxy's names, and those of the JVM
            and of Netty. 'scope=global', 'frontend', 'backend', 'server' or 'jvm' in the query, also several times, chooses among them, and
            'no-maint' leaves servers in maintenance out. Services written in Lua do not exist here.""",
            ServiceActionKeywords::useService));

    private ServiceActionKeywords() { }

    private static ActionSpec useService(ActionContext context) {
        Word name = context.arguments().next("the name of a service");
        if (!name.text().equals("prometheus-exporter")) {
            throw context.arguments().unknown(name, "service", List.of("prometheus-exporter"));
        }
        return new PrometheusExporter();
    }
}
