package net.lbd.core.rule;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.ErrorReplies;
import net.lbd.config.model.ReplySpec;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stream.Stream;

/**
 * What one proxy answers in place of errors. Immutable; looked at only when there is an error to tell.
 * Source: HAProxy manual, "errorfile".
 */
public final class ErrorPages {

    /** Of a proxy that has the built-in pages only. */
    public static final ErrorPages NONE = new ErrorPages(Map.of());

    private final Map<Integer, ReplyTemplate> byStatus;

    private ErrorPages(Map<Integer, ReplyTemplate> byStatus) {
        this.byStatus = Map.copyOf(byStatus);
    }

    /**
     * Compiles the lines of a proxy.
     *
     * @param names knows the {@code http-errors} sections
     */
    public static ErrorPages compile(ErrorReplies replies, RuntimeNames names) {
        Map<Integer, ReplyTemplate> pages = new HashMap<>();
        for (ErrorReplies.Line line : replies.lines()) {
            if (line instanceof ErrorReplies.One one) {
                pages.put(one.reply().status(), ReplyTemplate.compile(one.reply(), names));
            } else {
                ErrorReplies.Pages section = (ErrorReplies.Pages) line;
                names.shared().httpErrors().getOrDefault(section.section(), Map.of()).forEach((status, page) -> {
                    if (section.statuses().isEmpty() || section.statuses().contains(status)) {
                        pages.put(status, ReplyTemplate.compile(page(status, page), names));
                    }
                });
            }
        }
        return pages.isEmpty() ? NONE : new ErrorPages(pages);
    }

    private static ReplySpec page(int status, ErrorPageSpec page) {
        return new ReplySpec(status, new ReplySpec.Page(page), java.util.List.of());
    }

    /** What a stream's client is told: by the backend, else by the frontend, else in our own words. */
    public static LocalReply reply(Stream stream, int status) {
        Objects.requireNonNull(stream, "stream");
        ReplyTemplate own = stream.backend().rules().errors().byStatus.get(status);
        if (own == null) {
            own = stream.frontend().rules().errors().byStatus.get(status);
        }
        return own != null ? own.makeAsPage(stream) : ReplyWriter.error(status, true);
    }
}
