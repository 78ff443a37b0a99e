package net.lbd.core.pattern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The patterns of one file as commands and rules change them while the proxy runs, and what was compiled from them. A change is seen
 * by the next look-up. Another set of entries may be prepared beside the one in force, and takes its place as a whole. What was
 * changed holds until a reload, which reads the file anew. Thread-safe: every change takes the lock, no look-up does. Source: HAProxy
 * manual, "http-request set-map"; management guide, "add map", "prepare map".
 */
public final class PatternReference {

    /** What the patterns are for. */
    public enum Kind { ACL, MAP }

    /** @param value empty for an ACL */
    public record Entry(long id, String key, String value) { }

    /** What look-ups use, compiled from the entries. */
    interface View {

        /** As messages name it: {@code str}. */
        String method();

        boolean ignoresCase();

        /** @throws IllegalArgumentException if the key is no pattern, or the value not of the type that is wanted */
        void check(String key, String value);

        /** Some entries have come, gone or changed: those of this key, or if it is empty any. */
        void changed(Optional<String> key, PatternReference entries);

        /** The entry that a text would be given. */
        Optional<Entry> match(String text, PatternReference entries);
    }

    /** One set of entries. */
    private static final class Version {
        private final Map<Long, Entry> entries = new LinkedHashMap<>();
        private final Map<String, List<Long>> byKey = new HashMap<>();

        void add(Entry entry) {
            entries.put(entry.id, entry);
            byKey.computeIfAbsent(entry.key, k -> new ArrayList<>(1)).add(entry.id);
        }

        void remove(Entry entry) {
            entries.remove(entry.id);
            List<Long> ids = byKey.get(entry.key);
            ids.remove(entry.id);
            if (ids.isEmpty()) {
                byKey.remove(entry.key);
            }
        }
    }

    private final int id;
    private final Kind kind;
    private final String file;
    private final Set<String> users = new LinkedHashSet<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private final Map<Long, Version> prepared = new HashMap<>();
    private Version current = new Version();
    private long currentVersion;
    private long nextVersion;
    private long lastEntry = 0x1000;

    PatternReference(int id, Kind kind, String file) {
        this.id = id;
        this.kind = kind;
        this.file = file;
    }

    public int id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public String file() {
        return file;
    }

    /** While the configuration is compiled: what the file holds; later readings of the same file add nothing. */
    synchronized void load(List<Map.Entry<String, String>> lines) {
        if (current.entries.isEmpty()) {
            lines.forEach(line -> current.add(new Entry(++lastEntry, line.getKey(), line.getValue())));
        }
    }

    synchronized void addView(View view) {
        views.add(view);
        view.changed(Optional.empty(), this);
    }

    synchronized void usedBy(String user) {
        users.add(user);
    }

    /** As {@code show map} has it, without the number and the file. */
    public synchronized String description() {
        long count = current.entries.size() + prepared.values().stream().mapToLong(v -> v.entries.size()).sum();
        return "pattern loaded from file '" + file + "' used by " + String.join(", by ", users) + ". curr_ver=" + currentVersion
                + " next_ver=" + nextVersion + " entry_cnt=" + count;
    }

    /** The entries in force, in their order. */
    public synchronized List<Entry> entries() {
        return List.copyOf(current.entries.values());
    }

    /** Of a prepared version, or the one in force; empty if there is none of this number. */
    public synchronized List<Entry> entries(long version) {
        return version == currentVersion ? entries()
                : prepared.containsKey(version) ? List.copyOf(prepared.get(version).entries.values()) : List.of();
    }

    synchronized Optional<Entry> first(String key) {
        List<Long> ids = current.byKey.get(key);
        return ids == null ? Optional.empty() : Optional.of(current.entries.get(ids.get(0)));
    }

    synchronized Collection<Entry> all() {
        return current.entries.values();
    }

    /** Whether a version may be added to: it is in force, or was prepared. */
    public synchronized boolean hasVersion(long version) {
        return version == currentVersion || version <= nextVersion && version > currentVersion;
    }

