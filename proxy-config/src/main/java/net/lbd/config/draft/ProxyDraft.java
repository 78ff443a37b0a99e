package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.BandwidthLimitSpec;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.syntax.Word;

/**
 * A {@code defaults}, {@code frontend}, {@code backend} or {@code listen} section. Not thread-safe.
 *
 * <p>The lists are open on purpose: each belongs to the keyword family that fills it.
 */
public final class ProxyDraft {

    private final SectionKind kind;
    private final Word keyword;
    private final Word name;
    private Optional<ProxyDraft> from = Optional.empty();
    private Optional<ProxyMode> mode = Optional.empty();
    private final Settings.Builder settings = Settings.builder();
    private final List<BindDraft> binds = new ArrayList<>();
    private final List<ServerDraft> servers = new ArrayList<>();
    private final ServerDraft defaultServer;
    private final Map<String, AclDraft> acls = new LinkedHashMap<>();
    private final Set<AclDraft> inheritedAcls = new HashSet<>();
    private final List<RuleDraft> rules = new ArrayList<>();
    private final List<SwitchDraft> switching = new ArrayList<>();
    private Optional<SwitchDraft> catchAll = Optional.empty();
    private Optional<Word> defaultBackend = Optional.empty();
    private final List<CaptureSpec> captures = new ArrayList<>();
    private final List<CaptureUse> captureUses = new ArrayList<>();
    private final List<LogTargetSpec> logTargets = new ArrayList<>();
    private boolean logGlobal;
    private BalanceSpec balance = BalanceSpec.DEFAULT;
    private final CheckDraft check = new CheckDraft();
    private boolean ownCheckSteps;
    private final List<SampleUse> sampleUses = new ArrayList<>();
    private final List<ConditionUse> conditionUses = new ArrayList<>();
    private final List<NameUse> nameUses = new ArrayList<>();
    private final List<Word> fileUses = new ArrayList<>();
    private final Map<RuleSet, Word> finalRules = new HashMap<>();
    private Optional<StickTableSpec> stickTable = Optional.empty();
    private final List<StickDraft> stickRules = new ArrayList<>();
    private Optional<LogFormatUse> logFormat = Optional.empty();

    private final Map<String, BandwidthLimitSpec> bandwidthLimits = new LinkedHashMap<>();

    /** A condition of a directive that has no place in the model yet: it is checked like any other. */
    public record ConditionUse(ConditionDraft condition, Set<Checkpoint> checkpoints) { }

    /** A name of another section: {@code kind} says what must bear it. */
    public record NameUse(NameKind kind, Word name) { }

    /** What a {@link NameUse} may refer to. */
    public enum NameKind { TABLE, USERLIST, PEERS, MAILERS, CACHE, HTTP_ERRORS, RESOLVERS, VRRP }

    /** What chose the log format, and whether it needs mode http. */
    public record LogFormatUse(Word word, boolean needsHttp) { }

    /**
     * @param keyword the word that begins the section
     * @param name its name, or {@code keyword} if it has none
     */
    public ProxyDraft(SectionKind kind, Word keyword, Word name) {
        this.kind = kind;
        this.keyword = keyword;
        this.name = name;
        this.defaultServer = new ServerDraft(name, name, null);
    }

    /** A section of the same kind and name in which nothing stands yet. */
    public ProxyDraft fresh() {
        return new ProxyDraft(kind, keyword, name);
    }

    public SectionKind kind() {
        return kind;
    }

    public Word keyword() {
        return keyword;
    }

    public Word name() {
        return name;
    }

    /** Whether a {@code defaults} section has a name, which lets it hold rules and ACLs. */
    public boolean isNamed() {
        return name != keyword;
    }

    /** As messages name it: {@code frontend 'ft_web'}. */
    public String title() {
        return isNamed() ? kind.keyword() + " '" + name + "'" : kind.keyword();
    }

    public ProxyMode mode() {
        return mode.orElse(ProxyMode.TCP);
    }

    public void mode(ProxyMode value) {
        mode = Optional.of(value);
    }

    public Settings.Builder settings() {
        return settings;
    }

    /** The {@code filter bwlim-in} and {@code bwlim-out} lines, by their names. */
    public Map<String, BandwidthLimitSpec> bandwidthLimits() {
        return bandwidthLimits;
    }

