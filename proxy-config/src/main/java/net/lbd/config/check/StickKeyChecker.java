package net.lbd.config.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.StickDraft;
import net.lbd.config.keyword.rule.StickActionKeywords.TrackSc;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.model.StickTableSpec.KeyType;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/**
 * That keys of {@code stick} lines and of {@code track-sc} can be keys of the table they go to: a sample that never becomes
 * one is never found. Used once, by one thread.
 */
final class StickKeyChecker {

    private final Map<String, KeyType> tables = new HashMap<>();
    private final Diagnostics diagnostics;

    StickKeyChecker(List<StickTableSpec> tables, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        for (StickTableSpec table : tables) {
            this.tables.put(table.name(), table.type());
        }
    }

    void check(List<ProxyDraft> proxies) {
        if (tables.isEmpty()) {
            return;
        }
        for (ProxyDraft proxy : proxies) {
            for (StickDraft line : proxy.stickRules()) {
                check(line.key(), line.table(), proxy);
            }
            for (RuleDraft rule : proxy.rules()) {
                if (rule.action() instanceof TrackSc track) {
                    check(track.key(), track.table(), proxy);
                }
            }
        }
    }

    private void check(SampleSpec key, String table, ProxyDraft proxy) {
        String name = table.isEmpty() ? proxy.name().text() : table;
        KeyType type = tables.get(name);
        if (type != null && never(type).contains(key.type())) {
            diagnostics.error(Code.EXPRESSION, new Word(key.text(), key.location(), key.text().length()), "'" + key.text() + "' yields "
                    + described(key.type()) + ", which cannot be a key of the table '" + name + "' of type " + type.word());
        }
    }

    /** Source: what HAProxy 2.6 refuses; text, numbers and addresses are taken for each other where the value permits it. */
    private static Set<SampleType> never(KeyType type) {
        return switch (type) {
            case IP, IPV6 -> Set.of(SampleType.BOOLEAN, SampleType.METHOD, SampleType.BINARY);
            case INTEGER -> Set.of(SampleType.METHOD, SampleType.BINARY);
            case STRING, BINARY -> Set.of();
        };
    }

    private static String described(SampleType type) {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case METHOD -> "a method";
            default -> "bytes";
        };
    }
}
