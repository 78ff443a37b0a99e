package net.lbd.core.rule;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * {@code monitor-uri}: a target that is answered before any rule, so that a monitor sees whether the
 * proxy lives. Immutable. Source: HAProxy manual, "monitor-uri", "monitor fail".
 *
 * @param uri path and query
 * @param fail rules that answer with an error where they hold
 */
public record Monitor(byte[] uri, RuleList fail) {

    public Monitor {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(fail, "fail");
    }

    /** The answer, if the request is a monitor's; it is not to be logged then. */
    public Optional<LocalReply> answer(Stream stream) {
        HttpMessage request = stream.request();
        if (!request.hasPath() || request.pathAndQueryLength() != uri.length
                || !Arrays.equals(request.bytes(), request.pathOffset(), request.pathOffset() + uri.length, uri, 0, uri.length)) {
            return Optional.empty();
        }
        int status = fail.evaluate(stream) == Verdict.CONTINUE ? 200 : 503;
        return Optional.of(ErrorPages.reply(stream, status));
    }
}
