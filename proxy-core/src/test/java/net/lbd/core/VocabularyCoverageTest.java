package net.lbd.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.log.LogVariableKeywords;
import net.lbd.config.keyword.proxy.BalanceKeywords;
import net.lbd.config.keyword.proxy.ErrorKeywords;
import net.lbd.config.keyword.proxy.PersistenceKeywords;
import net.lbd.config.keyword.rule.HttpActionKeywords;
import net.lbd.config.keyword.rule.MapActionKeywords;
import net.lbd.config.keyword.rule.ReplyActionKeywords;
import net.lbd.config.keyword.rule.NormalizeKeywords;
import net.lbd.config.keyword.rule.RewriteActionKeywords;
import net.lbd.config.keyword.rule.StickActionKeywords;
import net.lbd.config.keyword.rule.StreamActionKeywords;
import net.lbd.config.keyword.rule.VariableActionKeywords;
import net.lbd.config.keyword.rule.TcpActionKeywords;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.model.ActionSpec;
import net.lbd.core.balance.LoadBalancers;
import net.lbd.core.log.LogVariables;
import net.lbd.core.rule.RuleCompiler;
import net.lbd.core.sample.SampleTables;
import org.junit.jupiter.api.Test;

/**
 * What the configuration calls supported is carried out here, and the other way round: a keyword that
 * stands in one table only fails this test.
 */
class VocabularyCoverageTest {

    private static Set<String> supported(Collection<? extends Keyword> rows) {
        return rows.stream().filter(row -> row.support() instanceof Support.Supported)
                .map(Keyword::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void fetches() {
        assertThat(new TreeSet<>(SampleTables.fetches())).isEqualTo(supported(SampleVocabulary.FETCHES.rows()));
    }

    @Test
    void converters() {
        assertThat(new TreeSet<>(SampleTables.converters())).isEqualTo(supported(SampleVocabulary.CONVERTERS.rows()));
    }

    @Test
    void logVariables() {
        Set<String> configured = supported(LogVariableKeywords.TABLE.rows());
        // Only sets flags for those behind it, which the reader does.
        configured.remove("o");
        assertThat(new TreeSet<>(LogVariables.names())).isEqualTo(configured);
    }

    @Test
    void actions() {
        Set<Class<?>> configured = Stream.of(HttpActionKeywords.class, ReplyActionKeywords.class, RewriteActionKeywords.class, VariableActionKeywords.class,
                        StreamActionKeywords.class, MapActionKeywords.class, NormalizeKeywords.class, net.lbd.config.keyword.rule.BodyActionKeywords.class, net.lbd.config.keyword.rule.ServiceActionKeywords.class, ErrorKeywords.class, PersistenceKeywords.class, TcpActionKeywords.class, net.lbd.config.keyword.rule.ResolveActionKeywords.class,
                        StickActionKeywords.class, net.lbd.config.keyword.proxy.StatsKeywords.class, net.lbd.config.keyword.rule.BandwidthKeywords.class,
                        net.lbd.config.keyword.rule.CacheActionKeywords.class)
                .flatMap(family -> Arrays.stream(family.getDeclaredClasses()))
                .filter(c -> ActionSpec.class.isAssignableFrom(c) && !c.isInterface()).collect(Collectors.toSet());
        assertThat(RuleCompiler.actions()).isEqualTo(configured);
    }

    @Test
    void balancers() {
        assertThat(new TreeSet<>(LoadBalancers.algorithms())).isEqualTo(supported(BalanceKeywords.ALGORITHMS.rows()));
    }
}
