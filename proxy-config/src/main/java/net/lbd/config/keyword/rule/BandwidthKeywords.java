package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.BandwidthLimitSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Limits of bandwidth: the filters, and the action that applies one. Source: HAProxy manual (2.7 and later), "Bandwidth limitation". */
public final class BandwidthKeywords {

    /**
     * {@code set-bandwidth-limit NAME [limit SIZE] [period TIME]}; each of the two may be an expression, in bytes and milliseconds.
     *
     * @param filter empty until the configuration has been checked
     */
    public record SetBandwidthLimit(Word name, Optional<Long> limitBytes, Optional<SampleSpec> limit, Optional<Duration> period,
            Optional<SampleSpec> periodMillis, Optional<BandwidthLimitSpec> filter) implements ActionSpec {
        public SetBandwidthLimit {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(limitBytes, "limitBytes");
            Objects.requireNonNull(limit, "limit");
            Objects.requireNonNull(period, "period");
            Objects.requireNonNull(periodMillis, "periodMillis");
            Objects.requireNonNull(filter, "filter");
        }

        /** The action with the filter that its name means. */
        public SetBandwidthLimit of(BandwidthLimitSpec found) {
            return new SetBandwidthLimit(name, limitBytes, limit, period, periodMillis, Optional.of(found));
        }

        /** Whether it says anything but the name. */
        public boolean hasOwn() {
            return limitBytes.isPresent() || limit.isPresent() || period.isPresent() || periodMillis.isPresent();
        }
    }

    private static final ArgumentType<Long> LIMIT = Sizes.SIZE;
    private static final Set<Checkpoint> ANY_RULE = Set.of(Checkpoint.FRONTEND_CONTENT, Checkpoint.FRONTEND_REQUEST,
            Checkpoint.BACKEND_CONTENT, Checkpoint.BACKEND_REQUEST);

    static final List<ActionKeyword> HTTP_ROWS = List.of(row(Set.of(HTTP_REQUEST, HTTP_RESPONSE)));
    static final List<ActionKeyword> TCP_ROWS = List.of(row(Set.of(TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT)));

    private BandwidthKeywords() { }

    private static ActionKeyword row(Set<RuleSet> sets) {
        return ActionKeyword.of("set-bandwidth-limit", sets, "<name> [limit { <size> | <expression> }] [period { <time> | <expression> }]", """
                Applies a 'filter bwlim-in' or 'bwlim-out' of this section to the stream from here on; of several limits the strictest
                counts. What is said here goes before the filter's defaults; an expression counts bytes or milliseconds.""",
                BandwidthKeywords::action);
    }

    private static ActionSpec action(ActionContext context) {
        Arguments arguments = context.arguments();
        Word name = arguments.next("the name of a bandwidth limit");
        Optional<Long> limitBytes = Optional.empty();
        Optional<SampleSpec> limit = Optional.empty();
        Optional<Duration> period = Optional.empty();
        Optional<SampleSpec> periodMillis = Optional.empty();
        while (!context.atCondition()) {
            String which = arguments.oneOf("limit or period", List.of("limit", "period"));
            boolean constant = arguments.peek().filter(word -> !word.text().isEmpty() && Character.isDigit(word.text().charAt(0))).isPresent();
            if (which.equals("limit")) {
                limitBytes = constant ? Optional.of(arguments.next("a size", LIMIT)) : Optional.empty();
                limit = constant ? Optional.empty() : Optional.of(context.sample("a size or an expression"));
            } else {
                period = constant ? Optional.of(arguments.next("a time", Durations.POSITIVE_MILLIS)) : Optional.empty();
                periodMillis = constant ? Optional.empty() : Optional.of(context.sample("a time or an expression"));
            }
        }
        return new SetBandwidthLimit(name, limitBytes, limit, period, periodMillis, Optional.empty());
    }

    /** What stands behind {@code filter bwlim-in} or {@code bwlim-out}. */
    public static void filter(Arguments arguments, ProxyDraft draft, boolean ofResponse) {
        Word name = arguments.next("a name");
        if (draft.bandwidthLimits().containsKey(name.text())) {
            throw new StatementException(Code.DUPLICATE, name, draft.title() + " has a bandwidth limit '" + name + "' already");
        }
        Optional<Long> defaultLimit = Optional.empty();
        Optional<Duration> defaultPeriod = Optional.empty();
        Optional<Long> limit = Optional.empty();
        Optional<SampleSpec> key = Optional.empty();
        String table = "";
        int minSize = 0;
        List<String> words = List.of("default-limit", "default-period", "limit", "key", "table", "min-size");
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "default-limit" -> defaultLimit = Optional.of(arguments.next("a size", LIMIT));
                case "default-period" -> defaultPeriod = Optional.of(arguments.next("a time", Durations.POSITIVE_MILLIS));
                case "limit" -> limit = Optional.of(arguments.next("a size", LIMIT));
                case "key" -> {
                    Word text = arguments.next("a key");
                    SampleSpec sample = SampleReader.read(text, SampleReader.Direction.REQUEST, arguments.diagnostics());
                    draft.sampleUses().add(new SampleUse(sample, text, ANY_RULE));
                    key = Optional.of(sample);
                }
                case "table" -> {
                    Word of = arguments.next("the name of a table");
                    table = of.text();
                    draft.nameUses().add(new ProxyDraft.NameUse(ProxyDraft.NameKind.TABLE, of));
                }
                case "min-size" -> minSize = arguments.next("a size", Sizes.upTo(1 << 30));
                default -> throw arguments.unknown(word, "parameter", words);
            }
        }
        boolean shared = limit.isPresent() || key.isPresent() || !table.isEmpty();
        if (shared && (defaultLimit.isPresent() || defaultPeriod.isPresent())) {
            throw new StatementException(Code.BAD_VALUE, name, "'filter bwlim-" + (ofResponse ? "out " : "in ") + name + "': a limit for each"
                    + " stream (default-limit, default-period) and one that streams share (limit, key) exclude each other");
        }
        if (shared && (limit.isEmpty() || key.isEmpty())) {
            throw arguments.missing(limit.isEmpty() ? "'limit' and a size" : "'key' and an expression");
        }
        if (!shared && (defaultLimit.isEmpty() || defaultPeriod.isEmpty())) {
            throw arguments.missing(defaultLimit.isEmpty() ? "'default-limit' and a size" : "'default-period' and a time");
        }
        String of = table;
        Optional<SampleSpec> by = key;
        draft.bandwidthLimits().put(name.text(), new BandwidthLimitSpec(name.text(), ofResponse,
                limit.map(bytes -> new BandwidthLimitSpec.Shared(bytes, by.orElseThrow(), of)), defaultLimit, defaultPeriod, minSize));
    }
}
