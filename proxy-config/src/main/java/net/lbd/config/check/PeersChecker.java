package net.lbd.config.check;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PeersDraft;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.PeersSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/** Sections {@code peers}: their ends are checked as those of proxies are. Not thread-safe. */
final class PeersChecker {

    private final BindChecker binds;
    private final ServerChecker servers;
    private final Diagnostics diagnostics;

    PeersChecker(BindChecker binds, ServerChecker servers, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        this.binds = binds;
        this.servers = servers;
    }

    List<PeersSpec> build(Drafts drafts) {
        List<PeersSpec> specs = new ArrayList<>();
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.PEERS) {
                PeersDraft peers = section.peers();
                namespaces(peers);
                List<BindSpec> bindSpecs = binds.build(peers.ends());
                specs.add(new PeersSpec(section.name().text(), section.name().location(), peers.isEnabled(),
                        peers.names().stream().map(Word::text).toList(), servers.build(peers.ends()), bindSpecs,
                        listening(peers)));
            }
        }
        return specs;
    }

    private void namespaces(PeersDraft peers) {
        if (peers.ends().binds().isEmpty() && peers.defaultBind().settings().isSet(BindSettings.NAMESPACE)) {
            noNamespace(peers.ends().name());
        }
        peers.ends().binds().stream().filter(bind -> bind.settings().isSet(BindSettings.NAMESPACE)).forEach(bind -> noNamespace(bind.addressWord()));
        peers.ends().servers().stream().filter(server -> server.settings().isSet(ServerSettings.NAMESPACE))
                .forEach(server -> noNamespace(server.wordOf(ServerSettings.NAMESPACE)));
    }

    private void noNamespace(Word at) {
        diagnostics.error(Code.REFUSED, at, "'namespace' is refused in a section of peers: they talk to each other in the network namespace of the"
                + " daemon", "leave it out");
    }

    /** What a listener gets that no bind line asks for. */
    private static Settings listening(PeersDraft peers) {
        return peers.defaultBind().settings().build();
    }
}
