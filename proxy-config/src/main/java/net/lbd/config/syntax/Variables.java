package net.lbd.config.syntax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        String value = values.get(name);
        if (value == null && name.equals("HAPROXY_LOCALPEER")) {
            return hostName();
        }
        return Optional.ofNullable(value);
    }

    /** The name of this machine, which is what HAProxy calls itself among its peers. Asks no name server. */
    private static Optional<String> hostName() {
        try {
            return Optional.of(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            // Not Linux: as if it were not set.
            return Optional.empty();
        }
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
