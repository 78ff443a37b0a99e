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
    private final CheckRunner.Subject subject;
    private final boolean disableOn404;

    HttpExpectStep(HttpCheckResponse response, HttpRule rule, CheckRunner.Subject subject, boolean disableOn404) {
        this.response = response;
        this.rule = rule;
        this.judge = rule.newJudge();
        this.subject = subject;
        this.disableOn404 = disableOn404;
    }

    @Override
    public Outcome advance(Wire wire) {
        response.read(wire.received());
        if (wire.ended()) {
            response.end();
        }
        if (!response.headComplete()) {
            return response.malformed() ? fail(wire, CheckStatus.L7RSP, "") : Outcome.WAIT;
        }
        OptionalInt code = OptionalInt.of(response.status());
        if (disableOn404 && response.status() == 404 && subject.running().getAsBoolean()) {
            return new Outcome.Next(CheckStatus.L7OKC, code, "");
        }
        wire.scope().show(response);
        return switch (judge.judge(response, wire.scope())) {
            case UNDECIDED -> Outcome.WAIT;
            case ACCEPTED -> rule.texts().passed(wire.scope(), code, "");
            case BROKEN -> Outcome.fail(CheckStatus.L7RSP, "");
            case WRONG_STATUS -> fail(wire, CheckStatus.L7STS, response.reason());
            case NO_BODY -> fail(wire, CheckStatus.L7RSP, "HTTP content check could not find a response body");
            case NOT_FOUND -> fail(wire, CheckStatus.L7RSP, "HTTP content check did not match");
            case UNWANTED -> fail(wire, CheckStatus.L7RSP, "HTTP check matched unwanted content");
            case GAVE_UP -> fail(wire, CheckStatus.L7RSP, "HTTP content check gave up: the regular expression needs too many steps");
        };
    }

    private Outcome fail(Wire wire, CheckStatus status, String info) {
        return response.headComplete()
                ? rule.texts().failed(wire.scope(), status, OptionalInt.of(response.status()), info)
                : Outcome.fail(status, info);
    }

    @Override
    public CheckStatus timeoutStatus() {
        return rule.texts().timeoutStatus();
    }

    @Override
    public String describe() {
        return "expect " + rule;
    }
}
