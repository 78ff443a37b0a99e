package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.keyword.rule.BandwidthKeywords;
import net.lbd.config.model.CompressionSpec;
import net.lbd.config.model.CompressionSpec.Algorithm;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Compression of responses, and filters. Source: HAProxy manual, "compression algo", "filter". */
public final class CompressionKeywords {

    private static final String ALGORITHMS = "{ identity | gzip | deflate | raw-deflate } …";
    private static final List<String> FILTERS =
            List.of("trace", "compression", "spoe", "cache", "fcgi-app", "opentracing", "bwlim-in", "bwlim-out");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("compression algo", PROXIES, ALGORITHMS, """
                    Compresses responses for clients that accept it, unless the server has done so.""",
                    CompressionKeywords::algorithms).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression algo-res", PROXIES, ALGORITHMS, "As compression algo.",
                    CompressionKeywords::algorithms).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression type", PROXIES, "<type> …", """
                    Content types that are compressed, by their beginnings. Default: every one.""",
                    CompressionKeywords::types).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression type-res", PROXIES, "<type> …", "As compression type.",
                    CompressionKeywords::types).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression minsize-res", PROXIES, "<size>", """
                    Smaller responses are not compressed, where their size is known before.""", (arguments, draft) -> {
                        int bytes = arguments.next("a size", Sizes.upTo(1 << 30));
                        arguments.end();
                        change(arguments, draft, c -> c.withMinimum(bytes));
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression offload", PROXIES, "", """
                    Hides from servers that the client takes compressed content, where it is compressed here.""", (arguments, draft) -> {
                        arguments.end();
                        change(arguments, draft, CompressionSpec::withOffload);
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("compression direction", PROXIES, "{ request | response | both }", """
                    What is compressed. Default: response. Difference: requests are not.""", (arguments, draft) -> {
                        Word direction = arguments.next("request, response or both");
                        arguments.end();
                        if (direction.is("request") || direction.is("both")) {
                            notYet(arguments, direction, "compression direction " + direction);
                        } else if (!direction.is("response")) {
                            throw arguments.unknown(direction, "direction", List.of("request", "response", "both"));
                        }
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("filter", PROXIES_ONLY, "{ " + String.join(" | ", FILTERS) + " } …", """
                    A filter on the traffic. Those of 'compression' and 'cache' are there where something is compressed or kept; their place among others
                    means nothing here. 'bwlim-in' and 'bwlim-out', <name> { default-limit <size> default-period <time> | limit <size> key
                    <expression> [table <name>] } [min-size <size>], limit the bytes of bodies, requests or responses, of each stream, or of
                    all that have one key of a stick-table with bytes_in_rate or bytes_out_rate, once a 'set-bandwidth-limit' rule has
                    said so.""", (arguments, draft) -> {
                        Word filter = arguments.next("a filter");
                        if (!FILTERS.contains(filter.text())) {
                            throw arguments.unknown(filter, "filter", FILTERS);
                        }
                        if (filter.is("bwlim-in") || filter.is("bwlim-out")) {
                            BandwidthKeywords.filter(arguments, draft, filter.is("bwlim-out"));
                        } else if (filter.is("compression")) {
                            arguments.end();
                        } else if (filter.is("cache")) {
                            draft.nameUses().add(new ProxyDraft.NameUse(ProxyDraft.NameKind.CACHE, arguments.next("the name of a cache section")));
                            arguments.end();
                        } else {
                            Rows.takeRest(arguments);
                            notYet(arguments, filter, "filter " + filter);
                        }
                    }).ignoredElsewhere());

    private CompressionKeywords() { }

    private static void algorithms(Arguments arguments, ProxyDraft draft) {
        List<String> names = Arrays.stream(Algorithm.values()).map(Algorithm::keyword).toList();
        do {
            Word word = arguments.next("an algorithm");
            Algorithm algorithm = Arrays.stream(Algorithm.values()).filter(a -> word.is(a.keyword())).findFirst()
                    .orElseThrow(() -> arguments.unknown(word, "algorithm", names));
            change(arguments, draft, c -> c.with(algorithm));
        } while (arguments.hasNext());
    }

    private static void types(Arguments arguments, ProxyDraft draft) {
        do {
            String type = arguments.next("a content type").text();
            change(arguments, draft, c -> c.withType(type));
        } while (arguments.hasNext());
    }

    private static void change(Arguments arguments, ProxyDraft draft, UnaryOperator<CompressionSpec> change) {
        CompressionSpec before = draft.settings().find(ProxySettings.COMPRESSION).map(s -> s.value()).orElse(CompressionSpec.NONE);
        draft.settings().put(ProxySettings.COMPRESSION, change.apply(before), arguments.location());
    }

    private static void notYet(Arguments arguments, Word at, String what) {
        arguments.diagnostics().notice(Code.NOT_YET, at,
                "'" + what + "' is not supported yet by this version; the daemon refuses to start with it");
    }
}
