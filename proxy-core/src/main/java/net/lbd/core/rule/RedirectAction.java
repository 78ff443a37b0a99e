package net.lbd.core.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.lbd.config.keyword.rule.HttpActionKeywords.Redirect;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * {@code redirect}: answers with a {@code Location}. Headers and their order are HAProxy 2.6's:
 * Location; {@code Cache-Control: no-cache} unless the move is permanent (301, 308); Set-Cookie.
 * Immutable. Source: HAProxy manual, "redirect".
 */
final class RedirectAction implements Action {

    private static final byte[] LOCATION = Ascii.bytes("Location");
    private static final LocalReply.Header NO_CACHE =
            new LocalReply.Header(Ascii.bytes("Cache-Control"), Ascii.bytes("no-cache"));
    private static final byte[] SET_COOKIE = Ascii.bytes("Set-Cookie");
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] AUTHORITY = Ascii.bytes("://");
    private static final byte[] NO_BODY = {};

    private final Redirect spec;
    private final LogFormat target;
    private final boolean bareSlash;
    private final byte[] cookie;

    RedirectAction(Redirect spec, RuntimeNames names) {
        this.spec = spec;
        this.target = LogFormat.compile(spec.target(), LogFormat.Use.VALUE, names);
        this.bareSlash = spec.target().asLiteral().filter("/"::equals).isPresent();
        this.cookie = ConfiguredText.bytes(spec.setCookie());
    }

    @Override
    public Verdict apply(Stream stream) {
        Scratch scratch = stream.worker().scratch();
        ByteSink location = scratch.takeSink();
        boolean skipped = !write(stream, location);
        byte[] value = Arrays.copyOf(location.bytes(), location.length());
        scratch.giveSink(location);
        return skipped ? Verdict.CONTINUE : new Verdict.Reply(reply(value));
    }

    /** @return false if there is nothing to redirect to and {@code ignore-empty} says to go on then */
    private boolean write(Stream stream, ByteSink location) {
        switch (spec.kind()) {
            case LOCATION -> {
                target.render(stream, location);
                return location.length() > 0 || !spec.ignoreEmpty();
            }
            case PREFIX -> {
                // A prefix of one slash stands for none: the same address, perhaps with a cookie.
                if (!bareSlash) {
                    target.render(stream, location);
                }
                writePath(stream.request(), location);
            }
            case SCHEME -> {
                target.render(stream, location);
                location.put(AUTHORITY);
                HttpMessage request = stream.request();
                int host = request.find(HOST, 0);
                if (host >= 0) {
                    location.put(request.bytes(), request.valueOffset(host), request.valueLength(host));
                }
                writePath(request, location);
            }
        }
        return true;
    }

    private void writePath(HttpMessage request, ByteSink location) {
        int length = !request.hasPath() ? 0 : spec.dropQuery() ? request.pathLength() : request.pathAndQueryLength();
        if (length == 0) {
            location.put((byte) '/');
            return;
        }
        location.put(request.bytes(), request.pathOffset(), length);
        if (spec.appendSlash() && location.bytes()[location.length() - 1] != '/') {
            location.put((byte) '/');
        }
    }

    private LocalReply reply(byte[] location) {
        List<LocalReply.Header> headers = new ArrayList<>(3);
        headers.add(new LocalReply.Header(LOCATION, location));
        if (spec.code() != 301 && spec.code() != 308) {
            headers.add(NO_CACHE);
        }
        if (cookie.length > 0) {
            headers.add(new LocalReply.Header(SET_COOKIE, cookie));
        }
        return new LocalReply(spec.code(), headers, NO_BODY, true);
    }
}
