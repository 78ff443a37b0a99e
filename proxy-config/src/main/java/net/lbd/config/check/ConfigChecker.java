package net.lbd.config.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.AclDraft;
import net.lbd.config.draft.CaptureUse;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.draft.StickDraft;
import net.lbd.config.draft.SwitchDraft;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.keyword.log.BuiltInLogFormats;
import net.lbd.config.keyword.log.LogVariableKeywords;
import net.lbd.config.keyword.rule.BandwidthKeywords;
import net.lbd.config.keyword.rule.ReplyActionKeywords;
import net.lbd.config.keyword.rule.RuleCheckpoints;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.BandwidthLimitSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.ErrorPageSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ReplySpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.model.SharedSections;
import net.lbd.config.model.StatsSpec;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickRules;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.Word;

/**
 * Drafts to a {@link Configuration}, reporting whatever does not fit together. What it yields is whole
 * only if no error was reported. Not thread-safe.
 */
public final class ConfigChecker {

    private final Drafts drafts;
    private final Diagnostics diagnostics;
    private final Map<String, ProxyDraft> frontends = new LinkedHashMap<>();
    private final Map<String, ProxyDraft> backends = new LinkedHashMap<>();
    private final NameChecker names;
    private final SampleChecker samples;
    private final ConditionResolver conditions;
    private final CertificateFinder certificates;
    private final BindChecker binds;
    private final ServerChecker servers;
    private final SharedSections shared;
    private final RingResolver rings;
    private final CacheResolver caches;
    private SectionKind lastKind = SectionKind.GLOBAL;
    private Settings lastSettings = Settings.EMPTY;
    private Settings lastOwn = Settings.EMPTY;

    public ConfigChecker(Drafts drafts, Path workingDirectory, Diagnostics diagnostics) {
        this.drafts = drafts;
        this.diagnostics = diagnostics;
        this.shared = SharedSectionsBuilder.build(drafts, diagnostics);
        this.rings = new RingResolver(drafts, diagnostics);
        this.caches = new CacheResolver(drafts);
        this.names = new NameChecker(drafts, diagnostics);
        this.samples = new SampleChecker(frontends, backends, names, new ModeSwitches(backends), diagnostics);
        this.conditions = new ConditionResolver(samples, diagnostics);
        certificates = new CertificateFinder(workingDirectory, diagnostics);
        this.binds = new BindChecker(drafts.global(), certificates,
                new CertificateListReader(workingDirectory, certificates, diagnostics), diagnostics);
        this.servers = new ServerChecker(drafts.global(), certificates, samples, names, diagnostics);
    }

    public Configuration check() {
        collectNames();
        checkNumbers();
        drafts.global().logTargets().replaceAll(rings::resolve);
        new ReferenceChecker(drafts, diagnostics).check();
        new TrackChecker(drafts.proxies(), diagnostics).check();
        new StickKeyChecker(shared.stickTables(), diagnostics).check(drafts.proxies());
        new SectionChecker(drafts, diagnostics).check();
        List<FrontendSpec> frontendSpecs = new ArrayList<>();
        List<BackendSpec> backendSpecs = new ArrayList<>();
        for (ProxyDraft proxy : drafts.proxies()) {
            timeouts(proxy);
            uses(proxy);
            List<RuleSpec> rules = rules(proxy);
            if (proxy.kind().hasFrontend()) {
                frontendSpecs.add(frontend(proxy, rules));
            }
            if (proxy.kind().hasBackend()) {
                backendSpecs.add(backend(proxy, rules));
            }
            unusedAcls(proxy);
        }
        List<DirectorSpec> directors = new DirectorChecker(servers, this::logTargets, diagnostics).build(drafts, backends);
        Set<String> groups = new HashSet<>(backends.keySet());
        directors.forEach(director -> groups.add(director.name()));
        return new Configuration(drafts.global().toSpec(), frontendSpecs, backendSpecs, directors,
                new VrrpChecker(diagnostics).build(drafts, groups), shared.withPeers(new PeersChecker(binds, servers, diagnostics).build(drafts)));
    }

