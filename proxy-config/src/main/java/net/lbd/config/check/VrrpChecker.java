package net.lbd.config.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.Drafts;
import net.lbd.config.draft.PlainDraft;
import net.lbd.config.draft.VrrpDraft;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/** Sections {@code vrrp}: whether their lines are whole and fit together. Not thread-safe. */
final class VrrpChecker {

    private static final String FOLDER = "/run/lbd/vrrp-";

    private final Diagnostics diagnostics;
    private final Map<String, Word> clusters = new HashMap<>();
    private final Map<InetAddress, Word> addresses = new HashMap<>();
    private final Map<String, Word> files = new HashMap<>();

    VrrpChecker(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** @param backends all that has servers */
    List<VrrpSpec> build(Drafts drafts, Set<String> backends) {
        List<VrrpSpec> specs = new ArrayList<>();
        for (PlainDraft section : drafts.plain()) {
            if (section.kind() == SectionKind.VRRP) {
                build(section.name(), section.vrrp(), backends).ifPresent(specs::add);
            }
        }
        return specs;
    }

    private Optional<VrrpSpec> build(Word name, VrrpDraft draft, Set<String> backends) {
        together(name, draft);
        for (Word backend : draft.trackedBackends) {
            if (!backends.contains(backend.text())) {
                diagnostics.error(Code.UNKNOWN_REFERENCE, backend, "vrrp '" + name + "' tracks backend '" + backend + "', which is not defined"
                        + Nearest.suggestion(backend.text(), backends));
            }
        }
        List<String> missing = new ArrayList<>();
        if (draft.clusterId.isEmpty()) {
            missing.add("cluster-id");
        }
        if (draft.role.isEmpty() && draft.priority.isEmpty()) {
            missing.add("role");
        }
        if (draft.device.isEmpty()) {
            missing.add("interface");
        }
        if (draft.addresses.isEmpty()) {
            missing.add("virtual-address");
        }
        if (!missing.isEmpty()) {
            diagnostics.error(Code.MISSING_ARGUMENT, name, "vrrp '" + name + "' wants " + String.join(", ", missing));
            return Optional.empty();
        }
        String file = draft.file.map(Word::text).orElse(FOLDER + name);
        VrrpSpec.ENDINGS.stream().filter(file::endsWith).findFirst().ifPresent(ending -> diagnostics.error(Code.BAD_VALUE, draft.file.orElse(name),
                "vrrp '" + name + "': the track-file " + file + " ends in '" + ending + "', which files beside such a file do; choose another name"));
        once(clusters, draft.device.get() + " " + draft.clusterId.getAsInt(), name, "vrrp '" + name + "' has the cluster-id and the interface of");
        once(files, file, name, "vrrp '" + name + "' has the track-file of");
        draft.addresses.forEach(a -> once(addresses, a.address().address(), a.at(), "'virtual-address " + a.at() + "': the address is told already, as"));
        boolean v6 = draft.addresses.get(0).address().isIpv6();
        draft.peers.forEach(peer -> family(v6, "peer", peer));
        draft.source.ifPresent(source -> family(v6, "from", source));
        return Optional.of(new VrrpSpec(name.text(), name.location(), draft.clusterId.getAsInt(),
                draft.priority.orElseGet(draft.role::getAsInt), draft.device.get(),
                draft.addresses.stream().map(VrrpDraft.Address::address).toList(), draft.advert, draft.noPreempt.isEmpty(),
                draft.preemptDelay, draft.source.map(VrrpDraft.Peer::address), draft.peers.stream().map(VrrpDraft.Peer::address).toList(), draft.trackedDevices,
                draft.trackedBackends.stream().map(Word::text).toList(), file));
    }

    private void family(boolean v6, String keyword, VrrpDraft.Peer told) {
        if (told.address().getAddress().length == 16 != v6) {
            diagnostics.error(Code.BAD_ADDRESS, told.at(), "'" + keyword + " " + told.at() + "': the machines talk over " + (v6 ? "IPv6" : "IPv4")
                    + ", as the first virtual-address");
        }
    }

    private void together(Word name, VrrpDraft draft) {
        draft.noPreempt.ifPresent(word -> {
            draft.preemptDelayWord.ifPresent(delay -> diagnostics.error(Code.BAD_VALUE, delay,
                    "vrrp '" + name + "': 'preempt-delay' waits for what 'nopreempt' forbids; use one of them"));
            if (!draft.trackedBackends.isEmpty()) {
                diagnostics.error(Code.BAD_VALUE, word, "vrrp '" + name + "': 'track-backend' lowers the priority, and with 'nopreempt' a"
                        + " machine that holds the addresses keeps them whatever its priority; use one of them");
            }
        });
    }

    private <K> void once(Map<K, Word> known, K key, Word at, String what) {
        Word before = known.putIfAbsent(key, at);
        if (before != null) {
            diagnostics.error(Code.DUPLICATE, at, what + " '" + before + "' at " + before.location().fileAndLine());
        }
    }
}