    public List<BindDraft> binds() {
        return binds;
    }

    public List<ServerDraft> servers() {
        return servers;
    }

    public ServerDraft defaultServer() {
        return defaultServer;
    }

    public Map<String, AclDraft> acls() {
        return acls;
    }

    /** The ACL of a name; its first line creates it. */
    public AclDraft acl(Word aclName) {
        return acls.computeIfAbsent(aclName.text(), n -> new AclDraft(aclName));
    }

    /** Whether an ACL was declared in this section itself and not in its defaults. */
    public boolean isOwn(AclDraft acl) {
        return !inheritedAcls.contains(acl);
    }

    public List<RuleDraft> rules() {
        return rules;
    }

    public List<SwitchDraft> switching() {
        return Collections.unmodifiableList(switching);
    }

    public void addSwitch(SwitchDraft line) {
        switching.add(line);
        if (catchAll.isEmpty() && line.condition().isEmpty()) {
            catchAll = Optional.of(line);
        }
    }

    /** The first {@code use_backend} line that takes everything: those behind it are never reached. */
    public Optional<SwitchDraft> catchAll() {
        return catchAll;
    }

    public Optional<Word> defaultBackend() {
        return defaultBackend;
    }

    public void defaultBackend(Optional<Word> value) {
        defaultBackend = value;
    }

    public List<CaptureSpec> captures() {
        return captures;
    }

    /** The slots that rules name. */
    public List<CaptureUse> captureUses() {
        return captureUses;
    }

    public List<LogTargetSpec> logTargets() {
        return logTargets;
    }

    public boolean logGlobal() {
        return logGlobal;
    }

    public void logGlobal(boolean value) {
        logGlobal = value;
    }

    public BalanceSpec balance() {
        return balance;
    }

    public void balance(BalanceSpec value) {
        balance = value;
    }

    public CheckDraft check() {
        return check;
    }

    /** The check to add a step to: the first step of a proxy replaces those of its defaults. */
    public CheckDraft checkForStep() {
        if (!ownCheckSteps) {
            ownCheckSteps = true;
            check.forgetSteps();
        }
        return check;
    }

    public List<SampleUse> sampleUses() {
        return sampleUses;
    }

    public List<ConditionUse> conditionUses() {
        return conditionUses;
    }

    public List<NameUse> nameUses() {
        return nameUses;
    }

    /** Names of files that must be there. */
    public List<Word> fileUses() {
        return fileUses;
    }

    /** The first rule of each set that ends its list whatever comes: those behind it are never reached. */
    public Map<RuleSet, Word> finalRules() {
        return finalRules;
    }

    /** Whether the proxy has a stick-table, which bears its name. */
    public boolean hasStickTable() {
        return stickTable.isPresent();
    }

    public Optional<StickTableSpec> stickTable() {
        return stickTable;
    }

    public void setStickTable(StickTableSpec table) {
        stickTable = Optional.of(table);
    }

    /** The {@code stick} lines. */
    public List<StickDraft> stickRules() {
        return stickRules;
    }

    public Optional<LogFormatUse> logFormat() {
        return logFormat;
    }

    public void logFormat(LogFormatUse use) {
        logFormat = Optional.of(use);
    }

    /** The section whose defaults hold here. */
    public Optional<ProxyDraft> defaults() {
        return from;
    }

    /** Takes everything that {@code defaults} gives. */
    public void inherit(ProxyDraft defaults) {
        from = Optional.of(defaults);
        mode = defaults.mode;
        settings.putAll(defaults.settings.build());
        defaultServer.inherit(defaults.defaultServer);
        defaultBackend = defaults.defaultBackend;
        addAll(logTargets, defaults.logTargets);
        logGlobal = defaults.logGlobal;
        balance = defaults.balance;
        check.inherit(defaults.check);
        logFormat = defaults.logFormat;
        if (!defaults.acls.isEmpty()) {
            acls.putAll(defaults.acls);
            inheritedAcls.addAll(defaults.acls.values());
        }
        addAll(rules, defaults.rules);
        if (!defaults.finalRules.isEmpty()) {
            finalRules.putAll(defaults.finalRules);
        }
    }

    private static <E> void addAll(List<E> to, List<E> from) {
        // Most have nothing to give, and there may be thousands of proxies.
        if (!from.isEmpty()) {
            to.addAll(from);
        }
    }
}
