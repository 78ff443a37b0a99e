package net.lbd.core.stream;

import net.lbd.core.listen.FrontendRules;

/** The {@code tcp-request content} and {@code http-request} rules of the frontend, then its {@code redirect} lines. */
final class FrontendRequestRules implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        FrontendRules rules = stream.frontend().rules();
        Verdict verdict = rules.tcpContent().evaluate(stream);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        verdict = rules.httpRequest().evaluate(stream);
        return verdict == Verdict.CONTINUE || verdict == Verdict.STOP ? rules.redirect().evaluate(stream) : verdict;
    }
}
