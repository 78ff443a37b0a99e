package net.lbd.core.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.model.StatsSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.RuntimeNames;

/**
 * Turns the rules of a proxy into what runs. Used by one thread while a configuration is compiled; what
 * it makes may be used once the names are bound.
 */
public final class RuleCompiler {

    private static final Map<Class<? extends ActionSpec>, ActionCompiler<?>> ACTIONS = table(
            Stream.of(HttpActions.ROWS, ReplyActions.ROWS, ServiceActions.ROWS, HeaderActions.ROWS, TcpActions.ROWS,
                    VariableActions.ROWS, RewriteActions.ROWS, StreamActions.ROWS, MapActions.ROWS, NormalizeActions.ROWS, BodyActions.ROWS, ResolveActions.ROWS, StickActions.ROWS, BandwidthActions.ROWS, CacheActions.ROWS,
                    ServerRules.ROWS));

    private final RuntimeNames names;

    /** @param names as seen from the proxy whose rules are compiled: {@link RuntimeNames#within} */
    public RuleCompiler(RuntimeNames names) {
        this.names = Objects.requireNonNull(names, "names");
    }

    /** The kinds of action that this version carries out. */
    public static Set<Class<? extends ActionSpec>> actions() {
        return ACTIONS.keySet();
    }

    private static Map<Class<? extends ActionSpec>, ActionCompiler<?>> table(
            Stream<List<ActionCompiler<?>>> families) {
        Map<Class<? extends ActionSpec>, ActionCompiler<?>> table = new LinkedHashMap<>();
        families.flatMap(List::stream).forEach(row -> {
            if (table.put(row.type(), row) != null) {
                throw new IllegalStateException("two rows for " + row.type());
            }
        });
        return table;
    }

    /**
     * The rules of one set, out of all the rules of a proxy.
     *
     * @throws IllegalArgumentException if one uses what this version does not carry out
     */
    public RuleList compile(List<RuleSpec> rules, RuleSet set) {
        List<RuleList.Rule> compiled = rules.stream().filter(rule -> rule.set() == set).map(this::compile).toList();
        return compiled.isEmpty() ? RuleList.EMPTY : new RuleList(compiled);
    }

    /**
     * The {@code redirect} lines of a proxy, and behind them its statistics page.
     *
     * @param page where it has been asked for
     * @param bodyMillis how long a client may take to send the page's form
     */
    public RuleList redirects(List<RuleSpec> rules, Optional<StatsSpec> page, SourceLocation location, String proxy, long bodyMillis) {
        if (page.isEmpty()) {
            return compile(rules, RuleSet.REDIRECT);
        }
        List<RuleList.Rule> compiled = new ArrayList<>(rules.stream().filter(rule -> rule.set() == RuleSet.REDIRECT).map(this::compile).toList());
        Action challenge = ReplyActions.challenge(page.get().realm().orElse(StatsAction.REALM));
        compiled.add(new RuleList.Rule(location, Condition.ALWAYS, new StatsAction(page.get(), proxy, challenge,
                compile(rules, RuleSet.STATS_ACCESS), compile(rules, RuleSet.STATS_ADMIN), names.process().reports(), bodyMillis)));
        return new RuleList(compiled);
    }

    private RuleList.Rule compile(RuleSpec rule) {
        ActionCompiler<?> row = ACTIONS.get(rule.action().getClass());
        if (row == null) {
            throw new IllegalArgumentException(rule.location() + ": action '"
                    + rule.action().getClass().getSimpleName() + "' is not supported yet");
        }
        return new RuleList.Rule(rule.location(), Conditions.compile(rule.condition(), names),
                row.compile(rule.action(), rule.set(), names));
    }

    /** The {@code use_backend} lines and the default of a frontend. */
    public BackendSwitch compile(List<BackendSwitchSpec> lines, Optional<String> defaultBackend) {
        return BackendSwitch.compile(lines, defaultBackend, names);
    }
}
