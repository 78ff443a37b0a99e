package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.RuleSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * HAProxy 2.6 itself lists its keywords ({@code -dKall}): each is known here, with the same moments at which samples have a
 * value. Skipped where that version is not installed.
 */
class HaproxyKeywordsTest {

    /** What the columns of the list of fetches are; some are no moment of lbd's, which looks at heads and bodies at once. */
    private static final List<Optional<Checkpoint>> COLUMNS = List.of(
            Optional.of(Checkpoint.FRONTEND_CONNECTION), Optional.of(Checkpoint.FRONTEND_SESSION), Optional.of(Checkpoint.FRONTEND_CONTENT),
            Optional.of(Checkpoint.FRONTEND_REQUEST), Optional.empty(), Optional.of(Checkpoint.BACKEND_SWITCHING),
            Optional.of(Checkpoint.BACKEND_CONTENT), Optional.of(Checkpoint.BACKEND_REQUEST), Optional.empty(),
            Optional.of(Checkpoint.SERVER_CHOICE), Optional.of(Checkpoint.SERVER_CONNECTION), Optional.of(Checkpoint.BACKEND_RESPONSE_CONTENT),
            Optional.of(Checkpoint.BACKEND_RESPONSE), Optional.empty(), Optional.of(Checkpoint.STICK_STORE), Optional.empty(),
            Optional.of(Checkpoint.FRONTEND_RESPONSE), Optional.empty(), Optional.of(Checkpoint.LOG), Optional.of(Checkpoint.CHECK),
            Optional.of(Checkpoint.CONFIGURATION));

    /** Rows of the list that are slips of HAProxy's, or one of its two readings. */
    private static final Map<String, String> OTHERWISE = Map.of(
            "sc1_clr_gpc", "no such name for the other counters; sc_clr_gpc(1,…) is meant",
            "hdr", "that of the request or of the response, as the rule has it",
            "payload", "likewise", "payload_lv", "likewise",
            "prio_class", "belongs to a stream, which a connection and a check are not", "prio_offset", "likewise");

    private static List<String> lines = List.of();

    @BeforeAll
    static void ask() throws IOException, InterruptedException {
        lines = Haproxy26.list();
    }

    @Test
    void everyConfigurationKeywordIsKnown() {
        List<String> missing = new ArrayList<>();
        String section = "";
        for (String line : part("configuration keywords")) {
            if (!line.startsWith("\t")) {
                section = line.strip();
                continue;
            }
            String row = line.strip();
            if (!known(section, row)) {
                missing.add(section + ": " + row);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean known(String section, String row) {
        List<String> words = List.of(row.replace("*", "").split(" "));
        if (row.startsWith("bind <addr>") || section.equals("crt-list")) {
            return BindKeywords.TABLE.find(words.get(section.equals("crt-list") ? 0 : words.get(2).equals("ssl") && words.size() > 3
                    && !words.get(3).startsWith("+") ? 3 : 2)).isPresent();
        }
        if (row.startsWith("server <name>")) {
            return ServerKeywords.TABLE.find(words.get(3)).isPresent()
                    || List.of("usesrc").contains(words.get(3));
        }
        for (RuleSet set : RuleSet.values()) {
            if (row.startsWith(set.keyword() + " ") && set.keyword().contains("-")) {
                String action = row.substring(set.keyword().length() + 1).replaceAll("[* ].*", "");
                return (set.keyword().startsWith("http") ? RuleKeywords.HTTP_ACTIONS : RuleKeywords.TCP_ACTIONS).find(action)
                        .filter(a -> a.sets().contains(set)).isPresent();
            }
        }
        if (section.equals("global")) {
            return begins(Vocabulary.GLOBAL, words.get(0));
        }
        return row.startsWith("option ") ? Vocabulary.PROXY.find("option " + words.get(1)).isPresent() : begins(Vocabulary.PROXY, words.get(0));
    }

    private static boolean begins(KeywordTable<? extends Keyword> table, String word) {
        return table.names().stream().anyMatch(n -> n.equals(word) || n.startsWith(word + " "));
    }

    @Test
    void everyAclCriterionMeansTheSame() {
        List<String> others = new ArrayList<>();
        for (String line : part("ACL keywords")) {
            Matcher row = Pattern.compile("(\\S+) = (\\S+) -m (\\S+)").matcher(line);
            if (row.matches()) {
                String mine = SampleVocabulary.derivedAcl(row.group(1)).map(a -> a.fetch().name() + " -m " + a.method().keyword()).orElse("");
                Optional<FetchKeyword> fetch = SampleVocabulary.FETCHES.find(canonical(row.group(1)));
                if (!mine.equals(row.group(2) + " -m " + row.group(3)) && fetch.isEmpty()) {
                    others.add(line + ", but " + mine);
                }
            }
        }
        assertThat(others).isEmpty();
    }

    @Test
    void everyConverterIsKnown() {
        List<String> missing = new ArrayList<>();
        for (String line : part("sample converter functions")) {
            String name = line.replaceAll("[(:].*", "");
            if (SampleVocabulary.CONVERTERS.find(name).isEmpty()) {
                missing.add(line);
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyFetchHasItsValueAtTheSameMoments() {
        List<String> others = new ArrayList<>();
        for (String line : part("sample fetch functions")) {
            Matcher row = Pattern.compile("\\[ ([Y. ]+) ] ([^:(]+).*: (\\S+)").matcher(line);
            if (!row.matches() || OTHERWISE.containsKey(row.group(2))) {
                continue;
            }
            Optional<FetchKeyword> found = SampleVocabulary.FETCHES.find(canonical(row.group(2)));
            if (found.isEmpty()) {
                others.add("unknown: " + row.group(2));
                continue;
            }
            Set<Checkpoint> theirs = EnumSet.noneOf(Checkpoint.class);
            String[] cells = row.group(1).split(" ");
            for (int i = 0; i < COLUMNS.size(); i++) {
                if (cells[i].equals("Y")) {
                    COLUMNS.get(i).ifPresent(theirs::add);
                }
            }
            if (!found.get().source().checkpoints().equals(theirs)) {
                Set<Checkpoint> more = EnumSet.copyOf(theirs.isEmpty() ? EnumSet.noneOf(Checkpoint.class) : theirs);
                more.removeAll(found.get().source().checkpoints());
                Set<Checkpoint> less = EnumSet.noneOf(Checkpoint.class);
                less.addAll(found.get().source().checkpoints());
                less.removeAll(theirs);
                others.add(row.group(2) + ": HAProxy also " + more + ", here also " + less);
            }
        }
        assertThat(others).isEmpty();
    }

    private static String canonical(String name) {
        return name.equals("hdr") ? "req.hdr" : name;
    }

    /** The lines below the title that holds the words. */
    private static List<String> part(String title) {
        List<String> found = new ArrayList<>();
        boolean in = false;
        for (String line : lines) {
            if (line.startsWith("# List of")) {
                in = line.contains(title);
            } else if (in && !line.startsWith("#") && !line.isBlank()) {
                found.add(line);
            }
        }
        assertThat(found).as(title).isNotEmpty();
        return found;
    }
}
