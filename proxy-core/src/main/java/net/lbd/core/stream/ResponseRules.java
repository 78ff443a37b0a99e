package net.lbd.core.stream;

import net.lbd.core.http.CacheCheck;
import net.lbd.core.rule.RuleList;

/** The {@code http-response} rules of the backend, then of the frontend; then {@code http-after-response} of both. */
final class ResponseRules {

    private static final Verdict UNCACHEABLE = new Verdict.Deny(502);

    private ResponseRules() { }

    /** Whether the response goes on to the client; if not, the client has been answered otherwise. */
    static boolean allow(HttpStream stream) {
        stream.variables().clear("req.");
        // A listen section is backend and frontend at once: its rules are looked at once.
        boolean apart = !stream.backend().isOf(stream.frontend());
        return (!apart || pass(stream, stream.backend().rules().httpResponse()))
                && pass(stream, stream.frontend().rules().httpResponse())
                && cookies(stream)
                && (!stream.backend().policy().http().checkCache() || pass(stream, cacheable(stream)))
                && (!apart || pass(stream, stream.backend().rules().afterResponse()))
                && pass(stream, stream.frontend().rules().afterResponse());
    }

    /** Behind the rules that deny, before those that see every response. The log keeps what the server set, not what we do. */
    private static boolean cookies(HttpStream stream) {
        stream.cookieCaptures().takeResponse(stream.response());
        stream.setCookie();
        return true;
    }

    private static Verdict cacheable(HttpStream stream) {
        if (!CacheCheck.isDangerous(stream.request(), stream.response())) {
            return Verdict.CONTINUE;
        }
        stream.backend().messages().ifPresent(messages -> messages.alert("Blocking cacheable cookie in response from instance "
                + stream.backend().name() + ", server " + stream.server().name() + "."));
        return UNCACHEABLE;
    }

    private static boolean pass(HttpStream stream, RuleList rules) {
        return rules.isEmpty() || pass(stream, rules.evaluate(stream));
    }

    private static boolean pass(HttpStream stream, Verdict verdict) {
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            return true;
        }
        // The log tells no response time of a response that was not passed on.
        stream.clock().responseHead = StreamClock.NEVER;
        if (!(verdict instanceof Verdict.Reply)) {
            stream.backend().counters().deniedResponses.increment();
            stream.server().state().counters().deniedResponses.increment();
            stream.termination().set(Termination.Cause.DENIED, Termination.Stage.HEADERS);
        }
        LocalAnswer.give(stream, verdict, Termination.Stage.HEADERS);
        return false;
    }
}
