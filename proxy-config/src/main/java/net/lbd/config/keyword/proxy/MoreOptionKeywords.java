package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Code;

/** The {@code option} lines that this version reads and does not carry out. */
public final class MoreOptionKeywords {

    private static final Support ENGINE = Support.noEffect("the engine here has no such difference");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.bare("option http-no-delay", PROXIES, Support.noEffect("nothing is delayed here"), "Does not wait for more before it sends."),
            Rows.bare("option http-use-htx", PROXIES, ENGINE, "Chose HAProxy's inner representation of messages until 2.1."),
            Rows.bare("option independent-streams", PROXIES, ENGINE, "Lets each direction have its own timer.")
                    .alias("option independant-streams"),
            Rows.flag(ProxySettings.LOG_HEALTH_CHECKS, BACK, "Logs each change of a check's result or count, also of a server that is up."),
            later("socket-stats", FRONT, "Counts each listening socket apart."),
            Rows.bare("option splice-request", PROXIES, Support.noEffect("splicing is not used"), "Lets the kernel move the bytes of requests."),
            Rows.bare("option splice-response", PROXIES, Support.noEffect("splicing is not used"), "Lets the kernel move the bytes of responses."),
            Directive.<ProxyDraft>of("option transparent", BACK, "", """
                    Refused: it would send each client to the address that it asked for, which needs packets for other addresses to be handed
                    to lbd by the kernel; a 'director' section does such work in the kernel itself.""", (arguments, draft) -> {
                        arguments.end();
                        if (!arguments.negated()) {
                            throw new StatementException(Code.REFUSED, arguments.keyword(), "'" + arguments.head() + "' is refused: lbd is"
                                    + " no gateway that packets for other addresses are handed to",
                                    Optional.of("name the servers by 'server' lines"));
                        }
                    }).canBeNegated().ignoredElsewhere().alias("transparent"),
            Rows.bare("option start-on-reload", PROXIES, ENGINE, "Old; never had an effect."),
            removed("option http_proxy", "write 'http-request set-dst' and 'set-dst-port' rules"));

    private MoreOptionKeywords() { }

    private static Directive<ProxyDraft> later(String name, Set<SectionKind> sections, String doc) {
        return Rows.bare("option " + name, sections, Support.NOT_YET, doc);
    }

    private static Directive<ProxyDraft> removed(String name, String instead) {
        return Directive.<ProxyDraft>of(name, PROXIES, "", "Removed; " + instead + ".", (arguments, draft) -> {
            throw new StatementException(Code.REMOVED, arguments.keyword(), "'" + name + "' was removed; " + instead);
        }).canBeNegated();
    }
}
