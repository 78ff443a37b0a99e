package net.lbd.health.check;

import java.util.OptionalInt;
import net.lbd.health.http.HttpCheckResponse;

/**
 * {@code http-check expect}: reads on in the response until its rule can be decided. Several of them behind
 * one request share the response, so each sees all of it.
 */
final class HttpExpectStep implements Step {

    private final HttpCheckResponse response;
    private final HttpRule.Judge judge;
    private final HttpRule rule;

    HttpExpectStep(HttpCheckResponse response, HttpRule rule) {
        this.response = response;
        this.rule = rule;
        this.judge = rule.newJudge();
    }

    @Override
    public Outcome advance(Wire wire) {
        response.read(wire.received());
        if (wire.ended()) {
            response.end();
        }
        if (!response.headComplete()) {
            return response.malformed() ? Outcome.fail(CheckStatus.L7RSP, "") : Outcome.WAIT;
        }
        return switch (judge.judge(response)) {
            case UNDECIDED -> Outcome.WAIT;
            case ACCEPTED -> new Outcome.Next(CheckStatus.L7OK, OptionalInt.of(response.status()), "");
            case BROKEN -> Outcome.fail(CheckStatus.L7RSP, "");
            case WRONG_STATUS -> new Outcome.Fail(
                    CheckStatus.L7STS, OptionalInt.of(response.status()), commented(response.reason()));
            case NO_BODY -> content("HTTP content check could not find a response body");
            case NOT_FOUND -> content("HTTP content check did not match");
            case UNWANTED -> content("HTTP check matched unwanted content");
            case GAVE_UP -> content("HTTP content check gave up: the regular expression needs too many steps");
        };
    }

    private Outcome content(String info) {
        return Outcome.fail(CheckStatus.L7RSP, commented(info));
    }

    private String commented(String info) {
        return rule.comment().map(comment -> info + " comment: " + comment).orElse(info);
    }
}
