package net.lbd.core.stick;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.StickTableSpec;

/** The tables of a configuration, by name. Immutable; the tables themselves are not. */
public final class StickTables {

    public static final StickTables NONE = new StickTables(Map.of());

    private final Map<String, StickTable> tables;

    private StickTables(Map<String, StickTable> tables) {
        this.tables = Collections.unmodifiableMap(tables);
    }

    /** Those of another configuration: a table whose definition stays goes on with its entries. */
    public StickTables follow(List<StickTableSpec> specs) {
        Map<String, StickTable> next = new LinkedHashMap<>();
        for (StickTableSpec spec : specs) {
            StickTable before = tables.get(spec.name());
            next.put(spec.name(), before != null && before.spec().isSameTable(spec) ? before : new StickTable(spec, StickTables::millis));
        }
        return new StickTables(next);
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    public Optional<StickTable> find(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    /** In the order of the files. */
    public Collection<StickTable> all() {
        return tables.values();
    }

    /** Tables of {@code next} that are here too, by name, but whose entries are not taken over. */
    public List<StickTable> startedAnewIn(StickTables next) {
        List<StickTable> anew = new ArrayList<>();
        tables.forEach((name, table) -> next.find(name).filter(other -> other != table).ifPresent(anew::add));
        return anew;
    }

    /** Forgets what has expired. */
    public void sweep() {
        tables.values().forEach(StickTable::sweep);
    }
}
