package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.HashAffinity;
import net.lbd.config.model.HashTypeSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** How the balancing algorithms that hash choose servers. Source: HAProxy manual, "hash-type", "hash-balance-factor". */
public final class HashKeywords {

    private static final List<String> FUNCTIONS = List.of("sdbm", "djb2", "wt6", "crc32", "murmur3", "none");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("hash-type", BACK, "{ map-based | consistent } [ { sdbm | djb2 | crc32 | murmur3 | none } ] [avalanche]", """
                    How hashes choose servers. Default: map-based sdbm; 'consistent' alone stands for consistent sdbm avalanche.
                    murmur3 is MurmurHash3 of 32 bits, an extension of lbd. wt6 is refused: it is described by HAProxy's code alone.""",
                    HashKeywords::hashType).ignoredElsewhere(),
            Directive.<ProxyDraft>of("hash-balance-factor", BACK, "<percent>", """
                    The load of a server that consistent hashing or random may not exceed, in percent of the average; 0: any.""",
                    HashKeywords::balanceFactor).ignoredElsewhere(),
            Rows.value(ProxySettings.HASH_PRESERVE_AFFINITY, BACK, "{ always | maxconn | maxqueue }",
                    ArgumentType.oneOf(HashAffinity.class), """
                    When hashing may leave a busy server: never, when it has reached its maxconn, or when its queue is full too.
                    Default: always."""));

    private HashKeywords() { }

    private static void hashType(Arguments arguments, ProxyDraft draft) {
        boolean consistent = arguments.oneOf("a method", List.of("map-based", "consistent")).equals("consistent");
        HashTypeSpec.Function function = HashTypeSpec.Function.SDBM;
        boolean avalanche = false;
        if (arguments.hasNext() && !arguments.nextIs("avalanche")) {
            function = function(arguments);
        } else {
            avalanche = consistent;
        }
        if (arguments.skip("avalanche")) {
            avalanche = true;
        }
        arguments.end();
        draft.settings().put(ProxySettings.HASH_TYPE, new HashTypeSpec(consistent, function, avalanche), arguments.location());
    }

    private static HashTypeSpec.Function function(Arguments arguments) {
        Word word = arguments.next("a hash function");
        switch (word.text()) {
            case "sdbm" -> {
                return HashTypeSpec.Function.SDBM;
            }
            case "djb2" -> {
                return HashTypeSpec.Function.DJB2;
            }
            case "crc32" -> {
                return HashTypeSpec.Function.CRC32;
            }
            case "none" -> {
                return HashTypeSpec.Function.NONE;
            }
            case "murmur3" -> {
                return HashTypeSpec.Function.MURMUR3;
            }
            case "wt6" -> throw new StatementException(Code.REFUSED, word, "'hash-type … wt6' is refused: nothing but HAProxy's own code"
                    + " says what WT6 is, and another hash would send keys to other servers", Optional.of("write 'crc32' or 'sdbm avalanche'"));
            default -> throw arguments.unknown(word, "hash function", FUNCTIONS);
        }
    }

    private static void balanceFactor(Arguments arguments, ProxyDraft draft) {
        int percent = arguments.next("a percentage", ArgumentType.integer(0, 65535));
        if (percent > 0 && percent <= 100) {
            throw arguments.error(arguments.last(), "'hash-balance-factor " + percent + "': use 0, or more than 100");
        }
        arguments.end();
        draft.settings().put(ProxySettings.HASH_BALANCE_FACTOR, percent, arguments.location());
    }
}
