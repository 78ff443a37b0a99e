package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.StickTableSpec;
import net.lbd.config.syntax.Word;

/** What a {@code peers} section holds. Not thread-safe. */
public final class PeersDraft {

    private final ProxyDraft ends;
    private final BindDraft defaultBind;
    private final List<Word> names = new ArrayList<>();
    private final List<StickTableSpec> tables = new ArrayList<>();
    private boolean enabled = true;

    PeersDraft(SectionKind kind, Word name) {
        this.ends = new ProxyDraft(kind, name, name);
        this.defaultBind = new BindDraft(name, List.of());
    }

    /** Binds and servers, which are written and checked as those of proxies are. */
    public ProxyDraft ends() {
        return ends;
    }

    public BindDraft defaultBind() {
        return defaultBind;
    }

    public List<Word> names() {
        return names;
    }

    /** The tables that stand in the section itself. */
    public List<StickTableSpec> tables() {
        return tables;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void enabled(boolean value) {
        enabled = value;
    }
}
