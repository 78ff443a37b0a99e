package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;

/** The statistics page. Source: HAProxy manual, "stats …". */
public final class StatsKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.later("stats enable", PROXIES, "", "Serves the statistics page with its defaults."),
            Rows.later("stats uri", PROXIES, "<prefix>", "The path of the statistics page. Default: /haproxy?stats."),
            Rows.later("stats realm", PROXIES, "<realm>", "The realm that browsers show when they ask for a password."),
            Rows.later("stats auth", PROXIES, "<user>", "A user and password, parted by a colon, that may see the page."),
            Rows.later("stats admin", PROXIES_ONLY, "<when:condition>", "Who may change servers on the page.",
                    Checkpoint.FRONTEND_REQUEST, Checkpoint.BACKEND_REQUEST),
            Rows.later("stats hide-version", PROXIES, "", "Leaves the version out of the page."),
            Rows.later("stats show-version", PROXIES, "", "Shows the version on the page."),
            Rows.later("stats refresh", PROXIES, "<delay:seconds>", "How often the page loads itself again."),
            Rows.later("stats scope", PROXIES, "<proxy>", "A proxy that the page shows; '.' is this one."),
            Rows.later("stats show-desc", PROXIES, "[ <description> … ]", "Shows a description on the page."),
            Rows.later("stats show-legends", PROXIES, "", "Shows more in the page's tooltips."),
            Rows.later("stats show-modules", PROXIES, "", "Shows the counters of modules."),
            Rows.later("stats show-node", PROXIES, "[<name>]", "Shows the name of the machine."),
            Rows.later("stats http-request", PROXIES_ONLY, "{ allow | deny | auth [realm <realm>] } [<when:condition>]",
                    "Who may see the page.", Checkpoint.FRONTEND_REQUEST, Checkpoint.BACKEND_REQUEST));

    private StatsKeywords() { }
}
