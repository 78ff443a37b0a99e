package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.http.OddNames;

/** The {@code tcp-request content} and {@code http-request} rules of the backend, then its {@code redirect} lines; {@code option forwardfor} of both sides. */
final class BackendRequestRules implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        boolean buffered = stream.backend().balancer().wantsBody(stream)
                ? FrontendRequestRules.isBuffered(stream) : FrontendRequestRules.isBuffered(stream, stream.backend().policy().http());
        Verdict verdict = !buffered ? Verdict.YIELD
                : stream.backend().isOf(stream.frontend()) ? Verdict.CONTINUE : rules(stream, stream.backend().rules());
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            Compression.prepare(stream);
            addUniqueId(stream);
            ForwardedFor.add(stream);
            ForwardedFor.addOriginalTo(stream);
            if (stream.backend().rules().forwarded().isPresent()) {
                stream.backend().rules().forwarded().get().add(stream);
            }
        } else if (verdict instanceof Verdict.Deny) {
            // The log tells of the cookie of a request that is denied, as HAProxy's does.
            stream.persistentServer();
        }
        return verdict;
    }

    private static void addUniqueId(HttpStream stream) {
        Optional<byte[]> header = stream.frontend().log().formats().uniqueIdHeader();
        if (header.isPresent() && stream.uniqueIdLength() >= 0) {
            stream.request().add(header.get(), stream.uniqueId(), 0, stream.uniqueIdLength());
        }
    }

    private static Verdict rules(HttpStream stream, BackendRules rules) {
        Verdict verdict = stream.isWaitingIn(rules.httpRequest()) ? Verdict.CONTINUE
                : ContentInspection.run(stream, rules.tcpContent(), stream.backend().policy().inspectDelayMillis());
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        verdict = rules.httpRequest().evaluate(stream);
        if (verdict != Verdict.CONTINUE && verdict != Verdict.STOP) {
            return verdict;
        }
        return OddNames.allow(stream.request(), stream.backend().policy().http().oddNames())
                ? rules.redirect().evaluate(stream) : FrontendRequestRules.FORBIDDEN;
    }
}
