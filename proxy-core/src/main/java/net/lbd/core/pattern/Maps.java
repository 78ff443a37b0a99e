package net.lbd.core.pattern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.pattern.PatternReference.Kind;

/**
 * The pattern files of one configuration: converters that name the same map, and ACLs that name the same file, see the same changes,
 * on every event loop. A reload reads the files anew. Thread-safe.
 */
public final class Maps {

    private final Map<String, PatternReference> maps = new LinkedHashMap<>();
    private final Map<String, PatternReference> acls = new LinkedHashMap<>();
    private final List<MapTable> tables = new ArrayList<>();
    private final List<String> tableFiles = new ArrayList<>();
    private int nextId;

    /** The table for a converter. */
    public synchronized MapTable table(SampleSpec.Argument.MapFile file, MatchMethod method, SampleType output) {
        PatternReference reference = maps.computeIfAbsent(file.file(), f -> new PatternReference(nextId++, Kind.MAP, f));
        for (int i = 0; i < tables.size(); i++) {
            if (tableFiles.get(i).equals(file.file()) && tables.get(i).is(method, output)) {
                return tables.get(i);
            }
        }
        reference.load(file.entries().stream().map(line -> Map.entry(line.key(), line.value())).toList());
        reference.usedBy("map");
        MapTable table = new MapTable(method, output);
        reference.addView(table);
        tables.add(table);
        tableFiles.add(file.file());
        return table;
    }

    /** The patterns of an {@code acl} line that stand in one of its files. */
    public synchronized PatternSet acl(AclSpec.Test test, AclSpec.PatternFile file) {
        PatternReference reference = acls.computeIfAbsent(file.file(), f -> new PatternReference(nextId++, Kind.ACL, f));
        reference.load(file.lines().stream().map(line -> Map.entry(line, "")).toList());
        reference.usedBy("acl at file '" + test.location().file() + "' line " + test.location().line());
        LivePatterns patterns = new LivePatterns(test);
        reference.addView(patterns);
        return patterns;
    }

    /** Every file, in the order in which the configuration names them. */
    public synchronized List<PatternReference> references(Kind kind) {
        return List.copyOf((kind == Kind.MAP ? maps : acls).values());
    }

    /** By its file, or by its number behind {@code #}. */
    public synchronized Optional<PatternReference> find(Kind kind, String name) {
        return references(kind).stream().filter(r -> r.file().equals(name) || name.equals("#" + r.id())).findFirst();
    }

    private synchronized Optional<PatternReference> find(Map<String, PatternReference> of, String file) {
        return Optional.ofNullable(of.get(file));
    }

    public void set(String file, byte[] key, byte[] value) {
        find(maps, file).ifPresent(reference -> reference.setOrAdd(text(key), text(value)));
    }

    public void delete(String file, byte[] key) {
        find(maps, file).ifPresent(reference -> reference.delete(text(key)));
    }

    public void addAcl(String file, byte[] key) {
        find(acls, file).ifPresent(reference -> reference.addOnce(text(key)));
    }

    public void deleteAcl(String file, byte[] key) {
        find(acls, file).ifPresent(reference -> reference.delete(text(key)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
