package net.lbd.config.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.StickDraft;
import net.lbd.config.keyword.rule.StickActionKeywords.TrackSc;
import net.lbd.config.model.Credentials;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.Stored;

/**
 * The stick-tables of all sections, as the rules use them: one that a {@code stick} line names stores servers, whether it
 * says so or not, and one whose keys are credentials must not show them. Used once.
 */
final class StickTablesBuilder {

    private final Set<String> ofServers = new HashSet<>();
    private final Set<String> secret = new HashSet<>();

    private StickTablesBuilder() { }

    static List<StickTableSpec> build(Drafts drafts) {
        StickTablesBuilder builder = new StickTablesBuilder();
        for (ProxyDraft proxy : drafts.proxies()) {
            builder.look(proxy);
        }
        List<StickTableSpec> tables = new ArrayList<>();
        drafts.plain().forEach(section -> tables.addAll(section.peers().tables()));
        for (ProxyDraft proxy : drafts.proxies()) {
            if (proxy.hasStickTable()) {
                tables.add(proxy.stickTable().get());
            }
        }
        return tables.stream().map(builder::used).toList();
    }

    private void look(ProxyDraft proxy) {
        for (StickDraft line : proxy.stickRules()) {
            use(line.table(), line.key(), proxy);
            ofServers.add(named(line.table(), proxy));
        }
        for (RuleDraft rule : proxy.rules()) {
            if (rule.action() instanceof TrackSc track) {
                use(track.table(), track.key(), proxy);
            }
        }
    }

    private void use(String table, SampleSpec key, ProxyDraft proxy) {
        if (Credentials.isSecret(key)) {
            secret.add(named(table, proxy));
        }
    }

    private static String named(String table, ProxyDraft proxy) {
        return table.isEmpty() ? proxy.name().text() : table;
    }

    private StickTableSpec used(StickTableSpec table) {
        List<Stored> stored = new ArrayList<>(table.stored());
        if (ofServers.contains(table.name())) {
            for (StickDataType type : List.of(StickDataType.SERVER_ID, StickDataType.SERVER_KEY)) {
                if (table.stored(type).isEmpty()) {
                    stored.add(new Stored(type, 1, 0));
                }
            }
            stored.sort(Comparator.comparing(Stored::type));
        }
        return table.used(stored, secret.contains(table.name()));
    }
}
