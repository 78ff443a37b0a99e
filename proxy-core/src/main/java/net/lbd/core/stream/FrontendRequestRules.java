package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.OddNames;
import net.lbd.core.listen.FrontendRules;

/** {@code monitor-uri}, then the {@code tcp-request content} and {@code http-request} rules of the frontend, then its {@code redirect} lines. */
final class FrontendRequestRules implements Phase {

    static final Verdict FORBIDDEN = new Verdict.Deny(403);

    @Override
    public Verdict run(HttpStream stream) {
        FrontendRules rules = stream.frontend().rules();
        if (rules.monitor().isPresent()) {
            Optional<LocalReply> answer = rules.monitor().get().answer(stream);
            if (answer.isPresent()) {
                stream.setLogLevel(Stream.UNLOGGED);
                return new Verdict.Reply(answer.get());
            }
        }
        Verdict verdict = LoginCheck.run(stream, rules.logins());
        if (verdict != Verdict.CONTINUE) {
            return verdict;
        }
        verdict = ContentInspection.run(stream, rules.tcpContent(), stream.frontend().policy().inspectDelayMillis());
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        verdict = rules.httpRequest().evaluate(stream);
        if (!OddNames.allow(stream.request(), stream.frontend().policy().http().oddNames())) {
            return verdict == Verdict.CONTINUE || verdict == Verdict.STOP ? FORBIDDEN : verdict;
        }
        return verdict == Verdict.CONTINUE || verdict == Verdict.STOP ? rules.redirect().evaluate(stream) : verdict;
    }
}
