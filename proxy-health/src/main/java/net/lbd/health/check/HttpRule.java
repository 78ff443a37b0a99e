package net.lbd.health.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.CheckStep.HttpExpect;
import net.lbd.config.model.CheckStep.HttpMatch;
import net.lbd.config.model.PatternSpec;
import net.lbd.health.http.BoundedPattern;
import net.lbd.health.http.Bytes;
import net.lbd.health.http.HttpCheckResponse;

/**
 * A compiled {@code http-check expect}: what it looks at and what it wants. Immutable; its {@link Judge} is
 * made for one run.
 */
final class HttpRule {

    /** What a rule makes of a response so far. */
    enum Verdict { UNDECIDED, ACCEPTED, BROKEN, WRONG_STATUS, NO_BODY, NOT_FOUND, UNWANTED, GAVE_UP }

    /** One rule in one run; asked again after every arrival once the head is complete. */
    interface Judge {
        Verdict judge(HttpCheckResponse response, CheckScope scope);
    }

    /** What {@code option httpchk} expects if nothing else is said: HAProxy manual, "http-check expect". */
    static final HttpRule TWO_OR_THREE_HUNDRED = new HttpRule("status 200-399", Looks.STATUS, ExpectationTexts.PLAIN,
            () -> statusJudge(false, List.of(new PatternSpec.Range(200, 399))));

    /** Looks that all searches in an unfinished body may need together; see {@link #regexJudge}. */
    private static final long EARLY_STEPS = 2 * BoundedPattern.DEFAULT_STEP_LIMIT;

    /** What has to be kept of a response for a rule. */
    private enum Looks { STATUS, HEADERS, BODY }

    private final String description;
    private final Looks looks;
    private final ExpectationTexts texts;
    private final Supplier<Judge> judges;

    private HttpRule(String description, Looks looks, ExpectationTexts texts, Supplier<Judge> judges) {
        this.description = description;
        this.looks = looks;
        this.texts = texts;
        this.judges = judges;
    }

    /** @throws java.util.regex.PatternSyntaxException if its pattern does not compile */
    static HttpRule of(HttpExpect expect, CheckLanguage language, Optional<String> comment) {
        boolean negated = expect.negated();
        ExpectationTexts texts = ExpectationTexts.of(expect.expectation(), language, comment);
        int minimum = texts.minimumBytes();
        return switch (expect.match()) {
            case STATUS -> new HttpRule(describe(expect), Looks.STATUS, texts, () -> statusJudge(negated, expect.statuses()));
            case RSTATUS -> {
                BoundedPattern pattern = BoundedPattern.compile(expect.pattern());
                yield new HttpRule(describe(expect), Looks.STATUS, texts,
                        () -> (response, scope) -> statusMatches(pattern, negated, response));
            }
            case STRING, STRING_LF -> {
                CheckLanguage.Text wanted = language.text(expect.format());
                yield new HttpRule(describe(expect), Looks.BODY, texts, () -> textJudge(wanted, negated, minimum));
            }
            case RSTRING -> {
                BoundedPattern pattern = BoundedPattern.compile(expect.pattern());
                yield new HttpRule(describe(expect), Looks.BODY, texts, () -> regexJudge(pattern, negated, minimum));
            }
            case HDR, FHDR -> {
                HeaderRule header = HeaderRule.of(expect.header().orElseThrow(), expect.match() == HttpMatch.HDR, language);
                yield new HttpRule(describe(expect), Looks.HEADERS, texts, () -> (response, scope) ->
                        header.matches(response.headers(), scope) == negated ? Verdict.WRONG_STATUS : Verdict.ACCEPTED);
            }
        };
    }

    private static String describe(HttpExpect expect) {
        return (expect.negated() ? "! " : "") + expect.match().name().toLowerCase(Locale.ROOT).replace('_', '-') + " "
                + expect.header().map(h -> h.name().text() + h.value().map(v -> ": " + v.text()).orElse("")).orElse(expect.pattern());
    }

    private static Judge statusJudge(boolean negated, List<PatternSpec.Range> ranges) {
        return (response, scope) -> {
            for (PatternSpec.Range range : ranges) {
                if (range.from() <= response.status() && response.status() <= range.to()) {
                    return negated ? Verdict.WRONG_STATUS : Verdict.ACCEPTED;
                }
            }
            return negated ? Verdict.ACCEPTED : Verdict.WRONG_STATUS;
        };
    }

    Judge newJudge() {
        return judges.get();
    }

