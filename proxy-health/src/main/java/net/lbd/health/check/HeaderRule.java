package net.lbd.health.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.model.CheckStep.HeaderMatch;
import net.lbd.config.model.CheckStep.TextMatch;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.health.http.BoundedPattern;
import net.lbd.health.http.HttpCheckResponse;

/**
 * {@code expect hdr} and {@code fhdr}: a header by its name, and perhaps by its value. Names are compared without regard
 * to case, values with. Immutable.
 */
final class HeaderRule {

    private final boolean list;
    private final Pattern name;
    private final Optional<Pattern> value;

    /** A text, or an expression, and how it is compared. */
    private record Pattern(TextMatch match, CheckLanguage.Text text, Optional<BoundedPattern> regex) {

        static Pattern of(TextMatch match, LogFormatSpec format, CheckLanguage language, boolean ignoreCase) {
            Optional<BoundedPattern> regex = match != TextMatch.REG ? Optional.empty()
                    : Optional.of(BoundedPattern.compile((ignoreCase ? "(?i)" : "") + format.text()));
            return new Pattern(match, language.text(format), regex);
        }

        boolean matches(String subject, String wanted) {
            return switch (match) {
                case STR -> subject.equals(wanted);
                case BEG -> subject.startsWith(wanted);
                case END -> subject.endsWith(wanted);
                case SUB -> subject.contains(wanted);
                case REG -> {
                    byte[] bytes = subject.getBytes(StandardCharsets.ISO_8859_1);
                    yield regex.orElseThrow().find(bytes, bytes.length, BoundedPattern.DEFAULT_STEP_LIMIT).outcome()
                            == BoundedPattern.Outcome.FOUND;
                }
            };
        }

        String wanted(CheckScope scope) {
            return match == TextMatch.REG ? "" : new String(text.render(scope), StandardCharsets.ISO_8859_1);
        }
    }

    private HeaderRule(boolean list, Pattern name, Optional<Pattern> value) {
        this.list = list;
        this.name = name;
        this.value = value;
    }

    /** @param list the value is a list parted by commas */
    static HeaderRule of(HeaderMatch spec, boolean list, CheckLanguage language) {
        return new HeaderRule(list, Pattern.of(spec.nameMatch(), spec.name(), language, true),
                spec.value().map(v -> Pattern.of(spec.valueMatch(), v, language, false)));
    }

    boolean matches(List<HttpCheckResponse.Header> headers, CheckScope scope) {
        String wantedName = name.wanted(scope).toLowerCase(Locale.ROOT);
        String wantedValue = value.map(v -> v.wanted(scope)).orElse("");
        for (HttpCheckResponse.Header header : headers) {
            if (name.matches(header.name().toLowerCase(Locale.ROOT), wantedName)
                    && (value.isEmpty() || valueMatches(header.value(), wantedValue))) {
                return true;
            }
        }
        return false;
    }

    private boolean valueMatches(String text, String wanted) {
        if (!list) {
            return value.orElseThrow().matches(text, wanted);
        }
        for (String item : text.split(",", -1)) {
            if (value.orElseThrow().matches(item.strip(), wanted)) {
                return true;
            }
        }
        return false;
    }
}
