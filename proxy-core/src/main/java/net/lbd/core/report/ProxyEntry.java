package net.lbd.core.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.ProxyNumbers;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * One proxy as HAProxy counts them: a frontend, a backend, or a {@code listen} section with both. Immutable.
 *
 * @param id HAProxy's number of it
 */
public record ProxyEntry(int id, String name, Optional<FrontSide> front, Optional<BackSide> back) {

    public record FrontSide(FrontendSpec spec, Frontend runtime) { }

    public record BackSide(BackendSpec spec, Backend runtime) { }

    /** A proxy before it has its number. */
    private record Unnumbered(String name, Optional<FrontSide> front, Optional<BackSide> back) { }

    /** The proxies of one snapshot that are not {@code disabled}, in the order of the configuration. */
    public static List<ProxyEntry> list(ProxyRuntime runtime) {
        Map<String, Frontend> frontends =
                runtime.frontends().stream().collect(Collectors.toMap(Frontend::name, f -> f, (a, b) -> a));
        Map<String, Backend> backends =
                runtime.backends().stream().collect(Collectors.toMap(Backend::name, b -> b, (a, b) -> a));
        Map<SourceLocation, Unnumbered> byPlace = new HashMap<>();
        for (FrontendSpec spec : runtime.configuration().frontends()) {
            Optional.ofNullable(frontends.get(spec.name())).filter(f -> !spec.settings().get(ProxySettings.DISABLED)).ifPresent(f ->
                    byPlace.put(spec.location(), new Unnumbered(spec.name(),
                            Optional.of(new FrontSide(spec, f)), Optional.empty())));
        }
        for (BackendSpec spec : runtime.configuration().serverGroups()) {
            Optional.ofNullable(backends.get(spec.name())).filter(b -> !spec.settings().get(ProxySettings.DISABLED)).ifPresent(b ->
                    byPlace.merge(spec.location(), new Unnumbered(spec.name(), Optional.empty(),
                            Optional.of(new BackSide(spec, b))),
                            (first, second) -> new Unnumbered(first.name(), first.front(), second.back())));
        }
        ProxyNumbers numbers = ProxyNumbers.of(runtime.configuration());
        List<ProxyEntry> entries = new ArrayList<>();
        for (SourceLocation place : numbers.order()) {
            Optional.ofNullable(byPlace.get(place)).ifPresent(u -> entries.add(new ProxyEntry(numbers.at(place), u.name(), u.front(), u.back())));
        }
        return entries;
    }
}