    /** The body has to be kept for it. */
    boolean looksAtBody() {
        return looks == Looks.BODY;
    }

    /** The headers have to be kept for it: its own match, or an expression, may look at them. */
    boolean looksAtHeaders() {
        return looks == Looks.HEADERS || texts.onSuccess().isPresent() || texts.onError().isPresent() || texts.statusCode().isPresent();
    }

    ExpectationTexts texts() {
        return texts;
    }

    @Override
    public String toString() {
        return description;
    }

    private static Verdict statusMatches(BoundedPattern pattern, boolean negated, HttpCheckResponse response) {
        byte[] status = Integer.toString(response.status()).getBytes(StandardCharsets.US_ASCII);
        return switch (pattern.find(status, status.length, BoundedPattern.DEFAULT_STEP_LIMIT).outcome()) {
            case FOUND -> negated ? Verdict.WRONG_STATUS : Verdict.ACCEPTED;
            case ABSENT -> negated ? Verdict.ACCEPTED : Verdict.WRONG_STATUS;
            case GAVE_UP -> Verdict.GAVE_UP;
        };
    }

    private static Judge textJudge(CheckLanguage.Text text, boolean negated, int minimum) {
        return new Judge() {
            private int searched;

            @Override
            public Verdict judge(HttpCheckResponse response, CheckScope scope) {
                if (isTooShort(response, minimum)) {
                    return Verdict.UNDECIDED;
                }
                // What was searched before can only hold the beginning of a match.
                byte[] wanted = text.render(scope);
                int at = Bytes.indexOf(response.body(), response.bodyLength(), wanted, searched);
                searched = Math.max(0, response.bodyLength() - wanted.length + 1);
                return decide(at >= 0 && response.bodyLength() > 0, negated, response, Math.max(minimum, minimum < 0 ? minimum : wanted.length));
            }
        };
    }

    /**
     * A pattern is tried on every arrival, because the server may keep the connection open behind what is
     * looked for. So that a body that trickles in byte by byte does not cost the square of its length, these early
     * tries share one allowance; when it is used up, the rule waits for the end of the body and tries once more.
     */
    private static Judge regexJudge(BoundedPattern pattern, boolean negated, int minimum) {
        return new Judge() {
            private long early = EARLY_STEPS;
            private int tried;

            @Override
            public Verdict judge(HttpCheckResponse response, CheckScope scope) {
                if (isTooShort(response, minimum)) {
                    return Verdict.UNDECIDED;
                }
                boolean last = response.bodyFinal() || isEnough(response, minimum);
                if (!last && (early <= 0 || response.bodyLength() == tried)) {
                    return Verdict.UNDECIDED;
                }
                tried = response.bodyLength();
                if (tried == 0) {
                    return decide(false, negated, response, minimum);
                }
                long limit = last ? BoundedPattern.DEFAULT_STEP_LIMIT : Math.min(early, BoundedPattern.DEFAULT_STEP_LIMIT);
                BoundedPattern.Search search = pattern.find(response.body(), tried, limit);
                if (!last) {
                    early -= search.steps();
                }
                if (search.outcome() == BoundedPattern.Outcome.GAVE_UP) {
                    return last ? Verdict.GAVE_UP : Verdict.UNDECIDED;
                }
                return decide(search.outcome() == BoundedPattern.Outcome.FOUND, negated, response, minimum);
            }
        };
    }

    /** A match decides at once, either way; that there is none is known only at the end. */
    private static Verdict decide(boolean found, boolean negated, HttpCheckResponse response, int minimum) {
        if (found) {
            return negated ? Verdict.UNWANTED : Verdict.ACCEPTED;
        }
        if (response.malformed()) {
            return Verdict.BROKEN;
        }
        if (!response.bodyFinal() && !isEnough(response, minimum)) {
            return Verdict.UNDECIDED;
        }
        if (response.bodyLength() == 0) {
            return Verdict.NO_BODY;
        }
        return negated ? Verdict.ACCEPTED : Verdict.NOT_FOUND;
    }

    /** {@code min-recv} is not reached, and may be. */
    private static boolean isTooShort(HttpCheckResponse response, int minimum) {
        return !response.bodyFinal() && response.bodyLength() < minimum;
    }

    /** {@code min-recv} makes what has come conclusive. */
    private static boolean isEnough(HttpCheckResponse response, int minimum) {
        return minimum >= 0 && response.bodyLength() > 0 && response.bodyLength() >= minimum;
    }
}
