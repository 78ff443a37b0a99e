package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import java.util.stream.Stream;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.syntax.Code;

/** Directives that HAProxy removed, with what to write instead. */
public final class RemovedKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = Stream.of(
            row("reqadd", "2.1", "http-request add-header"), row("reqallow", "2.1", "http-request allow"),
            row("reqdel", "2.1", "http-request del-header"), row("reqdeny", "2.1", "http-request deny"),
            row("reqiallow", "2.1", "http-request allow"), row("reqidel", "2.1", "http-request del-header"),
            row("reqideny", "2.1", "http-request deny"), row("reqipass", "2.1", "http-request allow"),
            row("reqirep", "2.1", "http-request replace-header, replace-path or replace-uri"),
            row("reqitarpit", "2.1", "http-request tarpit"), row("reqpass", "2.1", "http-request allow"),
            row("reqrep", "2.1", "http-request replace-header, replace-path or replace-uri"),
            row("reqtarpit", "2.1", "http-request tarpit"), row("rspadd", "2.1", "http-response add-header"),
            row("rspdel", "2.1", "http-response del-header"), row("rspdeny", "2.1", "http-response deny"),
            row("rspidel", "2.1", "http-response del-header"), row("rspideny", "2.1", "http-response deny"),
            row("rspirep", "2.1", "http-response replace-header"), row("rsprep", "2.1", "http-response replace-header"),
            row("reqsetbe", "2.1", "use_backend"), row("reqisetbe", "2.1", "use_backend"), row("block", "2.1", "http-request deny"),
            row("appsession", "1.6", "stick-table and stick rules"), row("redispatch", "2.1", "option redispatch"),
            row("grace", "2.3", "hard-stop-after in global"), row("monitor-net", "2.3", "http-request return status 200"),
            row("redisp", "2.1", "option redispatch")).toList();

    private RemovedKeywords() { }

    private static Directive<ProxyDraft> row(String name, String version, String instead) {
        return Directive.of(name, PROXIES, "…", "Removed in HAProxy " + version + "; write '" + instead + "'.",
                (arguments, draft) -> {
                    throw new StatementException(Code.REMOVED, arguments.keyword(),
                            "'" + name + "' was removed in HAProxy " + version + "; write '" + instead + "'");
                });
    }
}
