package net.lbd.health.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.CheckStep.HttpExpect;
import net.lbd.config.model.PatternSpec;
import net.lbd.health.http.BoundedPattern;
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
        Verdict judge(HttpCheckResponse response);
    }

    /** What {@code option httpchk} expects if nothing else is said: HAProxy manual, "http-check expect". */
    static final HttpRule TWO_OR_THREE_HUNDRED =
            status(false, List.of(new PatternSpec.Range(200, 399)), Optional.empty());

    /** Looks that all searches in an unfinished body may need together; see {@link #regexJudge}. */
    private static final long EARLY_STEPS = 2 * BoundedPattern.DEFAULT_STEP_LIMIT;

    private final boolean looksAtBody;
    private final Optional<String> comment;
    private final Supplier<Judge> judges;

    private HttpRule(boolean looksAtBody, Optional<String> comment, Supplier<Judge> judges) {
        this.looksAtBody = looksAtBody;
        this.comment = comment;
        this.judges = judges;
    }

    /** @throws java.util.regex.PatternSyntaxException if its pattern does not compile */
    static HttpRule of(HttpExpect expect) {
        boolean negated = expect.negated();
        return switch (expect.match()) {
            case STATUS -> status(negated, expect.statuses(), expect.description());
            case RSTATUS -> {
                BoundedPattern pattern = BoundedPattern.compile(expect.pattern());
                yield new HttpRule(false, expect.description(), () -> response -> statusMatches(pattern, negated, response));
            }
            case STRING -> {
                byte[] wanted = expect.pattern().getBytes(StandardCharsets.UTF_8);
                yield new HttpRule(true, expect.description(), () -> textJudge(wanted, negated));
            }
            case RSTRING -> {
                BoundedPattern pattern = BoundedPattern.compile(expect.pattern());
                yield new HttpRule(true, expect.description(), () -> regexJudge(pattern, negated));
            }
        };
    }

    private static HttpRule status(boolean negated, List<PatternSpec.Range> ranges, Optional<String> comment) {
        return new HttpRule(false, comment, () -> response -> {
            boolean in = ranges.stream().anyMatch(r -> r.from() <= response.status() && response.status() <= r.to());
            return in == negated ? Verdict.WRONG_STATUS : Verdict.ACCEPTED;
        });
    }

    Judge newJudge() {
        return judges.get();
    }

    /** The body has to be kept for it. */
    boolean looksAtBody() {
        return looksAtBody;
    }

    Optional<String> comment() {
        return comment;
    }

    private static Verdict statusMatches(BoundedPattern pattern, boolean negated, HttpCheckResponse response) {
        byte[] status = Integer.toString(response.status()).getBytes(StandardCharsets.US_ASCII);
        return switch (pattern.find(status, status.length, BoundedPattern.DEFAULT_STEP_LIMIT).outcome()) {
            case FOUND -> negated ? Verdict.WRONG_STATUS : Verdict.ACCEPTED;
            case ABSENT -> negated ? Verdict.ACCEPTED : Verdict.WRONG_STATUS;
            case GAVE_UP -> Verdict.GAVE_UP;
        };
    }

    private static Judge textJudge(byte[] wanted, boolean negated) {
        return new Judge() {
            private int searched;

            @Override
            public Verdict judge(HttpCheckResponse response) {
                // What was searched before can only hold the beginning of a match.
                int at = indexOf(response.body(), response.bodyLength(), wanted, searched);
                searched = Math.max(0, response.bodyLength() - wanted.length + 1);
                return decide(at >= 0 && response.bodyLength() > 0, negated, response);
            }
        };
    }

    /**
     * A pattern is tried on every arrival, because the server may keep the connection open behind what is
     * looked for. So that a body that trickles in byte by byte does not cost the square of its length, these early
     * tries share one allowance; when it is used up, the rule waits for the end of the body and tries once more.
     */
    private static Judge regexJudge(BoundedPattern pattern, boolean negated) {
        return new Judge() {
            private long early = EARLY_STEPS;
            private int tried;

            @Override
            public Verdict judge(HttpCheckResponse response) {
                boolean last = response.bodyFinal();
                if (!last && (early <= 0 || response.bodyLength() == tried)) {
                    return Verdict.UNDECIDED;
                }
                tried = response.bodyLength();
                if (tried == 0) {
                    return decide(false, negated, response);
                }
                long limit = last ? BoundedPattern.DEFAULT_STEP_LIMIT : Math.min(early, BoundedPattern.DEFAULT_STEP_LIMIT);
                BoundedPattern.Search search = pattern.find(response.body(), tried, limit);
                if (!last) {
                    early -= search.steps();
                }
                if (search.outcome() == BoundedPattern.Outcome.GAVE_UP) {
                    return last ? Verdict.GAVE_UP : Verdict.UNDECIDED;
                }
                return decide(search.outcome() == BoundedPattern.Outcome.FOUND, negated, response);
            }
        };
    }

    /** A match decides at once, either way; that there is none is known only at the end. */
    private static Verdict decide(boolean found, boolean negated, HttpCheckResponse response) {
        if (found) {
            return negated ? Verdict.UNWANTED : Verdict.ACCEPTED;
        }
        if (response.malformed()) {
            return Verdict.BROKEN;
        }
        if (!response.bodyFinal()) {
            return Verdict.UNDECIDED;
        }
        if (response.bodyLength() == 0) {
            return Verdict.NO_BODY;
        }
        return negated ? Verdict.ACCEPTED : Verdict.NOT_FOUND;
    }

    private static int indexOf(byte[] text, int length, byte[] wanted, int from) {
        for (int at = from; at <= length - wanted.length; at++) {
            int i = 0;
            while (i < wanted.length && text[at + i] == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
