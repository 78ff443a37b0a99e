package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.CookieSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Persistence by a cookie. Source: HAProxy manual, "cookie", "dynamic-cookie-key". */
public final class CookieKeywords {

    private static final List<String> WORDS = List.of("rewrite", "insert", "prefix", "indirect", "nocache", "postonly", "preserve",
            "httponly", "secure", "domain", "maxidle", "maxlife", "dynamic", "attr");

    /** A header could not carry other bytes, and a semicolon ends an attribute. */
    private static final ArgumentType<String> ATTRIBUTE = text -> {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == ';' || c >= 127)) {
            throw new ValueException("'" + text + "' cannot stand in a cookie: it is empty or has a ';' or a control character");
        }
        return text;
    };

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("cookie", BACK, """
                    <name> [rewrite | insert | prefix] [indirect] [nocache] [postonly] [preserve] [httponly] [secure]
                    [domain <domain>]… [maxidle <time>] [maxlife <time>] [dynamic] [attr <attribute>]…""".replace("\n", " "), """
                    Brings clients back to their server by a cookie, whose values are those of the server lines.""",
                    CookieKeywords::cookie).ignoredElsewhere(),
            Rows.value(ProxySettings.DYNAMIC_COOKIE_KEY, BACK, "<key>", ArgumentType.TEXT, """
                    The secret of dynamic cookies: together with a server's address it makes the cookie's value."""));

    private CookieKeywords() { }

    /** What the line says, while it is read. */
    private static final class Draft {
        private CookieSpec.Mode mode = CookieSpec.Mode.PASSIVE;
        private Optional<Word> modeWord = Optional.empty();
        private boolean indirect;
        private boolean nocache;
        private boolean postOnly;
        private Optional<Word> preserve = Optional.empty();
        private boolean httpOnly;
        private boolean secure;
        private boolean dynamic;
        private Optional<Duration> maxIdle = Optional.empty();
        private Optional<Duration> maxLife = Optional.empty();
        private final List<String> domains = new ArrayList<>();
        private final List<String> attributes = new ArrayList<>();
    }

    private static void cookie(Arguments arguments, ProxyDraft proxy) {
        String name = arguments.next("a name", ArgumentType.TEXT);
        Draft draft = new Draft();
        while (arguments.hasNext()) {
            word(arguments, draft);
        }
        if (draft.preserve.isPresent() && draft.mode != CookieSpec.Mode.INSERT && !draft.indirect) {
            throw arguments.error(draft.preserve.get(), "'preserve' has no meaning without 'insert' or 'indirect'");
        }
        if (draft.mode == CookieSpec.Mode.REWRITE && draft.indirect) {
            throw arguments.error(draft.modeWord.orElseThrow(), "'rewrite' and 'indirect' exclude each other");
        }
        proxy.settings().put(ProxySettings.COOKIE, new CookieSpec(name, draft.mode, draft.indirect, draft.nocache, draft.postOnly,
                draft.preserve.isPresent(), draft.httpOnly, draft.secure, draft.domains, draft.maxIdle, draft.maxLife, draft.dynamic,
                draft.attributes), arguments.location());
    }

    private static void word(Arguments arguments, Draft draft) {
        Word word = arguments.next("a parameter");
        switch (word.text()) {
            case "rewrite" -> mode(arguments, word, CookieSpec.Mode.REWRITE, draft);
            case "insert" -> mode(arguments, word, CookieSpec.Mode.INSERT, draft);
            case "prefix" -> mode(arguments, word, CookieSpec.Mode.PREFIX, draft);
            case "indirect" -> draft.indirect = true;
            case "nocache" -> draft.nocache = true;
            case "postonly" -> draft.postOnly = true;
            case "preserve" -> draft.preserve = Optional.of(word);
            case "httponly" -> draft.httpOnly = true;
            case "secure" -> draft.secure = true;
            case "dynamic" -> draft.dynamic = true;
            case "domain" -> {
                draft.domains.add(arguments.next("<domain>", ATTRIBUTE));
                if (arguments.last().text().indexOf('.', 1) < 0) {
                    arguments.warn(Code.NO_EFFECT, arguments.last(), "domain '" + arguments.last()
                            + "' has no dot within: clients refuse a cookie of such a domain (RFC 6265 §5.3)");
                }
            }
            case "maxidle" -> draft.maxIdle = Optional.of(arguments.next("<time>", Durations.SECONDS));
            case "maxlife" -> draft.maxLife = Optional.of(arguments.next("<time>", Durations.SECONDS));
            case "attr" -> draft.attributes.add(arguments.next("<attribute>", ATTRIBUTE));
            default -> throw arguments.unknown(word, "parameter", WORDS);
        }
    }

    private static void mode(Arguments arguments, Word word, CookieSpec.Mode mode, Draft draft) {
        if (draft.modeWord.isPresent()) {
            throw arguments.error(word, "'" + draft.modeWord.get() + "' and '" + word + "' exclude each other");
        }
        draft.mode = mode;
        draft.modeWord = Optional.of(word);
    }
}
