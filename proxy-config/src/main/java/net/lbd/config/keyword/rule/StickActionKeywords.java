package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONNECTION;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_SESSION;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.draft.ProxyDraft.NameUse;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The actions on stick-tables. Source: HAProxy manual, "http-request track-sc0", "http-request sc-inc-gpc" and their kin. */
public final class StickActionKeywords {

    /**
     * {@code track-scN KEY [table NAME]}: counts the stream, or the connection, for a key from here on.
     *
     * @param table the proxy or {@code section/table} that holds the table; empty: the rule's own proxy
     */
    public record TrackSc(int counter, SampleSpec key, String table) implements ActionSpec {
        public TrackSc {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(table, "table");
        }
    }

    /**
     * {@code sc-inc-gpc(index,counter)} and {@code sc-add-gpc(index,counter) VALUE}: adds to a counter of the tracked key.
     *
     * @param value empty: {@code amount} is added
     */
    public record ScAddGpc(int index, int counter, long amount, Optional<SampleSpec> value) implements ActionSpec {
        public ScAddGpc {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * {@code sc-set-gpt(index,counter) VALUE}: sets a tag of the tracked key.
     *
     * @param value empty: {@code number} is set
     */
    public record ScSetGpt(int index, int counter, long number, Optional<SampleSpec> value) implements ActionSpec {
        public ScSetGpt {
            Objects.requireNonNull(value, "value");
        }
    }

    private static final int MOST_COUNTERS = 99;
    private static final Set<RuleSet> HTTP = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> TCP =
            Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);

    static final List<ActionKeyword> HTTP_ROWS = rows(Set.of(HTTP_REQUEST, HTTP_RESPONSE), HTTP);
    static final List<ActionKeyword> TCP_ROWS =
            rows(Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT), TCP);

    private StickActionKeywords() { }

    private static List<ActionKeyword> rows(Set<RuleSet> tracking, Set<RuleSet> all) {
        return List.of(
                ActionKeyword.of("track-sc", tracking, "<key> [table <name>]", """
                        Counts for a key of a stick-table from here on; written track-sc0 and so on. In tcp-request connection and
                        session rules for the whole connection, else for the stream. A counter that tracks already goes on with
                        what it tracks.""",
                        StickActionKeywords::track),
                ActionKeyword.of("sc-add-gpc", all, "{ <number> | <value> }", """
                        Adds to a counter of the tracked key; written sc-add-gpc(index,counter).""",
                        context -> {
                            List<Integer> where = numbers(context, 2, "an index and a counter, as in sc-add-gpc(0,1)");
                            Optional<Long> number = number(context);
                            return new ScAddGpc(where.get(0), where.get(1), number.orElse(0L),
                                    number.isPresent() ? Optional.empty() : Optional.of(context.sample("a number or an expression")));
                        }),
                ActionKeyword.of("sc-inc-gpc", all, "", "Counts a counter of the tracked key up; written sc-inc-gpc(index,counter).",
                        context -> {
                            List<Integer> where = numbers(context, 2, "an index and a counter, as in sc-inc-gpc(0,1)");
                            return new ScAddGpc(where.get(0), where.get(1), 1, Optional.empty());
                        }),
                ActionKeyword.of("sc-inc-gpc0", all, "", "Counts counter 0 of the tracked key up; written sc-inc-gpc0(counter).",
                        context -> new ScAddGpc(0, numbers(context, 1, "a counter, as in sc-inc-gpc0(1)").get(0), 1, Optional.empty())),
                ActionKeyword.of("sc-inc-gpc1", all, "", "Counts counter 1 of the tracked key up; written sc-inc-gpc1(counter).",
                        context -> new ScAddGpc(1, numbers(context, 1, "a counter, as in sc-inc-gpc1(1)").get(0), 1, Optional.empty())),
                ActionKeyword.of("sc-set-gpt", all, "{ <number> | <value> }", """
                        Sets a tag of the tracked key; written sc-set-gpt(index,counter).""",
                        context -> setGpt(context, numbers(context, 2, "an index and a counter, as in sc-set-gpt(0,1)"))),
                ActionKeyword.of("sc-set-gpt0", all, "{ <number> | <value> }", "Sets tag 0 of the tracked key; written sc-set-gpt0(counter).",
                        context -> setGpt(context, List.of(0, numbers(context, 1, "a counter, as in sc-set-gpt0(1)").get(0)))));
    }

    private static TrackSc track(ActionContext context) {
        String number = context.action().text().substring("track-sc".length());
        if (!number.matches("[0-9]{1,2}")) {
            throw new StatementException(Code.BAD_VALUE, context.action(),
                    "'" + context.action() + "' wants the number of a counter, as in track-sc0");
        }
        SampleSpec key = context.sample("a key");
        String table = "";
        if (context.arguments().skip("table")) {
            Word name = context.arguments().next("the name of a table");
            table = name.text();
            context.draft().nameUses().add(new NameUse(NameKind.TABLE, name));
        }
        return new TrackSc(Integer.parseInt(number), key, table);
    }

    private static ScSetGpt setGpt(ActionContext context, List<Integer> where) {
        Optional<Long> number = number(context);
        return new ScSetGpt(where.get(0), where.get(1), number.orElse(0L),
                number.isPresent() ? Optional.empty() : Optional.of(context.sample("a number or an expression")));
    }

    /** The next word if it is a number. */
    private static Optional<Long> number(ActionContext context) {
        Optional<Word> next = context.arguments().peek().filter(w -> Numbers.isNumber(w.text()));
        if (next.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(context.arguments().next("a number", text -> Numbers.read(text, 0, 0xffffffffL)));
    }

    private static List<Integer> numbers(ActionContext context, int count, String what) {
        String[] parts = context.inParentheses(what).split(",", -1);
        if (parts.length != count) {
            throw new StatementException(Code.BAD_VALUE, context.action(), "'" + context.action() + "' wants " + what);
        }
        List<Integer> numbers = new ArrayList<>();
        for (String part : parts) {
            try {
                numbers.add((int) Numbers.read(part, 0, MOST_COUNTERS));
            } catch (ValueException e) {
                throw new StatementException(Code.BAD_VALUE, context.action(), "'" + context.action() + "': " + e.getMessage());
            }
        }
        return numbers;
    }
}
