package net.lbd.config.model;

import java.util.List;
import java.util.Map;

/**
 * The sections that proxies name. Immutable.
 *
 * @param stickTables the tables of proxies and of peers, in the order of the files
 * @param httpErrors the pages of each {@code http-errors} section, by status
 */
public record SharedSections(
        Map<String, Map<Integer, ErrorPageSpec>> httpErrors, Map<String, UserlistSpec> userlists,
        List<StickTableSpec> stickTables, List<PeersSpec> peers, List<ResolversSpec> resolvers, List<MailersSpec> mailers) {

    public static final SharedSections NONE =
            new SharedSections(Map.of(), Map.of(), List.of(), List.of(), List.of(), List.of());

    public SharedSections {
        httpErrors = Map.copyOf(httpErrors);
        userlists = Map.copyOf(userlists);
        stickTables = List.copyOf(stickTables);
        peers = List.copyOf(peers);
        resolvers = List.copyOf(resolvers);
        mailers = List.copyOf(mailers);
    }

    /** With the sections of peers, which are checked last. */
    public SharedSections withPeers(List<PeersSpec> sections) {
        return new SharedSections(httpErrors, userlists, stickTables, sections, resolvers, mailers);
    }
}
