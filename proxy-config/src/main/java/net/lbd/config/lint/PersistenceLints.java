package net.lbd.config.lint;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.lbd.config.draft.SectionText;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.HttpReuse;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Statement;

/** Who gets which server, and which connection. */
final class PersistenceLints {

    static final List<Lint> ROWS = List.of(
            PersistenceLints::stickKey, PersistenceLints::sharedConnections, PersistenceLints::slowstart);

    /** What a table of strings keeps by default, less the byte that ends a text. */
    private static final int DEFAULT_LENGTH = 32;

    /** A Basic credential of a mail address and a password fits. */
    private static final int ENOUGH = 64;

    private PersistenceLints() { }

    private static void stickKey(LintScope scope) {
        Map<String, Statement> tables = new HashMap<>();
        for (SectionText section : scope.sectionsWith("stick-table")) {
            section.lines().stream().filter(l -> l.first().is("stick-table")).forEach(l -> tables.put(section.name(), l));
        }
        for (SectionText section : scope.sectionsWith("stick")) {
            for (Statement line : section.lines()) {
                if (line.first().is("stick") && line.words().size() > 2 && isCredential(line.words().get(2).text())) {
                    int table = indexOf(line, "table");
                    String name = table > 0 && table + 1 < line.words().size() ? line.words().get(table + 1).text() : section.name();
                    if (tables.containsKey(name)) {
                        stickKey(scope, line, name, tables.get(name));
                    }
                }
            }
        }
    }

    private static void stickKey(LintScope scope, Statement line, String name, Statement table) {
        int type = indexOf(table, "type");
        int len = indexOf(table, "len");
        boolean text = type > 0 && type + 1 < table.words().size() && table.words().get(type + 1).is("string");
        int length = DEFAULT_LENGTH;
        if (len > 0 && len + 1 < table.words().size() && table.words().get(len + 1).text().matches("[0-9]{1,6}")) {
            length = Integer.parseInt(table.words().get(len + 1).text());
        }
        if (text && length < ENOUGH) {
            scope.warn(Code.ADVICE_STICK_KEY, line.words().get(2).location(), "table '" + name + "' (" + table.location().fileAndLine()
                    + ") keeps " + (length - 1) + " characters of a key: users whose credentials begin alike share one server",
                    "give the table 'len 128', or hash the key: " + line.words().get(2) + ",sha1 with 'type binary len 20'");
        }
    }

    private static boolean isCredential(String sample) {
        return sample.toLowerCase(Locale.ROOT).matches("(req\\.|)f?hdr\\(authorization(,-?[0-9]+)?\\)");
    }

    private static int indexOf(Statement line, String word) {
        for (int i = 0; i < line.words().size(); i++) {
            if (line.words().get(i).is(word)) {
                return i;
            }
        }
        return -1;
    }

    private static void sharedConnections(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            HttpReuse reuse = backend.settings().get(ProxySettings.HTTP_REUSE);
            boolean shared = reuse == HttpReuse.ALWAYS || reuse == HttpReuse.AGGRESSIVE;
            if (shared && !scope.routes().ofBackend(backend.name()).isEmpty()) {
                scope.notice(Code.ADVICE_SHARED_CONNECTIONS, backend.settings().origin(ProxySettings.HTTP_REUSE), "backend '"
                        + backend.name() + "' carries Exchange: connections to its servers carry the identity of a user",
                        "write 'http-reuse never'");
            }
        }
    }

    private static void slowstart(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            // The questions that are quick to answer go first: a file may have thousands of backends.
            if (backend.balance().algorithm().equals("leastconn") && backend.servers().size() > 1
                    && !scope.routes().ofBackend(backend.name()).isEmpty() && !hasSlowstart(scope, backend)) {
                scope.notice(Code.ADVICE_SLOWSTART, backend.balance().location(),
                        "a server that comes back gets every new connection until it has as many as the others",
                        "add 'default-server slowstart 60s'");
            }
        }
    }

    private static boolean hasSlowstart(LintScope scope, BackendSpec backend) {
        return backend.servers().stream().map(ServerSpec::location).flatMap(l -> scope.statement(l).stream())
                .anyMatch(s -> indexOf(s, "slowstart") > 0)
                || scope.sectionsWith("default-server").stream().filter(s -> s.kind().isProxy()).flatMap(s -> s.lines().stream())
                .anyMatch(l -> l.first().is("default-server") && indexOf(l, "slowstart") > 0);
    }
}
