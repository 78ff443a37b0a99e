package net.lbd.config.syntax;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The environment variables that {@code "$NAME"} stands for while one configuration is read;
 * {@code setenv} and its kin in {@code global} change them for the lines below. Not thread-safe: one
 * load uses one instance.
 */
public final class Variables {

    private final Map<String, String> values;

    public Variables(Map<String, String> values) {
        this.values = new HashMap<>(values);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public void set(String name, String value) {
        values.put(name, value);
    }

    public void unset(String name) {
        values.remove(name);
    }

    /** {@code resetenv}: forgets all but these. */
    public void retain(Set<String> names) {
        values.keySet().retainAll(names);
    }
}
