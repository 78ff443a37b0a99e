package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The {@code balance} line and its algorithms. Source: HAProxy manual, "balance". */
public final class BalanceKeywords {

    /** A row for an algorithm. */
    public record Algorithm(String name, String syntax, String doc, Support support) implements Keyword {
        public Algorithm {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public List<String> aliases() {
            return List.of();
        }
    }

    public static final KeywordTable<Algorithm> ALGORITHMS = KeywordTable.of(List.of(
            row("roundrobin", "", "Each server in turn, by weight. The default."),
            row("static-rr", "", "As roundrobin, with weights that do not change while it runs."),
            row("leastconn", "", "The server with the fewest streams for its weight."),
            row("first", "", "The first server that has a free slot, in the order of their ids."),
            row("source", "", "By a hash of the client's address."),
            row("uri", "[whole] [len <n>] [depth <n>] [path-only]", "By a hash of the request's target."),
            row("url_param", "<name> [check_post]", """
                    By a hash of a parameter of the query; with check_post, of a POST whose query has none, of the body, which is
                    waited for as with 'option http-buffer-request'."""),
            row("hdr", "(<name>) [use_domain_only]", "By a hash of a request header."),
            row("hash", "<expression>", "By a hash of a sample."),
            row("random", "[(<draws>)]", "The less loaded of some servers drawn at random; of two by default."),
            row("rdp-cookie", "[(<name>)]", "By a hash of the RDP cookie; of mstshash by default."),
            row("sticky", "", "One server for all, until it goes down; then the next, for as long as that lasts.")));

    private static Algorithm row(String name, String syntax, String doc) {
        return new Algorithm(name, syntax, doc, Support.SUPPORTED);
    }

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("balance", BACK, "<algorithm> [<argument>…]", """
                    How the backend chooses a server. Default: roundrobin.""",
                    BalanceKeywords::balance).ignoredElsewhere());

    private BalanceKeywords() { }

    private static void balance(Arguments arguments, ProxyDraft draft) {
        if (!arguments.hasNext()) {
            arguments.warn(Code.MISSING_ARGUMENT, arguments.keyword(), "'balance' names no algorithm; roundrobin is used");
            draft.balance(new BalanceSpec(arguments.location(), "roundrobin", List.of()));
            return;
        }
        Word word = arguments.next("an algorithm");
        int parenthesis = word.text().indexOf('(');
        String name = parenthesis < 0 ? word.text() : word.text().substring(0, parenthesis);
        Optional<Algorithm> known = ALGORITHMS.find(name);
        if (known.isEmpty()) {
            throw arguments.unknown(word, "algorithm", ALGORITHMS.names());
        }
        Algorithm algorithm = known.get();
        List<String> values = new ArrayList<>();
        Optional<SampleSpec> key = Optional.empty();
        if (parenthesis >= 0) {
            if (!word.text().endsWith(")") || !algorithm.syntax().contains("(")) {
                throw arguments.error(word, "'balance " + word + "': '" + name + "' takes no such argument");
            }
            values.add(word.text().substring(parenthesis + 1, word.text().length() - 1));
        }
        switch (name) {
            case "hdr" -> {
                if (values.isEmpty() || values.get(0).isEmpty()) {
                    throw arguments.error(word, "'balance hdr' wants a header name in parentheses: hdr(Host)");
                }
                if (arguments.hasNext() && !arguments.nextIs("use_domain_only")) {
                    throw arguments.unknown(arguments.next("use_domain_only"), "word", List.of("use_domain_only"));
                }
                takeIf(arguments, values, "use_domain_only");
            }
            case "random" -> {
                if (!values.isEmpty()) {
                    arguments.value(new Word(values.get(0), word.location(), word.length()), ArgumentType.integer(1, 65535));
                }
            }
            case "uri" -> uri(arguments, values);
            case "url_param" -> urlParam(arguments, values);
            case "hash" -> {
                Word expression = arguments.next("a sample expression");
                SampleSpec sample = SampleReader.read(expression, SampleReader.Direction.REQUEST, arguments.diagnostics());
                draft.sampleUses().add(new SampleUse(sample, expression, Set.of(Checkpoint.SERVER_CHOICE)));
                key = Optional.of(sample);
                values.add(expression.text());
            }
            default -> { }
        }
        arguments.endOrWarn();
        draft.balance(new BalanceSpec(arguments.location(), name, values, key));
    }

    /** A number behind check_post was its longest wait, in versions past. */
    private static void urlParam(Arguments arguments, List<String> values) {
        values.add(arguments.next("a parameter name").text());
        if (arguments.nextIs("check_post")) {
            values.add(arguments.next("check_post").text());
            if (arguments.hasNext()) {
                arguments.next("a number", ArgumentType.number(0, Integer.MAX_VALUE));
            }
        }
    }

    private static void takeIf(Arguments arguments, List<String> values, String word) {
        if (arguments.skip(word)) {
            values.add(word);
        }
    }

    private static void uri(Arguments arguments, List<String> values) {
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            values.add(word.text());
            switch (word.text()) {
                case "len", "depth" -> values.add(Integer.toString(
                        arguments.next("a number", ArgumentType.integer(1, 65535))));
                case "whole", "path-only" -> { }
                default -> throw arguments.unknown(word, "parameter", List.of("len", "depth", "whole", "path-only"));
            }
        }
    }
}
