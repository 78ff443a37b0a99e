package net.lbd.core.stream;

import net.lbd.core.backend.BackendRules;

/** The {@code http-request} rules of the backend, then its {@code redirect} lines; {@code option forwardfor} of both sides. */
final class BackendRequestRules implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        BackendRules rules = stream.backend().rules();
        Verdict verdict = rules.httpRequest().evaluate(stream);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        verdict = rules.redirect().evaluate(stream);
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            ForwardedFor.add(stream);
        }
        return verdict;
    }
}
