package net.lbd.config.check;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/**
 * References of lines that have no place in the model yet: stick rules and counters without a table, servers of
 * use-server and track, external checks that nothing allows. Reads the lines themselves. Not thread-safe.
 */
final class ReferenceChecker {

    /** Without {@code tune.stick-counters}. */
    private static final int STICK_COUNTERS = 3;

    private final Drafts drafts;
    private final Diagnostics diagnostics;

    ReferenceChecker(Drafts drafts, Diagnostics diagnostics) {
        this.drafts = drafts;
        this.diagnostics = diagnostics;
    }

    void check() {
        int counters = STICK_COUNTERS;
        boolean externalChecks = false;
        for (SectionText section : drafts.texts()) {
            if (section.kind() == SectionKind.GLOBAL) {
                for (Statement line : section.lines()) {
                    externalChecks |= line.first().is("external-check");
                    if (line.first().is("tune.stick-counters") && line.words().size() > 1
                            && line.words().get(1).text().matches("[0-9]{1,4}")) {
                        counters = Integer.parseInt(line.words().get(1).text());
                    }
                }
            }
        }
        int next = 0;
        for (SectionText section : drafts.texts()) {
            if (!section.kind().isProxy() || section.kind() == SectionKind.DEFAULTS) {
                continue;
            }
            // Proxies and their texts come in one order; a section whose header is wrong has a text only.
            List<ProxyDraft> proxies = drafts.proxies();
            if (next < proxies.size() && proxies.get(next).keyword().location().equals(section.header().location())) {
                ProxyDraft proxy = proxies.get(next++);
                for (Statement line : section.lines()) {
                    check(line, proxy, counters, externalChecks);
                }
            }
        }
    }

    private void check(Statement line, ProxyDraft proxy, int counters, boolean externalChecks) {
        switch (line.first().text()) {
            case "stick" -> {
                if (proxy.kind().hasBackend() && line.words().size() > 2) {
                    ownTable(line, line.words().get(2), proxy);
                }
            }
            case "http-request", "http-response", "http-after-response" -> action(line, 1, proxy, counters);
            case "tcp-request", "tcp-response" -> action(line, 2, proxy, counters);
            case "use-server" -> {
                if (line.words().size() > 1 && proxy.kind().hasBackend() && !line.words().get(1).text().contains("%")) {
                    server(line.words().get(1), line.words().get(1).text(), proxy);
                }
            }
            case "server", "default-server" -> {
                // A server has a name and an address first.
                for (int i = line.first().is("server") ? 3 : 1; i + 1 < line.words().size(); i++) {
                    if (line.words().get(i).is("track")) {
                        tracked(line.words().get(i + 1), proxy);
                    }
                }
            }
            case "option" -> {
                if (line.words().size() > 1 && line.words().get(1).is("external-check") && !externalChecks && proxy.kind().hasBackend()) {
                    diagnostics.error(Code.UNKNOWN_REFERENCE, line.words().get(1),
                            "'option external-check' needs 'external-check' in global, which allows programs to be started");
                }
            }
            default -> { }
        }
    }

    private void action(Statement line, int index, ProxyDraft proxy, int counters) {
        if (index >= line.words().size()) {
            return;
        }
        Word word = line.words().get(index);
        String text = word.text();
        if (text.startsWith("track-sc")) {
            counter(word, text.substring("track-sc".length()), counters);
            ownTable(line, word, proxy);
        } else if (text.startsWith("sc-") && text.endsWith(")")) {
            // The counter is the last of the numbers: sc-inc-gpc(index,counter), sc-inc-gpc0(counter).
            counter(word, text.substring(Math.max(text.indexOf('('), text.lastIndexOf(',')) + 1, text.length() - 1), counters);
        }
    }

    private void counter(Word word, String number, int counters) {
        if (number.matches("[0-9]{1,2}") && Integer.parseInt(number) >= counters) {
            diagnostics.error(Code.BAD_VALUE, word, "'" + word + "': there are " + counters + " counters, from track-sc0 on; "
                    + "'tune.stick-counters' in global makes more");
        }
    }

    /** A line that names no table means the proxy's own. */
    private void ownTable(Statement line, Word at, ProxyDraft proxy) {
        if (!proxy.hasStickTable() && line.words().stream().noneMatch(w -> w.is("table"))) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, "this line means the stick-table of " + proxy.title()
                    + ", which has none; add a 'stick-table' line, or name another with 'table'");
        }
    }

    private void tracked(Word word, ProxyDraft proxy) {
        int slash = word.text().indexOf('/');
        if (slash < 0) {
            server(word, word.text(), proxy);
            return;
        }
        String name = word.text().substring(0, slash);
        Optional<ProxyDraft> backend = drafts.proxies().stream()
                .filter(p -> p.kind().hasBackend() && p.name().is(name)).findFirst();
        if (backend.isPresent()) {
            server(word, word.text().substring(slash + 1), backend.get());
        } else {
            diagnostics.error(Code.UNKNOWN_REFERENCE, word, "'track " + word + "': no backend is named '" + name + "'"
                    + Nearest.suggestion(name, drafts.proxies().stream().map(p -> p.name().text()).toList()));
        }
    }

    private void server(Word at, String name, ProxyDraft backend) {
        if (backend.servers().stream().noneMatch(s -> s.name().is(name))) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, backend.title() + " has no server '" + name + "'"
                    + Nearest.suggestion(name, backend.servers().stream().map(s -> s.name().text()).toList()));
        }
    }
}
