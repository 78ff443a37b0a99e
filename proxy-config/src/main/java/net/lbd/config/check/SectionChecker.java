package net.lbd.config.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/**
 * What sections must hold beyond their lines, and which sections may not go together: caches, FastCGI applications, defaults
 * with rules. Reads the lines of what has no place in the model yet. Not thread-safe.
 */
final class SectionChecker {

    private final Drafts drafts;
    private final Diagnostics diagnostics;

    SectionChecker(Drafts drafts, Diagnostics diagnostics) {
        this.drafts = drafts;
        this.diagnostics = diagnostics;
    }

    void check() {
        Map<String, Word> applications = new HashMap<>();
        boolean used = false;
        for (SectionText section : drafts.texts()) {
            if (section.kind() == SectionKind.CACHE) {
                cache(section);
            } else if (section.kind() == SectionKind.FCGI_APP) {
                application(section, applications);
            }
            used |= section.kind().hasBackend() && section.firstWords().contains("use-fcgi-app");
        }
        if (used) {
            for (SectionText section : drafts.texts()) {
                if (section.kind().hasBackend()) {
                    line(section, "use-fcgi-app").ifPresent(line -> use(section, line, applications));
                }
            }
        }
        rulesOfDefaults();
    }

    /** HAProxy manual, "Cache": the size has no default, and one response may have half of it. */
    private void cache(SectionText section) {
        Optional<Statement> size = line(section, "total-max-size");
        if (size.isEmpty()) {
            diagnostics.error(Code.MISSING_ARGUMENT, name(section), "cache '" + section.name() + "' has no size",
                    "write 'total-max-size' and a number of megabytes");
            return;
        }
        Optional<Statement> largest = line(section, "max-object-size");
        if (largest.isPresent() && number(largest.get()) > number(size.get()) * (1 << 20) / 2) {
            diagnostics.error(Code.BAD_VALUE, largest.get().words().get(1), "'" + largest.get() + "': a response may take half of '"
                    + size.get() + "', which is " + number(size.get()) * (1 << 20) / 2 + " bytes");
        }
    }

    /** The argument of a line; a line that has none of its kind is reported where it is read. */
    private static long number(Statement line) {
        try {
            return line.words().size() > 1 ? Numbers.read(line.words().get(1).text(), 0, Integer.MAX_VALUE) : 0;
        } catch (ValueException reported) {
            return 0;
        }
    }

    private void application(SectionText section, Map<String, Word> applications) {
        Word before = applications.putIfAbsent(section.name(), name(section));
        if (before != null) {
            diagnostics.error(Code.DUPLICATE, name(section), "a fcgi-app section is named '" + section.name() + "' already, at "
                    + before.location().fileAndLine());
        }
        if (line(section, "docroot").isEmpty()) {
            diagnostics.error(Code.MISSING_ARGUMENT, name(section), "fcgi-app '" + section.name() + "' has no 'docroot'",
                    "write 'docroot' and the folder of the scripts");
        }
    }

    private void use(SectionText section, Statement line, Map<String, Word> applications) {
        if (line.words().size() < 2) {
            return;
        }
        Word word = line.words().get(1);
        if (!applications.containsKey(word.text())) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, word, "no fcgi-app section is named '" + word + "'"
                    + Nearest.suggestion(word.text(), applications.keySet()));
        } else if (section.lines().stream().noneMatch(SectionChecker::isFastCgi)) {
            diagnostics.error(Code.MODE, word, "no server of " + section.kind().keyword() + " '" + section.name()
                    + "' speaks FastCGI", "write 'proto fcgi' behind its servers");
        }
    }

    private static boolean isFastCgi(Statement line) {
        if (!line.first().is("server") && !line.first().is("default-server")) {
            return false;
        }
        for (int i = 1; i + 1 < line.words().size(); i++) {
            if (line.words().get(i).is("proto") && line.words().get(i + 1).is("fcgi")) {
                return true;
            }
        }
        return false;
    }

    /** HAProxy manual, "defaults": rules are shared with all that name the section, so that they must all be of one side. */
    private void rulesOfDefaults() {
        Map<ProxyDraft, ProxyDraft> firstUse = new HashMap<>();
        for (ProxyDraft proxy : drafts.proxies()) {
            Optional<ProxyDraft> defaults = proxy.defaults();
            if (defaults.isEmpty() || defaults.get().rules().isEmpty()
                    || defaults.get().rules().stream().allMatch(r -> r.set() == RuleSet.MONITOR_FAIL)) {
                continue;
            }
            String from = defaults.get().title() + " at " + defaults.get().keyword().location().fileAndLine();
            if (proxy.kind() == SectionKind.LISTEN) {
                diagnostics.error(Code.MODE, proxy.name(), proxy.title() + " cannot take its defaults from " + from
                        + ": that holds rules, which would run on both sides", "give the rules to a frontend or a backend, or write them here");
                continue;
            }
            ProxyDraft first = firstUse.putIfAbsent(defaults.get(), proxy);
            if (first != null && first.kind() != proxy.kind()) {
                diagnostics.error(Code.MODE, proxy.name(), proxy.title() + " cannot take its defaults from " + from
                        + ": that holds rules, and " + first.title() + " (" + first.name().location().fileAndLine() + ") takes them already",
                        "make one defaults section with rules for frontends and one for backends");
            }
        }
    }

    private static Optional<Statement> line(SectionText section, String word) {
        return section.firstWords().contains(word)
                ? section.lines().stream().filter(l -> l.first().is(word)).reduce((first, second) -> second) : Optional.empty();
    }

    private static Word name(SectionText section) {
        return section.header().words().size() > 1 ? section.header().words().get(1) : section.header().first();
    }
}
