package net.lbd.config.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.syntax.SourceLocation;

/**
 * The single-valued directives of one section, or the parameters of one line, each with the place it
 * comes from. Inheritance ({@code defaults}, {@code default-server}) has already been applied.
 * Immutable.
 *
 * <p>Two flat arrays that builders share until one of them changes something: every server and section has such a set, most
 * are small, and most are what their defaults say. A look-up compares identities from the front.
 */
public final class Settings {

    /** No setting at all: every {@link #get} answers the built-in default. */
    public static final Settings EMPTY = new Settings(new Setting<?>[0], new Sourced<?>[0]);

    private final Setting<?>[] keys;
    private final Sourced<?>[] values;

    private Settings(Setting<?>[] keys, Sourced<?>[] values) {
        this.keys = keys;
        this.values = values;
    }

    private static int indexOf(Setting<?>[] keys, int size, Setting<?> setting) {
        for (int i = 0; i < size; i++) {
            if (keys[i] == setting) {
                return i;
            }
        }
        return -1;
    }

    /** The value, or the built-in default; empty if there is neither. */
    public <T> Optional<T> find(Setting<T> setting) {
        int i = indexOf(keys, keys.length, setting);
        return i < 0 ? setting.defaultValue() : Optional.of(setting.type().cast(values[i].value()));
    }

    /**
     * The value, or the built-in default.
     *
     * @throws NoSuchElementException if the setting has neither
     */
    public <T> T get(Setting<T> setting) {
        return get(setting, indexOf(keys, keys.length, setting), values);
    }

    private static <T> T get(Setting<T> setting, int i, Sourced<?>[] values) {
        if (i >= 0) {
            return setting.type().cast(values[i].value());
        }
        if (setting.defaultValue().isEmpty()) {
            throw new NoSuchElementException("no value for '" + setting + "'");
        }
        return setting.defaultValue().get();
    }

    /** Whether the configuration itself gives a value. */
    public boolean isSet(Setting<?> setting) {
        return indexOf(keys, keys.length, setting) >= 0;
    }

    /** The place where the value was given; {@link SourceLocation#BUILT_IN} for a default. */
    public SourceLocation origin(Setting<?> setting) {
        int i = indexOf(keys, keys.length, setting);
        return i < 0 ? SourceLocation.BUILT_IN : values[i].location();
    }

    /** The settings that the configuration gives, in the order in which it first gave them. */
    public Set<Setting<?>> keys() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(keys)));
    }

    /** Whether the two come from one builder and nothing was changed between them. */
    public boolean isShared(Settings other) {
        return keys == other.keys && values == other.values;
    }

    /** How many settings the configuration gives. */
    public int size() {
        return keys.length;
    }

    /** One of them, counted from 0 in the order of {@link #keys}. */
    public Setting<?> key(int index) {
        return keys[index];
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A value and the line that gave it. */
    public record Sourced<T>(T value, SourceLocation location) {
        public Sourced {
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(location, "location");
        }
    }

    /** Collects settings; the last value given wins. Used by one thread. */
    public static final class Builder {

        private Setting<?>[] keys = EMPTY.keys;
        private Sourced<?>[] values = EMPTY.values;
        private int size;
        /** Whether the arrays belong to a {@link Settings} too, and must be copied before they change. */
        private boolean shared = true;

        public <T> Builder put(Setting<T> setting, T value, SourceLocation location) {
            return put(setting, new Sourced<>(value, location));
        }

        private Builder put(Setting<?> setting, Sourced<?> value) {
            int i = indexOf(keys, size, setting);
            own(i < 0 ? 1 : 0);
            if (i < 0) {
                i = size++;
                keys[i] = setting;
            }
            values[i] = value;
            return this;
        }

        private void own(int more) {
            if (shared || size + more > keys.length) {
                resize(Math.max(size + more + 3, keys.length));
                shared = false;
            }
        }

        private void resize(int capacity) {
            // Not Arrays.copyOf: it makes the array by reflection until it is compiled, which a check is over before.
            Setting<?>[] moreKeys = new Setting<?>[capacity];
            Sourced<?>[] moreValues = new Sourced<?>[capacity];
            System.arraycopy(keys, 0, moreKeys, 0, size);
            System.arraycopy(values, 0, moreValues, 0, size);
            keys = moreKeys;
            values = moreValues;
        }

        /** Takes every value that {@code other} gives, replacing what was here. */
        public Builder putAll(Settings other) {
            if (size == 0) {
                keys = other.keys;
                values = other.values;
                size = other.keys.length;
                shared = true;
                return this;
            }
            for (int i = 0; i < other.keys.length; i++) {
                put(other.keys[i], other.values[i]);
            }
            return this;
        }

        /** Takes the value back, so that the built-in default applies again. */
        public Builder remove(Setting<?> setting) {
            int i = indexOf(keys, size, setting);
            if (i >= 0) {
                own(0);
                size--;
                System.arraycopy(keys, i + 1, keys, i, size - i);
                System.arraycopy(values, i + 1, values, i, size - i);
                keys[size] = null;
                values[size] = null;
            }
            return this;
        }

        public boolean isSet(Setting<?> setting) {
            return indexOf(keys, size, setting) >= 0;
        }

        /** The value that was given, or the built-in default. */
        public <T> T get(Setting<T> setting) {
            return Settings.get(setting, indexOf(keys, size, setting), values);
        }

        @SuppressWarnings("unchecked") // what put() has put there
        public <T> Optional<Sourced<T>> find(Setting<T> setting) {
            int i = indexOf(keys, size, setting);
            return i < 0 ? Optional.empty() : Optional.of((Sourced<T>) values[i]);
        }

        public Settings build() {
            if (size == 0) {
                return EMPTY;
            }
            if (size < keys.length) {
                resize(size);
            }
            shared = true;
            return new Settings(keys, values);
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < keys.length; i++) {
            out.append(i == 0 ? "" : ", ").append(keys[i]).append('=').append(values[i]);
        }
        return out.append('}').toString();
    }
}
