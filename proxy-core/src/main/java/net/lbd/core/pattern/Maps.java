package net.lbd.core.pattern;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleSpec;

/**
 * The maps of one configuration, by file: converters that name the same file see the same changes, on every event
 * loop. A reload reads the files anew. Thread-safe.
 */
public final class Maps {

    private final Map<String, List<MapTable>> byFile = new ConcurrentHashMap<>();

    /** The table for a converter. */
    public MapTable table(SampleSpec.Argument.MapFile file, MatchMethod method) {
        MapTable table = new MapTable(method, file.entries());
        byFile.computeIfAbsent(file.file(), f -> new CopyOnWriteArrayList<>()).add(table);
        return table;
    }

    public void set(String file, byte[] key, byte[] value) {
        byFile.getOrDefault(file, List.of()).forEach(table -> table.set(key, value));
    }

    public void delete(String file, byte[] key) {
        byFile.getOrDefault(file, List.of()).forEach(table -> table.delete(key));
    }
}
