package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.StatsSpec;
import net.lbd.config.syntax.Word;

/** The statistics page; each of its lines turns it on. Source: HAProxy manual, "stats …". */
public final class StatsKeywords {

    /** {@code stats admin}: the condition of the rule is all there is to it. */
    public record StatsAdmin() implements ActionSpec { }

    /**
     * A line of {@code stats http-request}.
     *
     * @param realm of AUTH; empty: the usual one
     */
    public record StatsAccess(Kind kind, Optional<String> realm) implements ActionSpec {

        /** What a line does. */
        public enum Kind { ALLOW, DENY, AUTH }

        public StatsAccess {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(realm, "realm");
        }
    }

    private static final ArgumentType<String> PREFIX = text -> {
        if (!text.startsWith("/") || text.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new ValueException("'" + text + "' is not a path; it begins with a slash");
        }
        return text;
    };

    private static final ArgumentType<String> REALM = text -> {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c >= 127)) {
            throw new ValueException("a realm is of printable ASCII characters");
        }
        return text;
    };

    private static final ArgumentType<StatsSpec.Login> LOGIN = text -> {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            // Not repeated: it may hold a password.
            throw new ValueException("this is not a user and a password, parted by a colon");
        }
        return new StatsSpec.Login(text.substring(0, colon), text.substring(colon + 1));
    };

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            row("stats enable", "", "Serves the statistics page with its defaults.", arguments -> spec -> spec),
            row("stats uri", "<prefix>", """
                    What path and query of a request for the page begin with. Behind it, ';csv', ';json' and ';typed' ask for the columns
                    of 'show stat', ';up' leaves servers out that are down, ';norefresh' keeps the page still. Default: /haproxy?stats.""",
                    arguments -> {
                        String uri = arguments.next("a path", PREFIX);
                        return spec -> spec.withUri(uri);
                    }),
            row("stats realm", "<realm>", "The realm that browsers show when they ask for a password. Default: HAProxy Statistics.", arguments -> {
                String realm = arguments.next("a realm", REALM);
                return spec -> spec.withRealm(realm);
            }),
            row("stats auth", "<user>", "A user and password, parted by a colon, that may see the page.", arguments -> {
                StatsSpec.Login login = arguments.next("a user and a password", LOGIN);
                return spec -> spec.with(login);
            }),
            Directive.<ProxyDraft>of("stats admin", PROXIES_ONLY, "{ if | unless } <condition>", """
                    Who may change servers on the page. Each change needs a token that the page gave out, so that no other
                    site can make a browser send it.""", StatsKeywords::admin).ignoredElsewhere(),
            row("stats hide-version", "", "Leaves the version out of the page.", arguments -> spec -> spec.withVersion(false)),
            row("stats show-version", "", "Shows the version on the page, which is so anyway.", arguments -> spec -> spec.withVersion(true)),
            row("stats refresh", "<delay>", "How often the page loads itself again; in seconds without a unit.", arguments -> {
                var delay = arguments.next("a time", Durations.SECONDS);
                return spec -> spec.withRefresh(delay);
            }),
            row("stats scope", "<proxy>", "A proxy that the page shows; '.' is this one. May be repeated.", arguments -> {
                String proxy = arguments.next("a proxy", ArgumentType.TEXT);
                return spec -> spec.withScope(proxy);
            }),
            row("stats show-desc", "[<description>…]", "Shows a description on the page; without one, that of the global section.", arguments -> {
                String text = String.join(" ", arguments.rest().stream().map(Word::text).toList());
                return spec -> spec.withDescription(text);
            }),
            row("stats show-legends", "", "Shows addresses, cookies and the algorithm of the balancing in tooltips.",
                    arguments -> spec -> spec.withLegends()),
            row("stats show-modules", "", "Shows the counters of TLS, as far as there are some.", arguments -> spec -> spec.withModules()),
            row("stats show-node", "[<name>]", "Shows the name of the machine, or another.", arguments -> {
                String name = arguments.hasNext() ? arguments.next("a name", ArgumentType.TEXT) : "";
                return spec -> spec.withNode(name);
            }),
            Directive.<ProxyDraft>of("stats http-request", PROXIES_ONLY, "{ allow | deny | auth [realm <realm>] } [{ if | unless } <condition>]", """
                    Who may see the page and use its form: the first line that holds decides. deny answers 403, auth asks for a user and a
                    password, and should stand behind 'unless { http_auth(USERLIST) }'. Not beside stats auth and stats realm.""",
                    StatsKeywords::access).ignoredElsewhere());

    /** Reads what stands behind the keyword. */
    @FunctionalInterface
    private interface Reader {
        UnaryOperator<StatsSpec> read(Arguments arguments);
    }

    private StatsKeywords() { }

    private static Directive<ProxyDraft> row(String keyword, String syntax, String doc, Reader reader) {
        return Directive.<ProxyDraft>of(keyword, PROXIES, syntax, doc, (arguments, draft) -> {
            UnaryOperator<StatsSpec> change = reader.read(arguments);
            arguments.end();
            change(draft, arguments, change);
        }).ignoredElsewhere();
    }

    private static void change(ProxyDraft draft, Arguments arguments, UnaryOperator<StatsSpec> change) {
        StatsSpec before = draft.settings().find(ProxySettings.STATS).map(s -> s.value()).orElse(StatsSpec.DEFAULT);
        draft.settings().put(ProxySettings.STATS, change.apply(before), arguments.location());
    }

    private static void access(Arguments arguments, ProxyDraft draft) {
        String word = arguments.oneOf("allow, deny or auth", List.of("allow", "deny", "auth"));
        Optional<String> realm = word.equals("auth") && arguments.skip("realm") ? Optional.of(arguments.next("a realm", REALM)) : Optional.empty();
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        arguments.end();
        change(draft, arguments, spec -> spec);
        draft.rules().add(new RuleDraft(arguments.keyword(), RuleSet.STATS_ACCESS,
                new StatsAccess(StatsAccess.Kind.valueOf(word.toUpperCase(Locale.ROOT)), realm), condition));
    }

    private static void admin(Arguments arguments, ProxyDraft draft) {
        RuleKeywords.refuseInAnonymousDefaults(arguments, draft);
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        if (condition.isEmpty()) {
            throw arguments.missing("if or unless and a condition");
        }
        arguments.end();
        change(draft, arguments, spec -> spec);
        draft.rules().add(new RuleDraft(arguments.keyword(), RuleSet.STATS_ADMIN, new StatsAdmin(), condition));
    }
}
