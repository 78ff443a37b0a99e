package net.lbd.core.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import net.lbd.config.keyword.rule.RewriteActionKeywords;
import net.lbd.config.keyword.rule.RewriteActionKeywords.Part;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteRegex;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * The actions that rewrite a message by pattern, and its start line. The replacement is rendered first and its
 * groups are filled in then. Source: HAProxy manual, "http-request replace-header" and its kin.
 */
final class RewriteActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(RewriteActionKeywords.ReplaceHeader.class, (action, set, names) ->
                    KnownHeader.isOutOfRulesReach(action.name()) ? HeaderActions.NOTHING : new ReplaceHeader(action, set, names)),
            new ActionCompiler<>(RewriteActionKeywords.DelHeaders.class, RewriteActions::delHeaders),
            new ActionCompiler<>(RewriteActionKeywords.SetPart.class, (action, set, names) -> {
                LogFormat value = LogFormat.compile(action.value(), LogFormat.Use.VALUE, names);
                return stream -> {
                    ByteSink sink = stream.worker().scratch().takeSink();
                    value.render(stream, sink);
                    RequestLine.set(stream, action.part(), sink);
                    stream.worker().scratch().giveSink(sink);
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(RewriteActionKeywords.ReplacePart.class, ReplacePart::new),
            new ActionCompiler<>(RewriteActionKeywords.SetStatus.class, (action, set, names) -> {
                byte[] line = Ascii.bytes("HTTP/1.1 " + action.status() + " "
                        + action.reason().orElseGet(() -> ReplyWriter.reason(action.status())));
                return stream -> {
                    stream.response().setStatus(action.status(), line);
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(RewriteActionKeywords.EarlyHint.class, (action, set, names) -> {
                byte[] name = Ascii.bytes(action.name());
                LogFormat value = LogFormat.compile(action.value(), LogFormat.Use.VALUE, names);
                return stream -> {
                    ByteSink sink = stream.worker().scratch().takeSink();
                    value.render(stream, sink);
                    stream.sendEarlyHint(name, sink);
                    stream.worker().scratch().giveSink(sink);
                    return Verdict.CONTINUE;
                };
            }));

    private RewriteActions() { }

    private static Function<Stream, HttpMessage> message(RuleSet set) {
        return set == RuleSet.HTTP_REQUEST ? Stream::request : Stream::response;
    }

    private static Action delHeaders(RewriteActionKeywords.DelHeaders action, RuleSet set, RuntimeNames names) {
        Function<Stream, HttpMessage> message = message(set);
        HeaderNameTest test = HeaderNameTest.of(action);
        return stream -> {
            HttpMessage head = message.apply(stream);
            for (int i = 0; i < head.headerCount(); i++) {
                if (!head.isRemoved(i) && (head.kind(i) & KnownHeader.FRAMING) == 0 && test.matches(stream, head.bytes(), head.nameOffset(i), head.nameLength(i))) {
                    head.remove(i);
                }
            }
            return Verdict.CONTINUE;
        };
    }

    /** Whether the name of a header, in the case in which it came, is to go. */
    private interface HeaderNameTest {

        boolean matches(Stream stream, byte[] bytes, int offset, int length);

        static HeaderNameTest of(RewriteActionKeywords.DelHeaders action) {
            byte[] lower = Ascii.bytes(action.pattern().toLowerCase(Locale.ROOT));
            return switch (action.method()) {
                case BEG -> (stream, bytes, offset, length) ->
                        length >= lower.length && Ascii.equalsIgnoreCase(bytes, offset, lower);
                case END -> (stream, bytes, offset, length) ->
                        length >= lower.length && Ascii.equalsIgnoreCase(bytes, offset + length - lower.length, lower);
                case SUB -> (stream, bytes, offset, length) -> {
                    for (int i = 0; i + lower.length <= length; i++) {
                        if (Ascii.equalsIgnoreCase(bytes, offset + i, lower)) {
                            return true;
                        }
                    }
                    return false;
                };
                case REG -> {
                    ByteRegex regex = ByteRegex.compile(action.pattern(), true);
                    yield (stream, bytes, offset, length) -> regex.find(stream.worker(), bytes, offset, length);
                }
                default -> throw new IllegalArgumentException("method " + action.method());
            };
        }
    }

    /** {@code replace-header} and {@code replace-value}. */
    private static final class ReplaceHeader implements Action {
        private final Function<Stream, HttpMessage> message;
        private final byte[] name;
        private final byte[] lowerName;
        private final Replacement replacement;
        private final boolean eachValue;

        ReplaceHeader(RewriteActionKeywords.ReplaceHeader action, RuleSet set, RuntimeNames names) {
            this.message = message(set);
            this.name = Ascii.bytes(action.name());
            this.lowerName = Ascii.bytes(action.name().toLowerCase(Locale.ROOT));
            this.replacement = new Replacement(action.match(), action.replacement(), names);
            this.eachValue = action.eachValue();
        }

        @Override
        public Verdict apply(Stream stream) {
            HttpMessage head = message.apply(stream);
            int first = head.find(lowerName, 0);
            if (first < 0) {
                return Verdict.CONTINUE;
            }
            ByteSink template = replacement.render(stream);
            List<byte[]> values = new ArrayList<>();
            boolean changed = false;
            for (int i = first; i >= 0; i = head.find(lowerName, i + 1)) {
                ByteSink value = stream.worker().scratch().takeSink();
                changed |= eachValue ? eachValue(stream, head, i, template, value) : wholeValue(stream, head, i, template, value);
                values.add(java.util.Arrays.copyOf(value.bytes(), value.length()));
                stream.worker().scratch().giveSink(value);
            }
            stream.worker().scratch().giveSink(template);
            if (changed) {
                // All of the name are written anew, so that they keep their order among each other.
                head.removeAll(lowerName);
                values.forEach(value -> head.add(name, value));
            }
            return Verdict.CONTINUE;
        }

        private boolean wholeValue(Stream stream, HttpMessage head, int i, ByteSink template, ByteSink value) {
            boolean matched = replacement.replace(stream, head.bytes(), head.valueOffset(i), head.valueLength(i), template, value);
            if (!matched) {
                value.put(head.bytes(), head.valueOffset(i), head.valueLength(i));
            }
            return matched;
        }

        private boolean eachValue(Stream stream, HttpMessage head, int header, ByteSink template, ByteSink value) {
            byte[] bytes = head.bytes();
            int end = head.valueOffset(header) + head.valueLength(header);
            boolean matched = false;
            int start = head.valueOffset(header);
            while (start <= end) {
                int stop = start;
                boolean quoted = false;
                while (stop < end && (quoted || bytes[stop] != ',')) {
                    if (bytes[stop] == '\\' && quoted && stop + 1 < end) {
                        stop++;
                    } else if (bytes[stop] == '"') {
                        quoted = !quoted;
                    }
                    stop++;
                }
                int from = start;
                int to = stop;
                while (from < to && blank(bytes[from])) {
                    from++;
                }
                while (to > from && blank(bytes[to - 1])) {
                    to--;
                }
                if (to > from && replacement.replace(stream, bytes, from, to - from, template, value)) {
                    matched = true;
                } else {
                    // Blanks around a value stay only where the value does.
                    value.put(bytes, start, stop - start);
                }
                if (stop < end) {
                    value.put((byte) ',');
                }
                start = stop + 1;
            }
            return matched;
        }

        private static boolean blank(byte b) {
            return b == ' ' || b == '\t';
        }
    }

    /** {@code replace-path} and its kin. */
    private static final class ReplacePart implements Action {
        private final Part part;
        private final Replacement replacement;

        ReplacePart(RewriteActionKeywords.ReplacePart action, RuleSet set, RuntimeNames names) {
            this.part = action.part();
            this.replacement = new Replacement(action.match(), action.replacement(), names);
        }

        @Override
        public Verdict apply(Stream stream) {
            HttpMessage head = stream.request();
            if (part != Part.URI && !head.hasPath()) {
                return Verdict.CONTINUE;
            }
            int offset = part == Part.URI ? head.targetOffset() : head.pathOffset();
            int length = switch (part) {
                case URI -> head.targetLength();
                case PATH -> head.pathLength();
                default -> head.pathAndQueryLength();
            };
            Scratch scratch = stream.worker().scratch();
            ByteSink template = replacement.render(stream);
            ByteSink value = scratch.takeSink();
            if (replacement.replace(stream, head.bytes(), offset, length, template, value)) {
                RequestLine.set(stream, part, value);
            }
            scratch.giveSink(value);
            scratch.giveSink(template);
            return Verdict.CONTINUE;
        }
    }

    /** A regular expression and what a text that it matches becomes. */
    private static final class Replacement {
        private final ByteRegex regex;
        private final LogFormat format;

        Replacement(String match, LogFormatSpec replacement, RuntimeNames names) {
            this.regex = ByteRegex.compile(match, false);
            this.format = replacement.asLiteral().isPresent() ? LogFormat.fixed(ConfiguredText.bytes(replacement.asLiteral().get()))
                    : LogFormat.compile(replacement, LogFormat.Use.VALUE, names);
        }

        /** The replacement with its expressions, and its groups still to be filled in; to be given back. */
        ByteSink render(Stream stream) {
            ByteSink sink = stream.worker().scratch().takeSink();
            format.render(stream, sink);
            return sink;
        }

        boolean replace(Stream stream, byte[] bytes, int offset, int length, ByteSink template, ByteSink out) {
            return regex.expand(stream.worker(), bytes, offset, length, template, out);
        }
    }
}
