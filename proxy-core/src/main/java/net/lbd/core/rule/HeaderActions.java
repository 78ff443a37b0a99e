package net.lbd.core.rule;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import net.lbd.config.keyword.rule.HttpActionKeywords;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/**
 * The actions on headers: of the request in {@code http-request} rules, of the response in all others.
 * The value is rendered before the old header goes, so that it may be made of it. Source: HAProxy
 * manual, "http-request set-header".
 */
final class HeaderActions {

    /** What a rule makes of a header that is out of its reach (docs/compatibility.md). */
    static final Action NOTHING = stream -> Verdict.CONTINUE;

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(HttpActionKeywords.SetHeader.class,
                    (action, set, names) -> KnownHeader.isOutOfRulesReach(action.name()) ? NOTHING : new Put(message(set), action.name(), action.value(), true, names)),
            new ActionCompiler<>(HttpActionKeywords.AddHeader.class,
                    (action, set, names) -> KnownHeader.isOutOfRulesReach(action.name()) ? NOTHING : new Put(message(set), action.name(), action.value(), false, names)),
            new ActionCompiler<>(HttpActionKeywords.DelHeader.class, (action, set, names) -> {
                Function<Stream, HttpMessage> message = message(set);
                byte[] lowerName = Ascii.bytes(action.name().toLowerCase(Locale.ROOT));
                return KnownHeader.isOutOfRulesReach(action.name()) ? NOTHING : stream -> {
                    message.apply(stream).removeAll(lowerName);
                    return Verdict.CONTINUE;
                };
            }));

    private HeaderActions() { }

    private static Function<Stream, HttpMessage> message(RuleSet set) {
        return set == RuleSet.HTTP_REQUEST ? Stream::request : Stream::response;
    }

    /** {@code set-header} and {@code add-header}. */
    private static final class Put implements Action {
        private final Function<Stream, HttpMessage> message;
        private final byte[] name;
        private final byte[] lowerName;
        private final LogFormat value;
        private final boolean replace;

        Put(Function<Stream, HttpMessage> message, String name, LogFormatSpec value, boolean replace,
                RuntimeNames names) {
            this.message = message;
            this.name = Ascii.bytes(name);
            this.lowerName = Ascii.bytes(name.toLowerCase(Locale.ROOT));
            this.value = LogFormat.compile(value, LogFormat.Use.VALUE, names);
            this.replace = replace;
        }

        @Override
        public Verdict apply(Stream stream) {
            Scratch scratch = stream.worker().scratch();
            ByteSink rendered = scratch.takeSink();
            value.render(stream, rendered);
            HttpMessage target = message.apply(stream);
            if (replace) {
                target.removeAll(lowerName);
            }
            target.add(name, rendered.bytes(), 0, rendered.length());
            scratch.giveSink(rendered);
            return Verdict.CONTINUE;
        }
    }
}
