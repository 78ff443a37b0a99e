package net.lbd.core.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.ReplySpec;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;

/**
 * An answer as a rule or an {@code http-error} line describes it, ready to be made for a stream. What is
 * the same for every stream is made once. Immutable. Source: HAProxy manual, "http-request return".
 */
public final class ReplyTemplate {

    private static final byte[] CONTENT_TYPE = Ascii.bytes("Content-Type");
    private static final byte[] NO_BODY = {};

    private final int status;
    private final Content content;

    /** Makes the answer, but for the proxy's own page. */
    private sealed interface Content { }

    private record Fixed(LocalReply reply) implements Content { }

    private record Made(List<Header> headers, List<LocalReply.Header> type, LogFormat body) implements Content { }

    private record ProxyPage() implements Content { }

    private record Header(byte[] name, LogFormat value) { }

    private ReplyTemplate(int status, Content content) {
        this.status = status;
        this.content = content;
    }

    static ReplyTemplate compile(ReplySpec spec, RuntimeNames names) {
        return new ReplyTemplate(spec.status(), content(spec, names));
    }

    private static Content content(ReplySpec spec, RuntimeNames names) {
        if (spec.content() instanceof ReplySpec.Page page) {
            return new Fixed(page(page.page()));
        }
        if (spec.content() instanceof ReplySpec.PageOf section) {
            ErrorPageSpec page = names.shared().httpErrors().getOrDefault(section.section(), Map.of()).get(spec.status());
            return page == null ? new ProxyPage() : new Fixed(page(page));
        }
        if (spec.content() instanceof ReplySpec.DefaultPage) {
            return new ProxyPage();
        }
        List<Header> headers = spec.headers().stream().map(h -> new Header(Ascii.bytes(h.name()),
                LogFormat.compile(h.value(), LogFormat.Use.VALUE, names))).toList();
        List<LocalReply.Header> type = new ArrayList<>();
        byte[] fixedBody = NO_BODY;
        if (spec.content() instanceof ReplySpec.Made made) {
            type.add(contentType(made.contentType()));
            return new Made(headers, type, LogFormat.compile(made.body(), LogFormat.Use.VALUE, names));
        }
        if (spec.content() instanceof ReplySpec.Fixed fixed) {
            type.add(contentType(fixed.contentType()));
            fixedBody = fixed.body().getBytes(StandardCharsets.ISO_8859_1);
        }
        if (headers.isEmpty()) {
            return new Fixed(new LocalReply(spec.status(), type, fixedBody, true));
        }
        return new Made(headers, type, LogFormat.fixed(fixedBody));
    }

    private static LocalReply.Header contentType(String type) {
        return new LocalReply.Header(CONTENT_TYPE, Ascii.bytes(type));
    }

    private static LocalReply page(ErrorPageSpec page) {
        if (page.silent()) {
            return LocalReply.SILENCE;
        }
        return new LocalReply(page.status(), Ascii.bytes(page.reason()),
                page.headers().stream().map(h -> new LocalReply.Header(Ascii.bytes(h.name()), Ascii.bytes(h.value()))).toList(),
                page.body().getBytes(StandardCharsets.ISO_8859_1), !page.close());
    }

    /** What is logged, whatever the page says. */
    int status() {
        return status;
    }

    LocalReply make(Stream stream) {
        return content instanceof ProxyPage ? ErrorPages.reply(stream, status) : makeAsPage(stream);
    }

    /** As {@link #make}, as the page of a proxy itself: behind it there are only the built-in ones. */
    LocalReply makeAsPage(Stream stream) {
        if (content instanceof Fixed fixed) {
            return fixed.reply;
        }
        if (content instanceof Made made) {
            return render(made, stream);
        }
        return ReplyWriter.error(status, true);
    }

    private LocalReply render(Made made, Stream stream) {
        Scratch scratch = stream.worker().scratch();
        ByteSink sink = scratch.takeSink();
        List<LocalReply.Header> headers = new ArrayList<>(made.headers.size() + 1);
        for (Header header : made.headers) {
            header.value.render(stream, sink);
            headers.add(new LocalReply.Header(header.name, line(sink)));
            sink.clear();
        }
        headers.addAll(made.type);
        made.body.render(stream, sink);
        byte[] body = Arrays.copyOf(sink.bytes(), sink.length());
        scratch.giveSink(sink);
        return new LocalReply(status, headers, body, true);
    }

    /** Bytes that would end the header's line are blanks. */
    private static byte[] line(ByteSink sink) {
        byte[] line = Arrays.copyOf(sink.bytes(), sink.length());
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\r' || line[i] == '\n' || line[i] == 0) {
                line[i] = ' ';
            }
        }
        return Objects.requireNonNull(line, "line");
    }
}