    /** Plain loops: most proxies use nothing, and there may be thousands. */
    private void uses(ProxyDraft proxy) {
        for (SampleUse use : proxy.sampleUses()) {
            samples.check(use.sample(), use.at(), use.checkpoints(), proxy);
        }
        for (Word file : proxy.fileUses()) {
            certificates.findFile(file, "file");
        }
        for (ProxyDraft.NameUse use : proxy.nameUses()) {
            names.check(use.kind(), use.name(), use.name().text());
        }
        for (ProxyDraft.ConditionUse use : proxy.conditionUses()) {
            conditions.resolve(use.condition(), use.checkpoints(), proxy);
        }
        for (CaptureUse use : proxy.captureUses()) {
            capture(use, proxy);
        }
    }

    /** In a backend the slot is that of whichever frontend the stream came through: without it nothing is kept. */
    private void capture(CaptureUse use, ProxyDraft proxy) {
        long slots = proxy.captures().stream().filter(c -> c.direction() == use.direction()).count();
        if (proxy.kind().hasFrontend() && use.index() >= slots) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, use.slot(), proxy.title() + " has " + slots + " capture slots for "
                    + (use.direction() == CaptureSpec.Direction.REQUEST ? "requests" : "responses")
                    + "; they count from 0, and 'declare capture' makes one");
        }
    }

    private void collectNames() {
        for (ProxyDraft proxy : drafts.proxies()) {
            if (proxy.kind().hasFrontend()) {
                collect(frontends, proxy);
            }
            if (proxy.kind().hasBackend()) {
                collect(backends, proxy);
            }
        }
    }

    /** Two proxies with one {@code id}. */
    private void checkNumbers() {
        Map<Integer, ProxyDraft> numbers = new HashMap<>();
        for (ProxyDraft proxy : drafts.proxies()) {
            proxy.settings().find(ProxySettings.ID).ifPresent(id -> {
                ProxyDraft before = numbers.putIfAbsent(id.value(), proxy);
                if (before != null) {
                    diagnostics.error(Code.DUPLICATE, proxy.name(), proxy.title() + ": id " + id.value() + " is that of " + before.title()
                            + " already, at " + before.name().location().fileAndLine());
                }
            });
        }
    }

    private void collect(Map<String, ProxyDraft> names, ProxyDraft proxy) {
        ProxyDraft before = names.putIfAbsent(proxy.name().text(), proxy);
        if (before != null) {
            diagnostics.error(Code.DUPLICATE, proxy.name(), proxy.title() + " has the name of the " + before.kind().keyword()
                    + " section at " + before.name().location().fileAndLine());
        }
    }

    /** Fills the log format in before the settings are built, so that both sides of a listen have it. */
    private FrontendSpec frontend(ProxyDraft proxy, List<RuleSpec> rules) {
        logFormat(proxy);
        List<BackendSwitchSpec> switching = new ArrayList<>();
        for (SwitchDraft line : proxy.switching()) {
            Optional<String> literal = line.backend().asLiteral();
            if (literal.isPresent()) {
                backendOf(proxy, line.name(), literal.get(), "use_backend");
            }
            for (LogFormatSpec.Node node : line.backend().nodes()) {
                if (node instanceof LogFormatSpec.Expression expression) {
                    samples.check(expression.sample(), line.name(), Set.of(Checkpoint.BACKEND_SWITCHING), proxy);
                }
            }
            switching.add(new BackendSwitchSpec(line.keyword().location(), line.backend(),
                    conditions.resolve(line.condition(), Set.of(Checkpoint.BACKEND_SWITCHING), proxy)));
        }
        proxy.defaultBackend().ifPresent(word -> backendOf(proxy, word, word.text(), "default_backend"));
        Optional<String> defaultBackend = proxy.defaultBackend().map(Word::text);
        if (defaultBackend.isEmpty() && proxy.kind() == SectionKind.LISTEN) {
            defaultBackend = Optional.of(proxy.name().text());
        }
        if (proxy.binds().isEmpty() && !BindChecker.isDisabled(proxy)) {
            diagnostics.warn(Code.NO_LISTENER, proxy.name(), proxy.title() + " has no bind line, so nothing reaches it");
        }
        return new FrontendSpec(proxy.name().text(), proxy.keyword().location(), proxy.mode(), binds.build(proxy),
                rules, switching, defaultBackend, proxy.captures(), logTargets(proxy), settings(proxy));
    }

    private BackendSpec backend(ProxyDraft proxy, List<RuleSpec> rules) {
        List<ServerSpec> serverSpecs = servers.build(proxy);
        new CheckSequence(proxy, diagnostics).check();
        stickRules(proxy);
        return new BackendSpec(proxy.name().text(), proxy.keyword().location(), proxy.mode(), balance(proxy), serverSpecs,
                rules, proxy.check().toSpec(), logTargets(proxy), settings(proxy));
    }

    /** What hashes requests finds none in mode tcp. */
    private BalanceSpec balance(ProxyDraft proxy) {
        BalanceSpec balance = proxy.balance();
        if (proxy.mode() == ProxyMode.TCP && Set.of("uri", "url_param", "hdr").contains(balance.algorithm())) {
            diagnostics.warn(Code.MODE, proxy.name(), "'balance " + balance.algorithm() + "' (" + balance.location().fileAndLine()
                    + ") cannot be used in " + proxy.title() + ", which is in mode tcp; roundrobin is used");
            return new BalanceSpec(balance.location(), "roundrobin", List.of());
        }
        return balance;
    }

    private void stickRules(ProxyDraft proxy) {
        List<StickRules.Rule> rules = new ArrayList<>();
        for (StickDraft line : proxy.stickRules()) {
            rules.add(new StickRules.Rule(line.location(), line.kind(), line.key(),
                    line.table().isEmpty() ? proxy.name().text() : line.table(),
                    conditions.resolve(line.condition(), Set.of(line.checkpoint()), proxy)));
        }
        if (!rules.isEmpty()) {
            proxy.settings().put(ProxySettings.STICK, new StickRules(rules), rules.get(0).location());
        }
    }

    /** Without what defaults say for the other side of a proxy. */
    private Settings settings(ProxyDraft proxy) {
        Settings all = proxy.settings().build();
        if (proxy.kind() == lastKind && all.isShared(lastSettings)) {
            // Nothing but what its defaults say, as for the section before it.
            return lastOwn;
        }
        Settings.Builder own = Settings.builder().putAll(all);
        if (!all.isSet(ProxySettings.TIMEOUT_TARPIT)) {
            // A frontend has no timeout connect of its own, but what its defaults say, or the built-in default, holds for its tarpit.
            own.put(ProxySettings.TIMEOUT_TARPIT, all.get(ProxySettings.TIMEOUT_CONNECT), all.origin(ProxySettings.TIMEOUT_CONNECT));
        }
        for (int i = 0; i < all.size(); i++) {
            Optional<Directive<ProxyDraft>> row = Vocabulary.PROXY.find(all.key(i).name());
            if (row.isPresent() && !row.get().sections().contains(proxy.kind())) {
                own.remove(all.key(i));
            }
        }
        lastKind = proxy.kind();
        lastSettings = all;
        lastOwn = own.build();
        return lastOwn;
    }

    /** Whether rules of the set can stand in this kind of section; defaults give theirs to all. */
    private static boolean fits(RuleDraft rule, ProxyDraft proxy) {
        return switch (rule.set()) {
            case TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, MONITOR_FAIL -> proxy.kind().hasFrontend();
            case TCP_RESPONSE_CONTENT, USE_SERVER, FORCE_PERSIST, IGNORE_PERSIST -> proxy.kind().hasBackend();
            default -> true;
        };
    }

    /** As in HAProxy: which of them would count first could not be seen. */
    private void statsAccess(ProxyDraft proxy) {
        Optional<StatsSpec> page = proxy.settings().find(ProxySettings.STATS).map(Settings.Sourced::value);
        if (page.filter(p -> !p.logins().isEmpty() || p.realm().isPresent()).isPresent()) {
            proxy.rules().stream().filter(rule -> rule.set() == RuleSet.STATS_ACCESS).findFirst().ifPresent(rule ->
                    diagnostics.error(Code.BAD_VALUE, rule.keyword(), "'stats http-request' and 'stats auth' or 'stats realm' cannot stand together in "
                            + proxy.title(), "write 'stats http-request auth realm NAME unless { http_auth(USERLIST) }' alone"));
        }
    }

    private List<RuleSpec> rules(ProxyDraft proxy) {
        statsAccess(proxy);
        List<RuleSpec> rules = new ArrayList<>();
        for (RuleDraft rule : proxy.rules()) {
            if (!fits(rule, proxy)) {
                continue;
            }
            boolean http = switch (rule.set()) {
                case HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE, REDIRECT, MONITOR_FAIL, STATS_ADMIN, STATS_ACCESS -> true;
                default -> false;
            };
            if (http && proxy.mode() == ProxyMode.TCP && !samples.modes().mayBecomeHttp(proxy)) {
                diagnostics.warn(Code.MODE, rule.keyword(), "'" + rule.set().keyword() + "' has no effect in " + proxy.title()
                        + ", which is in mode tcp", "write 'mode http' in the section or in its defaults");
                continue;
            }
            if (rule.set() == RuleSet.TCP_RESPONSE_CONTENT && proxy.mode() == ProxyMode.HTTP) {
                diagnostics.notice(Code.NOT_YET, rule.keyword(), "'tcp-response content' in mode http is not supported yet by this"
                        + " version; the daemon refuses to start with it");
            }
            if (rule.action() instanceof ReplyActionKeywords.Answers answers) {
                pageOf(answers.reply(), rule.keyword());
            }
            ActionSpec action = rule.action() instanceof BandwidthKeywords.SetBandwidthLimit limit ? limited(limit, proxy)
                    : caches.resolve(rule.action());
            rules.add(new RuleSpec(rule.keyword().location(), rule.set(), action,
                    conditions.resolve(rule.condition(), RuleCheckpoints.of(rule.set(), proxy.kind()), proxy)));
        }
        return rules;
    }

    private ActionSpec limited(BandwidthKeywords.SetBandwidthLimit action, ProxyDraft proxy) {
        BandwidthLimitSpec filter = proxy.bandwidthLimits().get(action.name().text());
        if (filter == null) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, action.name(), "'set-bandwidth-limit " + action.name() + "': " + proxy.title()
                    + " has no 'filter bwlim-in' or 'bwlim-out' of that name" + Nearest.suggestion(action.name().text(), proxy.bandwidthLimits().keySet()));
            return action;
        }
        if (filter.shared().isPresent() && action.hasOwn()) {
            diagnostics.error(Code.BAD_VALUE, action.name(), "'set-bandwidth-limit " + action.name() + "': streams share this limit, so that"
                    + " no rule can give it another limit or period");
        }
        filter.shared().ifPresent(shared -> {
            String table = shared.table().isEmpty() ? proxy.name().text() : shared.table();
            StickDataType rate = filter.ofResponse() ? StickDataType.BYTES_OUT_RATE : StickDataType.BYTES_IN_RATE;
            this.shared.stickTables().stream().filter(spec -> spec.name().equals(table)
                    && spec.stored().stream().noneMatch(stored -> stored.type() == rate)).findFirst().ifPresent(spec ->
                    diagnostics.error(Code.BAD_VALUE, action.name(), "'set-bandwidth-limit " + action.name() + "': table '" + table
                            + "' must store " + rate.word() + ", the rate that is limited"));
            if (this.shared.stickTables().stream().noneMatch(spec -> spec.name().equals(table))) {
                diagnostics.error(Code.UNKNOWN_REFERENCE, action.name(), "'set-bandwidth-limit " + action.name() + "': its filter counts in"
                        + " the stick-table of '" + table + "', which has none");
            }
        });
        return action.of(filter);
    }

    /** HAProxy answers with the proxy's own page where the section has none. */
    private void pageOf(ReplySpec reply, Word at) {
        if (reply.content() instanceof ReplySpec.PageOf page) {
            Map<Integer, ErrorPageSpec> pages = shared.httpErrors().get(page.section());
            if (pages != null && !pages.containsKey(reply.status())) {
                diagnostics.warn(Code.NO_EFFECT, at, "section 'http-errors " + page.section() + "' has no page for status "
                        + reply.status() + "; the proxy's own is sent");
            }
        }
    }

    private void backendOf(ProxyDraft proxy, Word at, String name, String keyword) {
        ProxyDraft backend = backends.get(name);
        if (backend == null) {
            String kind = frontends.containsKey(name) ? "; '" + name + "' is a frontend" : Nearest.suggestion(name, backends.keySet());
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "'" + keyword + " " + name + "': no backend is named '" + name + "'" + kind);
            return;
        }
        if (proxy.mode() == ProxyMode.HTTP && backend.mode() == ProxyMode.TCP) {
            diagnostics.error(Code.MODE, at, proxy.title() + " is in mode " + name(proxy.mode()) + ", but " + backend.title() + " ("
                    + backend.name().location().fileAndLine() + ") is in mode " + name(backend.mode()),
                    "give both sections the same 'mode'");
        }
    }

    private static String name(ProxyMode mode) {
        return mode == ProxyMode.HTTP ? "http" : "tcp";
    }

    private void logFormat(ProxyDraft proxy) {
        Optional<ProxyDraft.LogFormatUse> use = proxy.logFormat();
        if (use.isEmpty()) {
            return;
        }
        Word word = use.get().word();
        if (use.get().needsHttp() && proxy.mode() == ProxyMode.TCP) {
            diagnostics.warn(Code.MODE, word, "'option httplog' cannot be used in " + proxy.title()
                    + ", which is in mode tcp; 'option tcplog' is used");
            Word format = new Word(BuiltInLogFormats.TCP, word.location(), word.length());
            proxy.settings().put(ProxySettings.LOG_FORMAT,
                    LogFormatReader.read(format, SampleReader.Direction.REQUEST, diagnostics), word.location());
            return;
        }
        LogFormatSpec format = proxy.settings().find(ProxySettings.LOG_FORMAT).orElseThrow().value();
        for (LogFormatSpec.Node node : format.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                samples.check(expression.sample(), word, Set.of(Checkpoint.LOG), proxy);
            } else if (node instanceof LogFormatSpec.Variable variable && proxy.mode() == ProxyMode.TCP
                    && LogVariableKeywords.TABLE.find(variable.name()).filter(v -> v.http()).isPresent()) {
                diagnostics.error(Code.MODE, word, "log-format variable '%" + variable.name() + "' has no value in "
                        + proxy.title() + ", which is in mode tcp");
            }
        }
    }

    private List<LogTargetSpec> logTargets(ProxyDraft proxy) {
        List<LogTargetSpec> targets = new ArrayList<>();
        if (proxy.logGlobal()) {
            targets.addAll(drafts.global().logTargets());
        }
        targets.addAll(proxy.logTargets());
        targets.replaceAll(rings::resolve);
        return targets;
    }

    private void timeouts(ProxyDraft proxy) {
        List<String> missing = new ArrayList<>(0);
        if (proxy.kind().hasFrontend() && !proxy.binds().isEmpty() && !proxy.settings().isSet(ProxySettings.TIMEOUT_CLIENT)) {
            missing.add("'timeout client'");
        }
        if (proxy.kind().hasBackend() && !proxy.servers().isEmpty()) {
            if (!proxy.settings().isSet(ProxySettings.TIMEOUT_CONNECT)) {
                missing.add("'timeout connect'");
            }
            if (!proxy.settings().isSet(ProxySettings.TIMEOUT_SERVER)) {
                missing.add("'timeout server'");
            }
        }
        if (!missing.isEmpty()) {
            boolean connect = missing.contains("'timeout connect'");
            diagnostics.warn(Code.MISSING_TIMEOUT, proxy.name(), proxy.title() + " has no " + String.join(", no ", missing)
                    + (!connect ? "" : missing.size() == 1 ? "; 5s is used" : "; 5s is used to connect")
                    + (connect && missing.size() == 1 ? "" : "; a peer that falls silent holds its connection for ever"),
                    "set it in the section or in its defaults");
        }
    }

    private void unusedAcls(ProxyDraft proxy) {
        if (proxy.acls().isEmpty()) {
            return;
        }
        for (AclDraft acl : proxy.acls().values()) {
            if (!acl.isUsed() && proxy.isOwn(acl)) {
                diagnostics.notice(Code.UNUSED, acl.name(), "ACL '" + acl.name() + "' is never used in " + proxy.title());
                acl.toSpec().tests().forEach(test -> samples.checkReferences(test.sample(), acl.name(), proxy));
            }
        }
    }
}
