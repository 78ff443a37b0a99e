package net.lbd.config.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.syntax.SourceLocation;

/**
 * The numbers of proxies and of their sockets: those that {@code id} gives, and for the others the next that is free in the order of the
 * files. A {@code listen} section has one number. Immutable. Source: HAProxy manual, "id"; numbers are those of HAProxy 2.6 with a
 * {@code stats socket}.
 */
public final class ProxyNumbers {

    /** HAProxy gives 1 to a proxy of its own. */
    private static final int FIRST = 2;

    private record Section(SourceLocation location, Optional<Integer> id) { }

    /** In the order of the files. */
    private final Map<SourceLocation, Integer> byPlace = new LinkedHashMap<>();

    private ProxyNumbers() { }

    public static ProxyNumbers of(Configuration configuration) {
        Map<String, Integer> files = new HashMap<>();
        Map<SourceLocation, Section> sections = new HashMap<>();
        configuration.frontends().forEach(f -> add(sections, files, f.location(), f.settings()));
        configuration.serverGroups().forEach(b -> add(sections, files, b.location(), b.settings()));
        List<Section> sorted = new ArrayList<>(sections.values());
        sorted.sort(Comparator.comparingInt((Section s) -> files.get(s.location().file()))
                .thenComparingInt(s -> s.location().line()).thenComparingInt(s -> s.location().column()));
        Set<Integer> taken = new HashSet<>();
        sorted.forEach(section -> section.id().ifPresent(taken::add));
        ProxyNumbers numbers = new ProxyNumbers();
        int next = FIRST;
        for (Section section : sorted) {
            if (section.id().isEmpty()) {
                next = free(taken, next);
            }
            numbers.byPlace.put(section.location(), section.id().orElse(next));
            next++;
        }
        return numbers;
    }

    private static void add(Map<SourceLocation, Section> sections, Map<String, Integer> files, SourceLocation location, Settings settings) {
        files.putIfAbsent(location.file(), files.size());
        sections.put(location, new Section(location, settings.find(ProxySettings.ID)));
    }

    private static int free(Set<Integer> taken, int from) {
        int next = from;
        while (taken.contains(next)) {
            next++;
        }
        return next;
    }

    /** Where the sections stand, in the order of the files. */
    public List<SourceLocation> order() {
        return List.copyOf(byPlace.keySet());
    }

    /** The number of the section at a place of this configuration. */
    public int at(SourceLocation location) {
        return byPlace.get(location);
    }

    /** The numbers of the sockets of a frontend, in the order of its {@code bind} lines. */
    public static List<Integer> ofBinds(List<BindSpec> binds) {
        Set<Integer> taken = new HashSet<>();
        binds.forEach(bind -> bind.settings().find(BindSettings.ID).ifPresent(taken::add));
        List<Integer> numbers = new ArrayList<>();
        int next = 1;
        for (BindSpec bind : binds) {
            Optional<Integer> own = bind.settings().find(BindSettings.ID);
            if (own.isEmpty()) {
                next = free(taken, next);
            }
            numbers.add(own.orElse(next));
            next++;
        }
        return numbers;
    }
}
