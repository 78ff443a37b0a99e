package net.lbd.config.check;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/** Whether the stick-tables and sections exist that lines name. Not thread-safe. */
final class NameChecker {

    private final Map<NameKind, Set<String>> known = new EnumMap<>(NameKind.class);
    private final Diagnostics diagnostics;

    NameChecker(Drafts drafts, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        for (NameKind kind : NameKind.values()) {
            known.put(kind, new TreeSet<>());
        }
        for (ProxyDraft proxy : drafts.proxies()) {
            if (proxy.hasStickTable()) {
                known.get(NameKind.TABLE).add(proxy.name().text());
            }
        }
        for (PlainDraft section : drafts.plain()) {
            section.peers().tables().forEach(table -> known.get(NameKind.TABLE).add(table.name()));
            NameKind kind = switch (section.kind()) {
                case USERLIST -> NameKind.USERLIST;
                case PEERS -> NameKind.PEERS;
                case MAILERS -> NameKind.MAILERS;
                case CACHE -> NameKind.CACHE;
                case HTTP_ERRORS -> NameKind.HTTP_ERRORS;
                case RESOLVERS -> NameKind.RESOLVERS;
                case VRRP -> NameKind.VRRP;
                default -> null;
            };
            if (kind != null && !known.get(kind).add(section.name().text()) && kind != NameKind.USERLIST) {
                Word before = drafts.plain().stream().filter(s -> s.kind() == section.kind()
                        && s.name().is(section.name().text())).findFirst().orElseThrow().name();
                diagnostics.error(Code.DUPLICATE, section.name(), "a " + section.kind().keyword() + " section is named '" + section.name()
                        + "' already, at " + before.location().fileAndLine());
            }
        }
    }

    void check(NameKind kind, Word at, String name) {
        boolean found = known.get(kind).contains(name);
        if (!found) {
            diagnostics.error(Code.UNKNOWN_REFERENCE, at, switch (kind) {
                case TABLE -> "no proxy with a stick-table, and no table of peers, is named '" + name + "'";
                default -> "no " + SectionKind.valueOf(kind.name()).keyword() + " section is named '" + name + "'";
            } + Nearest.suggestion(name, known.get(kind)));
        }
    }
}
