package net.lbd.config.keyword.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.model.MatchMethod;

/** The tables of sample fetches, converters and derived ACL names. Immutable. */
public final class SampleVocabulary {

    public static final KeywordTable<FetchKeyword> FETCHES =
            KeywordTable.of(InternalFetchKeywords.ROWS, ConnectionFetchKeywords.ROWS, CertificateFetchKeywords.ROWS, TlsFetchKeywords.ROWS, HttpFetchKeywords.ROWS,
                    MoreFetchKeywords.ROWS, RareFetchKeywords.ROWS, StickFetchKeywords.ROWS);

    public static final KeywordTable<ConverterKeyword> CONVERTERS = KeywordTable.of(
            ConverterKeywords.ROWS, MoreConverterKeywords.ROWS, StickFetchKeywords.CONVERTERS);

    /** An ACL name that stands for a fetch and a match method, such as {@code path_beg}. */
    public record DerivedAcl(FetchKeyword fetch, MatchMethod method) { }

    private static final List<MatchMethod> STRING_METHODS = List.of(
            MatchMethod.BEG, MatchMethod.DIR, MatchMethod.DOM, MatchMethod.END, MatchMethod.LEN, MatchMethod.REG,
            MatchMethod.SUB);

    private static final Map<String, DerivedAcl> DERIVED = derived();

    private SampleVocabulary() { }

    public static Optional<DerivedAcl> derivedAcl(String name) {
        return Optional.ofNullable(DERIVED.get(name));
    }

    public static Set<String> derivedAclNames() {
        return DERIVED.keySet();
    }

    /** Every word that may begin an ACL's criterion. */
    public static Set<String> criteria() {
        Set<String> all = new TreeSet<>(FETCHES.names());
        all.addAll(DERIVED.keySet());
        return all;
    }

    private static Map<String, DerivedAcl> derived() {
        Map<String, DerivedAcl> all = new LinkedHashMap<>();
        Map<String, String> prefixes = new LinkedHashMap<>();
        prefixes.put("base", "base");
        prefixes.put("cook", "req.cook");
        prefixes.put("hdr", "req.hdr");
        prefixes.put("path", "path");
        prefixes.put("scook", "res.cook");
        prefixes.put("shdr", "res.hdr");
        prefixes.put("url", "url");
        prefixes.put("urlp", "urlp");
        prefixes.put("url_param", "urlp");
        prefixes.forEach((prefix, fetch) -> {
            all.put(prefix, new DerivedAcl(fetch(fetch), MatchMethod.STR));
            for (MatchMethod method : STRING_METHODS) {
                all.put(prefix + "_" + method.keyword(), new DerivedAcl(fetch(fetch), method));
            }
        });
        all.put("ssl_fc_sni_end", new DerivedAcl(fetch("ssl_fc_sni"), MatchMethod.END));
        all.put("ssl_fc_sni_reg", new DerivedAcl(fetch("ssl_fc_sni"), MatchMethod.REG));
        return Collections.unmodifiableMap(all);
    }

    private static FetchKeyword fetch(String name) {
        return FETCHES.find(name).orElseThrow(() -> new IllegalStateException("no fetch " + name));
    }
}
