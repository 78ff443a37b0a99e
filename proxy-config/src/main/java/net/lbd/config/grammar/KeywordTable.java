package net.lbd.config.grammar;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows by every name that they have. Immutable.
 *
 * @param <K> the kind of row
 */
public final class KeywordTable<K extends Keyword> {

    private final List<K> rows;
    private final Map<String, K> byName;
    /** The first words of names of two. */
    private final Set<String> pairs = new HashSet<>();

    private KeywordTable(List<K> rows) {
        this.rows = List.copyOf(rows);
        Map<String, K> map = new LinkedHashMap<>();
        for (K row : rows) {
            put(map, row.name(), row);
            row.aliases().forEach(alias -> put(map, alias, row));
        }
        this.byName = map;
        for (String name : map.keySet()) {
            int blank = name.indexOf(' ');
            if (blank > 0) {
                pairs.add(name.substring(0, blank));
            }
        }
    }

    private static <K extends Keyword> void put(Map<String, K> map, String name, K row) {
        if (map.put(name, row) != null) {
            throw new IllegalArgumentException("two rows are named '" + name + "'");
        }
    }

    /** Joins the tables of families into one. */
    @SafeVarargs
    public static <K extends Keyword> KeywordTable<K> of(List<? extends K>... families) {
        List<K> all = new java.util.ArrayList<>();
        for (List<? extends K> family : families) {
            all.addAll(family);
        }
        return new KeywordTable<>(all);
    }

    public Optional<K> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The row whose name is these two words. */
    public Optional<K> find(String first, String second) {
        return pairs.contains(first) ? find(first + " " + second) : Optional.empty();
    }

    public Collection<K> rows() {
        return rows;
    }

    /** Every spelling, aliases included. */
    public Set<String> names() {
        return byName.keySet();
    }
}
