package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.core.http.HttpOptions;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.OddNames;
import net.lbd.core.listen.FrontendRules;

/** {@code monitor-uri}, then the {@code tcp-request content} and {@code http-request} rules of the frontend, then its {@code redirect} lines. */
final class FrontendRequestRules implements Phase {

    static final Verdict FORBIDDEN = new Verdict.Deny(403);

    @Override
    public Verdict run(HttpStream stream) {
        FrontendRules rules = stream.frontend().rules();
        Verdict verdict = stream.isWaitingIn(rules.httpRequest()) ? Verdict.CONTINUE : before(stream, rules);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        verdict = rules.httpRequest().evaluate(stream);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        return OddNames.allow(stream.request(), stream.frontend().policy().http().oddNames())
                ? rules.redirect().evaluate(stream) : FORBIDDEN;
    }

    /** {@code option http-buffer-request}: whether the body is there, or nobody asks for it. */
    static boolean isBuffered(HttpStream stream, HttpOptions options) {
        return !options.bufferRequest() || isBuffered(stream);
    }

    static boolean isBuffered(HttpStream stream) {
        return stream.awaitRequestBody(0, stream.frontend().policy().httpRequestTimeoutMillis());
    }

    /** What comes before the http-request rules, and is not done again when one of those has waited. */
    private static Verdict before(HttpStream stream, FrontendRules rules) {
        if (!isBuffered(stream, stream.frontend().policy().http())) {
            return Verdict.YIELD;
        }
        if (rules.monitor().isPresent()) {
            Optional<LocalReply> answer = rules.monitor().get().answer(stream);
            if (answer.isPresent()) {
                stream.setLogLevel(Stream.UNLOGGED);
                stream.frontend().counters().intercepted.increment();
                return new Verdict.Reply(answer.get());
            }
        }
        Verdict verdict = LoginCheck.run(stream, rules.logins());
        if (verdict != Verdict.CONTINUE) {
            return verdict;
        }
        return stream.isContentInspected() ? Verdict.CONTINUE : ContentInspection.run(stream, rules.tcpContent(), stream.frontend().policy().inspectDelayMillis());
    }
}
