package net.lbd.config.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.RingSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/** Which ring a {@code log ring@NAME} line means. Not thread-safe. */
final class RingResolver {

    private final Map<String, RingSpec> rings = new LinkedHashMap<>();
    private final Set<LogTargetSpec> told = new HashSet<>();
    private final Diagnostics diagnostics;

    RingResolver(Drafts drafts, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.RING) {
                rings.put(section.name().text(), section.ring().toSpec(section.name().text()));
            }
        }
    }

    /** The target as it is, or with what the section of its ring says: that goes before what the line says. */
    LogTargetSpec resolve(LogTargetSpec target) {
        if (!(target.destination() instanceof Destination.Ring named)) {
            return target;
        }
        String name = named.ring().name();
        RingSpec ring = rings.get(name);
        if (ring == null) {
            if (told.add(target)) {
                String text = "ring@" + name;
                diagnostics.error(Code.UNKNOWN_REFERENCE, new Word(text, target.location(), text.length()), "'log " + text
                        + "': no ring section is named '" + name + "'" + Nearest.suggestion(name, rings.keySet()));
            }
            return target;
        }
        return new LogTargetSpec(target.location(), new Destination.Ring(ring), ring.format(), target.facility(), target.level(),
                target.minLevel(), ring.maxLineBytes(), target.sampling());
    }
}
