package net.lbd.config.check;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.keyword.sample.Signature;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** Whether a sample has a value where it is used, and whether what it names exists. Not thread-safe. */
final class SampleChecker {

    /** Fetches of a server's first bytes, which are kept for the rules about them. */
    private static final Set<String> OF_RESPONSE_CONTENT = Set.of("res.len", "res.payload", "res.payload_lv", "res.ssl_hello_type");

    private static final Set<Checkpoint> OF_RAW_ANSWERS = Set.of(Checkpoint.BACKEND_RESPONSE_CONTENT, Checkpoint.CHECK);

    private final Map<String, ProxyDraft> frontends;
    private final Map<String, ProxyDraft> backends;
    /** Where a connection in mode tcp is looked at for HTTP/1 in its first bytes. */
    private static final Set<Checkpoint> OF_FIRST_BYTES =
            Set.of(Checkpoint.FRONTEND_CONTENT, Checkpoint.BACKEND_SWITCHING, Checkpoint.BACKEND_CONTENT);

    private final NameChecker names;
    private final ModeSwitches modes;
    private final Diagnostics diagnostics;

    SampleChecker(
            Map<String, ProxyDraft> frontends, Map<String, ProxyDraft> backends, NameChecker names, ModeSwitches modes, Diagnostics diagnostics) {
        this.names = names;
        this.modes = modes;
        this.frontends = frontends;
        this.backends = backends;
        this.diagnostics = diagnostics;
    }

    ModeSwitches modes() {
        return modes;
    }

    /**
     * An expression whose value is needed: that it has none is an error.
     *
     * @param at where to report
     * @param checkpoints the sample must have a value at one of them
     */
    void check(SampleSpec sample, Word at, Set<Checkpoint> checkpoints, ProxyDraft proxy) {
        check(sample, at, checkpoints, proxy, Severity.ERROR);
    }

    /** A sample of a condition: without a value the condition just never holds, which HAProxy lets pass. */
    void checkCondition(SampleSpec sample, Word at, Set<Checkpoint> checkpoints, ProxyDraft proxy) {
        check(sample, at, checkpoints, proxy, Severity.WARNING);
    }

    /** Whether the backends, frontends and servers exist that a sample names, wherever it is used. */
    void checkReferences(SampleSpec sample, Word at, ProxyDraft proxy) {
        SampleVocabulary.FETCHES.find(sample.fetch().keyword()).ifPresent(fetch -> references(sample, fetch, at, proxy));
    }

    private void check(SampleSpec sample, Word at, Set<Checkpoint> checkpoints, ProxyDraft proxy, Severity severity) {
        Optional<FetchKeyword> found = SampleVocabulary.FETCHES.find(sample.fetch().keyword());
        if (found.isEmpty()) {
            return;
        }
        FetchKeyword fetch = found.get();
        if (Collections.disjoint(fetch.source().checkpoints(), checkpoints)) {
            String where = String.join(" or ", checkpoints.stream().sorted().map(Checkpoint::description).toList());
            diagnostics.add(severity, Code.SAMPLE_NOT_HERE, at.location(), at.length(), "'" + sample.text() + "' has no value in "
                    + where + ": it reads " + fetch.source().description()
                    + (severity == Severity.WARNING ? "; the condition never holds" : ""), Optional.empty());
        } else if (fetch.http() && proxy.mode() == ProxyMode.TCP && !checkpoints.contains(Checkpoint.CHECK)
                && !modes.mayBecomeHttp(proxy) && !seesFirstBytes(checkpoints, proxy)) {
            diagnostics.add(severity, Code.SAMPLE_NOT_HERE, at.location(), at.length(), "'" + sample.text()
                    + "' reads HTTP, but " + proxy.title() + " is in mode tcp"
                    + (severity == Severity.WARNING ? "; the condition never holds" : ""),
                    Optional.of("write 'mode http' in the section or in its defaults"));
        }
        if (OF_RESPONSE_CONTENT.contains(fetch.name()) && Collections.disjoint(checkpoints, OF_RAW_ANSWERS)
                && !Collections.disjoint(fetch.source().checkpoints(), checkpoints)) {
            diagnostics.warn(Code.SAMPLE_NOT_HERE, at, "'" + sample.text() + "' has no value in rules about HTTP responses: it reads what"
                    + " 'tcp-response content' rules and checks see; res.body reads the body of a response");
        }
        if (sample.location().equals(SourceLocation.BUILT_IN) && fetch.support() instanceof Support.NotYet) {
            // The predefined ACLs are read once for all: what they need is told where they are used.
            diagnostics.notice(Code.NOT_YET, at, "'" + at + "' is not supported yet by this version; the daemon refuses to start with it");
        }
        references(sample, fetch, at, proxy);
    }

