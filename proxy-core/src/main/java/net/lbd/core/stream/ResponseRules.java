package net.lbd.core.stream;

import net.lbd.core.http.CacheCheck;
import net.lbd.core.rule.RuleList;

/** The {@code http-response} rules of the backend, then of the frontend; then {@code http-after-response} of both. */
final class ResponseRules {

    private static final Verdict UNCACHEABLE = new Verdict.Deny(502);

    private ResponseRules() { }

    /** What became of a response. */
    enum Outcome {
        /** It goes on to the client. */
        PASSED,
        /** A rule waits: run again when there is more. */
        WAITING,
        /** The client has been answered otherwise. */
        ANSWERED
    }

    private static final int STEPS = 7;

    /** Runs what is left of the rules: all of them if {@link HttpStream#responseStep} is 0. */
    static Outcome run(HttpStream stream) {
        // A listen section is backend and frontend at once: its rules are looked at once.
        boolean apart = !stream.backend().isOf(stream.frontend());
        for (; stream.responseStep < STEPS; stream.responseStep++) {
            Verdict verdict = step(stream, stream.responseStep, apart);
            if (verdict == Verdict.YIELD) {
                return Outcome.WAITING;
            }
            if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
                answer(stream, verdict);
                return Outcome.ANSWERED;
            }
        }
        return Outcome.PASSED;
    }

    private static Verdict step(HttpStream stream, int step, boolean apart) {
        return switch (step) {
            case 0 -> {
                stream.variables().clear("req.");
                yield Verdict.CONTINUE;
            }
            case 1 -> apart ? evaluate(stream, stream.backend().rules().httpResponse()) : Verdict.CONTINUE;
            case 2 -> evaluate(stream, stream.frontend().rules().httpResponse());
            case 3 -> cookies(stream);
            case 4 -> stream.backend().policy().http().checkCache() ? cacheable(stream) : Verdict.CONTINUE;
            case 5 -> apart ? evaluate(stream, stream.backend().rules().afterResponse()) : Verdict.CONTINUE;
            default -> evaluate(stream, stream.frontend().rules().afterResponse());
        };
    }

    /** Behind the rules that deny, before those that see every response. The log keeps what the server set, not what we do. */
    private static Verdict cookies(HttpStream stream) {
        stream.cookieCaptures().takeResponse(stream.response());
        stream.setCookie();
        return Verdict.CONTINUE;
    }

    private static Verdict cacheable(HttpStream stream) {
        if (!CacheCheck.isDangerous(stream.request(), stream.response())) {
            return Verdict.CONTINUE;
        }
        stream.backend().messages().ifPresent(messages -> messages.alert("Blocking cacheable cookie in response from instance "
                + stream.backend().name() + ", server " + stream.server().name() + "."));
        return UNCACHEABLE;
    }

    private static Verdict evaluate(HttpStream stream, RuleList rules) {
        return rules.isEmpty() ? Verdict.CONTINUE : rules.evaluate(stream);
    }

    private static void answer(HttpStream stream, Verdict verdict) {
        // The log tells no response time of a response that was not passed on.
        stream.clock().responseHead = StreamClock.NEVER;
        if (!(verdict instanceof Verdict.Reply)) {
            stream.backend().counters().deniedResponses.increment();
            stream.server().state().counters().deniedResponses.increment();
            stream.termination().set(Termination.Cause.DENIED, Termination.Stage.HEADERS);
        }
        LocalAnswer.give(stream, verdict, Termination.Stage.HEADERS);
    }
}
