package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every section of a load. Not thread-safe. */
public final class Drafts {

    private final GlobalDraft global = new GlobalDraft();
    private final List<ProxyDraft> proxies = new ArrayList<>();
    private final List<PlainDraft> plain = new ArrayList<>();
    private final List<SectionText> texts = new ArrayList<>();
    private final Map<String, ProxyDraft> namedDefaults = new LinkedHashMap<>();

    public GlobalDraft global() {
        return global;
    }

    /** The frontends, backends and listen sections, in the order of the files. */
    public List<ProxyDraft> proxies() {
        return proxies;
    }

    /** The sections that are neither {@code global} nor proxies. */
    public List<PlainDraft> plain() {
        return plain;
    }

    /** The lines of every section, for those who look at what has no place in the model. */
    public List<SectionText> texts() {
        return texts;
    }

    public Map<String, ProxyDraft> namedDefaults() {
        return namedDefaults;
    }
}
