package net.lbd.core.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * One proxy as HAProxy counts them: a frontend, a backend, or a {@code listen} section with both. Immutable.
 *
 * @param id HAProxy's number of it, in the order of the configuration
 */
public record ProxyEntry(int id, String name, Optional<FrontSide> front, Optional<BackSide> back) {

    /** HAProxy gives 1 to a proxy of its own. */
    private static final int FIRST_ID = 2;

    public record FrontSide(FrontendSpec spec, Frontend runtime) { }

    public record BackSide(BackendSpec spec, Backend runtime) { }

    /** A proxy before it has its number. */
    private record Unnumbered(SourceLocation location, String name, Optional<FrontSide> front,
            Optional<BackSide> back) { }

    /** The proxies of one snapshot, in the order of the configuration. */
    public static List<ProxyEntry> list(ProxyRuntime runtime) {
        Map<String, Frontend> frontends =
                runtime.frontends().stream().collect(Collectors.toMap(Frontend::name, f -> f, (a, b) -> a));
        Map<String, Backend> backends =
                runtime.backends().stream().collect(Collectors.toMap(Backend::name, b -> b, (a, b) -> a));
        Map<SourceLocation, Unnumbered> byPlace = new HashMap<>();
        Map<String, Integer> fileOrder = new HashMap<>();
        for (FrontendSpec spec : runtime.configuration().frontends()) {
            fileOrder.putIfAbsent(spec.location().file(), fileOrder.size());
            Optional.ofNullable(frontends.get(spec.name())).ifPresent(f ->
                    byPlace.put(spec.location(), new Unnumbered(spec.location(), spec.name(),
                            Optional.of(new FrontSide(spec, f)), Optional.empty())));
        }
        for (BackendSpec spec : runtime.configuration().serverGroups()) {
            fileOrder.putIfAbsent(spec.location().file(), fileOrder.size());
            Optional.ofNullable(backends.get(spec.name())).ifPresent(b ->
                    byPlace.merge(spec.location(), new Unnumbered(spec.location(), spec.name(), Optional.empty(),
                            Optional.of(new BackSide(spec, b))),
                            (first, second) -> new Unnumbered(first.location(), first.name(), first.front(),
                                    second.back())));
        }
        List<Unnumbered> sorted = new ArrayList<>(byPlace.values());
        sorted.sort(Comparator
                .comparingInt((Unnumbered u) -> fileOrder.get(u.location().file()))
                .thenComparingInt(u -> u.location().line())
                .thenComparingInt(u -> u.location().column()));
        List<ProxyEntry> entries = new ArrayList<>();
        for (Unnumbered u : sorted) {
            entries.add(new ProxyEntry(FIRST_ID + entries.size(), u.name(), u.front(), u.back()));
        }
        return entries;
    }
}
