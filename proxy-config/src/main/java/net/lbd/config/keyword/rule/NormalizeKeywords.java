package net.lbd.config.keyword.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;

/** {@code http-request normalize-uri}. Source: HAProxy manual, "http-request normalize-uri"; RFC 3986 §6.2.2. */
public final class NormalizeKeywords {

    /** One step towards the usual form of a target. */
    public enum Normalizer {
        FRAGMENT_ENCODE(""), FRAGMENT_STRIP(""), PATH_MERGE_SLASHES(""), PATH_STRIP_DOT(""), PATH_STRIP_DOTDOT("full"),
        PERCENT_DECODE_UNRESERVED("strict"), PERCENT_TO_UPPERCASE("strict"), QUERY_SORT_BY_NAME("");

        private final String option;

        Normalizer(String option) {
            this.option = option;
        }

        String keyword() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** @param thorough {@code full} or {@code strict}, where there is such a word */
    public record NormalizeUri(Normalizer normalizer, boolean thorough) implements ActionSpec {
        public NormalizeUri {
            Objects.requireNonNull(normalizer, "normalizer");
        }
    }

    static final List<ActionKeyword> ROWS = List.of(ActionKeyword.of("normalize-uri", Set.of(RuleSet.HTTP_REQUEST),
            "{ fragment-encode | fragment-strip | path-merge-slashes | path-strip-dot | path-strip-dotdot [full] "
                    + "| percent-decode-unreserved [strict] | percent-to-uppercase [strict] | query-sort-by-name }", """
            Brings the request's target into the usual form, one step with each rule; rules and servers then see the same path.
            'strict' answers 400 to bad percent-encoding; 'full' takes leading '/../' away, too.""",
            NormalizeKeywords::read));

    private NormalizeKeywords() { }

    private static NormalizeUri read(ActionContext context) {
        Arguments arguments = context.arguments();
        String name = arguments.oneOf("a normalizer", Arrays.stream(Normalizer.values()).map(Normalizer::keyword).toList());
        Normalizer normalizer = Arrays.stream(Normalizer.values()).filter(n -> n.keyword().equals(name)).findFirst().orElseThrow();
        return new NormalizeUri(normalizer, !normalizer.option.isEmpty() && arguments.skip(normalizer.option));
    }
}
