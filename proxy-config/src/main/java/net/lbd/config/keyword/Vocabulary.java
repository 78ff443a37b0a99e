package net.lbd.config.keyword;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.keyword.check.CheckKeywords;
import net.lbd.config.keyword.check.CheckOptions;
import net.lbd.config.keyword.check.SharedCheckKeywords;
import net.lbd.config.keyword.check.TcpCheckKeywords;
import net.lbd.config.keyword.global.GlobalKeywords;
import net.lbd.config.keyword.global.MoreGlobalKeywords;
import net.lbd.config.keyword.global.TlsDefaultKeywords;
import net.lbd.config.keyword.global.TlsFileKeywords;
import net.lbd.config.keyword.global.TuneKeywords;
import net.lbd.config.keyword.global.VariableKeywords;
import net.lbd.config.keyword.proxy.BalanceKeywords;
import net.lbd.config.keyword.proxy.CookieKeywords;
import net.lbd.config.keyword.proxy.HashKeywords;
import net.lbd.config.keyword.proxy.HttpOptionKeywords;
import net.lbd.config.keyword.proxy.LogKeywords;
import net.lbd.config.keyword.proxy.OptionKeywords;
import net.lbd.config.keyword.proxy.ProxyKeywords;
import net.lbd.config.keyword.proxy.RoutingKeywords;
import net.lbd.config.keyword.proxy.TimeoutKeywords;
import net.lbd.config.keyword.proxy.CompressionKeywords;
import net.lbd.config.keyword.proxy.EmailAlertKeywords;
import net.lbd.config.keyword.proxy.ErrorKeywords;
import net.lbd.config.keyword.proxy.MoreOptionKeywords;
import net.lbd.config.keyword.proxy.MoreProxyKeywords;
import net.lbd.config.keyword.proxy.PersistenceKeywords;
import net.lbd.config.keyword.proxy.RemovedKeywords;
import net.lbd.config.keyword.proxy.SocketKeywords;
import net.lbd.config.keyword.proxy.StatsKeywords;
import net.lbd.config.keyword.proxy.StickKeywords;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/** The one list of all keyword families: a new family is added here. Immutable. */
public final class Vocabulary {

    /** The lines of {@code global}. */
    public static final KeywordTable<Directive<GlobalDraft>> GLOBAL =
            KeywordTable.of(GlobalKeywords.ROWS, TlsDefaultKeywords.ROWS, TlsFileKeywords.ROWS, TuneKeywords.ROWS, VariableKeywords.ROWS, MoreGlobalKeywords.ROWS);

    /** The lines of {@code defaults}, {@code frontend}, {@code backend} and {@code listen}. */
    public static final KeywordTable<Directive<ProxyDraft>> PROXY = KeywordTable.of(
            ProxyKeywords.ROWS, TimeoutKeywords.ROWS, OptionKeywords.ROWS, LogKeywords.ROWS, BalanceKeywords.ROWS,
            RoutingKeywords.ROWS, RuleKeywords.ROWS, CheckKeywords.ROWS, SharedCheckKeywords.ROWS, TcpCheckKeywords.ROWS,
            CheckOptions.ROWS, StatsKeywords.ROWS,
            ErrorKeywords.ROWS, EmailAlertKeywords.ROWS, PersistenceKeywords.ROWS, HashKeywords.ROWS, CookieKeywords.ROWS, StickKeywords.ROWS,
            MoreOptionKeywords.ROWS,
            MoreProxyKeywords.ROWS,
            HttpOptionKeywords.ROWS, SocketKeywords.ROWS, CompressionKeywords.ROWS, RemovedKeywords.ROWS);

    private Vocabulary() { }

    /** Begins to make the tables on a thread of its own, while files are still being read; whoever needs one waits for it. */
    public static void beginToLoad() {
        Thread thread = new Thread(GLOBAL::hashCode, "lbd-vocabulary");
        thread.setDaemon(true);
        thread.start();
    }

    /** The row of a line of a proxy; a name of two words goes before one of one. */
    public static Optional<Directive<ProxyDraft>> directive(Statement line) {
        List<Word> words = line.words();
        int first = words.size() > 1 && (words.get(0).is("no") || words.get(0).is("default")) ? 1 : 0;
        Optional<Directive<ProxyDraft>> pair = words.size() > first + 1
                ? PROXY.find(words.get(first).text(), words.get(first + 1).text()) : Optional.empty();
        return pair.isPresent() ? pair : PROXY.find(words.get(first).text());
    }
}