    /**
     * Adds an entry to a version, or to the one in force.
     *
     * @throws IllegalArgumentException if key or value are not of the kind that is wanted
     */
    public synchronized void add(Optional<Long> version, String key, String value) {
        views.forEach(view -> view.check(key, value));
        Entry entry = new Entry(++lastEntry, key, value);
        if (version.isEmpty() || version.get() == currentVersion) {
            current.add(entry);
            changed(Optional.of(key));
        } else {
            prepared.computeIfAbsent(version.get(), v -> new Version()).add(entry);
        }
    }

    /** Adds many entries at once: what was compiled is compiled once. */
    public synchronized void addAll(Optional<Long> version, List<Map.Entry<String, String>> lines) {
        lines.forEach(line -> views.forEach(view -> view.check(line.getKey(), line.getValue())));
        boolean inForce = version.isEmpty() || version.get() == currentVersion;
        Version to = inForce ? current : prepared.computeIfAbsent(version.get(), v -> new Version());
        lines.forEach(line -> to.add(new Entry(++lastEntry, line.getKey(), line.getValue())));
        if (inForce) {
            changed(Optional.empty());
        }
    }

    /** Gives every entry of a key another value; false if there is none. */
    public synchronized boolean set(String key, String value) {
        List<Long> ids = current.byKey.get(key);
        if (ids == null) {
            return false;
        }
        views.forEach(view -> view.check(key, value));
        ids.forEach(entry -> current.entries.put(entry, new Entry(entry, key, value)));
        changed(Optional.of(key));
        return true;
    }

    /** As {@link #set}, or adds the key: what rules do. One that is no pattern of this kind changes nothing. */
    synchronized void setOrAdd(String key, String value) {
        try {
            if (!set(key, value)) {
                add(Optional.empty(), key, value);
            }
        } catch (IllegalArgumentException e) {
            // Made of what a client sent: no message for each of them.
            return;
        }
    }

    /** Adds a key that is not there yet. */
    synchronized void addOnce(String key) {
        if (current.byKey.get(key) == null) {
            setOrAdd(key, "");
        }
    }

    /** Takes every entry of a key out; false if there is none. */
    public synchronized boolean delete(String key) {
        List<Long> ids = current.byKey.get(key);
        if (ids == null) {
            return false;
        }
        List.copyOf(ids).forEach(entry -> current.remove(current.entries.get(entry)));
        changed(Optional.of(key));
        return true;
    }

    /** By the entry's own number. */
    public synchronized Optional<Entry> entry(long number) {
        return Optional.ofNullable(current.entries.get(number));
    }

    public synchronized void deleteEntry(Entry entry) {
        if (current.entries.get(entry.id) != null) {
            current.remove(current.entries.get(entry.id));
            changed(Optional.of(entry.key));
        }
    }

    public synchronized void setEntry(Entry entry, String value) {
        views.forEach(view -> view.check(entry.key, value));
        current.entries.put(entry.id, new Entry(entry.id, entry.key, value));
        changed(Optional.of(entry.key));
    }

    /** Empties the version in force, or a prepared one. */
    public synchronized void clear(Optional<Long> version) {
        if (version.isEmpty() || version.get() == currentVersion) {
            current = new Version();
            changed(Optional.empty());
        } else {
            prepared.remove(version.get());
        }
    }

    /** Begins another version, beside the one in force. */
    public synchronized long prepare() {
        return ++nextVersion;
    }

    /** Puts a prepared version in force; older ones are gone. False if the number was never given out, or is old. */
    public synchronized boolean commit(long version) {
        if (version <= currentVersion || version > nextVersion) {
            return false;
        }
        Version next = prepared.remove(version);
        prepared.keySet().removeIf(older -> older < version);
        current = next == null ? new Version() : next;
        currentVersion = version;
        changed(Optional.empty());
        return true;
    }

    private void changed(Optional<String> key) {
        views.forEach(view -> view.changed(key, this));
    }

    /** How a text fares in one of the ways that the file is used. */
    public record Match(String method, boolean ignoreCase, Optional<Entry> entry) { }

    /** How a text fares in each of the ways that the file is used. */
    public synchronized List<Match> match(String text) {
        return views.stream().map(view -> new Match(view.method(), view.ignoresCase(), view.match(text, this))).toList();
    }
}
