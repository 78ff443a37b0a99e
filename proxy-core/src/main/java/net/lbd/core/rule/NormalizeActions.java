package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.NormalizeKeywords.NormalizeUri;
import net.lbd.config.keyword.rule.NormalizeKeywords.Normalizer;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Verdict;

/** {@code http-request normalize-uri}. Source: HAProxy manual, "http-request normalize-uri". */
final class NormalizeActions {

    private static final Verdict BAD = new Verdict.Deny(400);

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(NormalizeUri.class, (action, set, names) -> stream -> {
                HttpMessage request = stream.request();
                if (!request.hasPath()) {
                    return Verdict.CONTINUE;
                }
                ByteSink out = stream.worker().scratch().takeSink();
                out.put(request.bytes(), request.targetOffset(), request.pathOffset() - request.targetOffset());
                boolean good = normalize(action.normalizer(), action.thorough(), request, out);
                if (good) {
                    request.setTarget(out.bytes(), 0, out.length());
                }
                stream.worker().scratch().giveSink(out);
                return good ? Verdict.CONTINUE : BAD;
            }));

    private NormalizeActions() { }

    private static boolean normalize(Normalizer normalizer, boolean thorough, HttpMessage request, ByteSink out) {
        byte[] bytes = request.bytes();
        int path = request.pathOffset();
        int pathEnd = path + request.pathLength();
        int end = path + request.pathAndQueryLength();
        switch (normalizer) {
            case PERCENT_DECODE_UNRESERVED -> {
                return UriNormalizer.decodeUnreserved(bytes, path, end, thorough, out);
            }
            case PERCENT_TO_UPPERCASE -> {
                return UriNormalizer.upperCaseEscapes(bytes, path, end, thorough, out);
            }
            case FRAGMENT_ENCODE -> UriNormalizer.encodeFragment(bytes, path, end, out);
            case FRAGMENT_STRIP -> UriNormalizer.stripFragment(bytes, path, end, out);
            case QUERY_SORT_BY_NAME -> {
                out.put(bytes, path, pathEnd - path);
                UriNormalizer.sortQuery(bytes, pathEnd, end, out);
            }
            case PATH_MERGE_SLASHES, PATH_STRIP_DOT, PATH_STRIP_DOTDOT -> {
                switch (normalizer) {
                    case PATH_MERGE_SLASHES -> UriNormalizer.mergeSlashes(bytes, path, pathEnd, out);
                    case PATH_STRIP_DOT -> UriNormalizer.stripDot(bytes, path, pathEnd, out);
                    default -> UriNormalizer.stripDotDot(bytes, path, pathEnd, thorough, out);
                }
                out.put(bytes, pathEnd, end - pathEnd);
            }
        }
        return true;
    }
}
