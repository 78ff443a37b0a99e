package net.lbd.config.model;

import java.util.List;
import java.util.Objects;

/**
 * An answer that the proxy makes itself: of {@code http-request return}, {@code deny} and {@code
 * tarpit}, and of {@code http-error}. Immutable. Source: HAProxy manual, "http-request return".
 *
 * @param status what is logged, and sent unless a page brings its own
 * @param headers the {@code hdr} parameters
 */
public record ReplySpec(int status, Content content, List<Header> headers) {

    /** A header whose value is made for each answer. */
    public record Header(String name, LogFormatSpec value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** What the answer holds. */
    public sealed interface Content { }

    /** No body. */
    public record Empty() implements Content { }

    /** {@code string} and {@code file}: one character for each byte. */
    public record Fixed(String contentType, String body) implements Content {
        public Fixed {
            Objects.requireNonNull(contentType, "contentType");
            Objects.requireNonNull(body, "body");
        }
    }

    /** {@code lf-string} and {@code lf-file}. */
    public record Made(String contentType, LogFormatSpec body) implements Content {
        public Made {
            Objects.requireNonNull(contentType, "contentType");
            Objects.requireNonNull(body, "body");
        }
    }

    /** {@code errorfile}, and {@code errorloc} of proxies. */
    public record Page(ErrorPageSpec page) implements Content {
        public Page {
            Objects.requireNonNull(page, "page");
        }
    }

    /** {@code errorfiles}: the page for the status in an {@code http-errors} section. */
    public record PageOf(String section) implements Content {
        public PageOf {
            Objects.requireNonNull(section, "section");
        }
    }

    /** {@code default-errorfiles}: the page that the proxy has for the status. */
    public record DefaultPage() implements Content { }

    public static final Content EMPTY = new Empty();
    public static final Content DEFAULT_PAGE = new DefaultPage();

    public ReplySpec {
        Objects.requireNonNull(content, "content");
        headers = List.copyOf(headers);
    }
}
