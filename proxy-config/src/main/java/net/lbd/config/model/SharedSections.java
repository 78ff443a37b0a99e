package net.lbd.config.model;

import java.util.List;
import java.util.Map;
import net.lbd.config.syntax.SourceLocation;

/**
 * The sections that proxies name. Immutable.
 *
 * @param stickTables the tables of proxies and of peers, in the order of the files
 * @param httpErrors the pages of each {@code http-errors} section, by status
 * @param namespaces those of {@code namespace_list}, and where each is named
 */
public record SharedSections(
        Map<String, Map<Integer, ErrorPageSpec>> httpErrors, Map<String, UserlistSpec> userlists,
        List<StickTableSpec> stickTables, List<PeersSpec> peers, List<ResolversSpec> resolvers, List<MailersSpec> mailers,
        Map<String, SourceLocation> namespaces) {

    public static final SharedSections NONE =
            new SharedSections(Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of(), Map.of());

    public SharedSections {
        httpErrors = Map.copyOf(httpErrors);
        userlists = Map.copyOf(userlists);
        stickTables = List.copyOf(stickTables);
        peers = List.copyOf(peers);
        resolvers = List.copyOf(resolvers);
        mailers = List.copyOf(mailers);
        namespaces = Map.copyOf(namespaces);
    }

    /** Without {@code namespace_list}. */
    public SharedSections withoutNamespaces() {
        return new SharedSections(httpErrors, userlists, stickTables, peers, resolvers, mailers, Map.of());
    }

    /** With the sections of peers, which are checked last. */
    public SharedSections withPeers(List<PeersSpec> sections) {
        return new SharedSections(httpErrors, userlists, stickTables, sections, resolvers, mailers, namespaces);
    }
}
