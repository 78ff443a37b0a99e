package net.lbd.core.stream;

import net.lbd.core.http.HttpMessage;
import net.lbd.core.rule.RuleList;

/**
 * The {@code tcp-request content} rules of an HTTP exchange: they see its head, which is there already, so that
 * only time is left to wait for ({@code WAIT_END}). Stateless.
 */
final class ContentInspection {

    private ContentInspection() { }

    /** Called anew for a stream that has waited. */
    static Verdict run(HttpStream stream, RuleList rules, long delayMillis) {
        if (rules.isEmpty()) {
            return Verdict.CONTINUE;
        }
        Inspection inspection = stream.inspection();
        if (inspection.length() == 0) {
            HttpMessage request = stream.request();
            inspection.show(request.bytes(), request.startLineOffset(), request.receivedLength());
            inspection.setMayGrow(delayMillis > 0);
        }
        Verdict verdict = rules.evaluateContent(stream);
        if (verdict == Verdict.YIELD) {
            if (!stream.isResolving()) {
                stream.waitForContent(delayMillis);
            }
        } else {
            inspection.forget();
        }
        return verdict;
    }
}