    /** Without content rules nothing is read before there is a server. */
    private static boolean seesFirstBytes(Set<Checkpoint> checkpoints, ProxyDraft proxy) {
        return !Collections.disjoint(checkpoints, OF_FIRST_BYTES)
                && proxy.rules().stream().anyMatch(rule -> rule.set() == RuleSet.TCP_REQUEST_CONTENT);
    }

    private void references(SampleSpec sample, FetchKeyword fetch, Word at, ProxyDraft proxy) {
        converterReferences(sample, at);
        for (int i = 0; i < sample.fetch().arguments().size(); i++) {
            Signature.Argument declared = fetch.signature().arguments().get(i);
            if (sample.fetch().arguments().get(i) instanceof SampleSpec.Argument.Text text) {
                switch (declared.kind()) {
                    case BACKEND -> known(backends, text.text(), "backend", sample, at);
                    case FRONTEND -> known(frontends, text.text(), "frontend", sample, at);
                    case TABLE -> names.check(ProxyDraft.NameKind.TABLE, at, text.text());
                    case USERLIST -> names.check(ProxyDraft.NameKind.USERLIST, at, text.text());
                    case SERVER -> server(text.text(), sample, at, proxy);
                    default -> { }
                }
            }
        }
        int given = sample.fetch().arguments().size();
        if (given < fetch.signature().arguments().size()) {
            ownReference(fetch.signature().arguments().get(given).kind(), sample, fetch, at, proxy);
        }
        if (fetch.name().equals("capture.req.hdr") || fetch.name().equals("capture.res.hdr")) {
            capture(sample, at, proxy);
        }
    }

    /** What is not named is the proxy's own. */
    private void ownReference(Signature.Kind kind, SampleSpec sample, FetchKeyword fetch, Word at, ProxyDraft proxy) {
        if (kind == Signature.Kind.BACKEND && !proxy.kind().hasBackend()) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "'" + sample.text() + "' means " + proxy.title()
                    + ", which has no servers; name a backend: " + fetch.name() + "(name)");
        } else if (kind == Signature.Kind.TABLE && !proxy.hasStickTable()
                && (fetch.name().startsWith("src_") || fetch.name().startsWith("table_"))) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "'" + sample.text() + "' means the stick-table of " + proxy.title()
                    + ", which has none; name one: " + fetch.name() + "(table)");
        }
    }

    private void known(Map<String, ProxyDraft> names, String name, String kind, SampleSpec sample, Word at) {
        if (!names.containsKey(name)) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "'" + sample.text() + "': no " + kind + " is named '" + name + "'"
                    + Nearest.suggestion(name, names.keySet()));
        }
    }

    private void server(String name, SampleSpec sample, Word at, ProxyDraft proxy) {
        int slash = name.indexOf('/');
        ProxyDraft backend = slash < 0 ? proxy : backends.get(name.substring(0, slash));
        String server = name.substring(slash + 1);
        if (backend == null) {
            known(backends, name.substring(0, slash), "backend", sample, at);
        } else if (backend.servers().stream().noneMatch(s -> s.name().is(server))) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "'" + sample.text() + "': " + backend.title()
                    + " has no server '" + server + "'"
                    + Nearest.suggestion(server, backend.servers().stream().map(s -> s.name().text()).toList()));
        }
    }

    /** The tables that converters look a key up in. */
    private void converterReferences(SampleSpec sample, Word at) {
        for (SampleSpec.Converter converter : sample.converters()) {
            Signature signature = SampleVocabulary.CONVERTERS.find(converter.keyword()).orElseThrow().signature();
            for (int i = 0; i < converter.arguments().size(); i++) {
                if (signature.arguments().get(i).kind() == Signature.Kind.TABLE
                        && converter.arguments().get(i) instanceof SampleSpec.Argument.Text text) {
                    names.check(ProxyDraft.NameKind.TABLE, at, text.text());
                }
            }
        }
    }

    private void capture(SampleSpec sample, Word at, ProxyDraft proxy) {
        boolean request = sample.fetch().keyword().equals("capture.req.hdr");
        long slots = proxy.captures().stream()
                .filter(c -> (c.direction() == net.lbd.config.model.CaptureSpec.Direction.REQUEST) == request).count();
        // A backend sees the captures of whichever frontend the stream came through.
        boolean counted = proxy.kind().hasFrontend() && !sample.fetch().arguments().isEmpty()
                && sample.fetch().arguments().get(0) instanceof SampleSpec.Argument.Number;
        if (counted && sample.fetch().arguments().get(0) instanceof SampleSpec.Argument.Number number
                && (number.value() < 0 || number.value() >= slots)) {
            diagnostics.warn(Code.UNKNOWN_REFERENCE, at, "'" + sample.text() + "': " + proxy.title() + " captures " + slots
                    + (request ? " request" : " response") + " headers; they count from 0");
        }
    }
}
