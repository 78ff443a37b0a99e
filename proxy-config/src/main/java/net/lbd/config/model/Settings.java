package net.lbd.config.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.syntax.SourceLocation;

/**
 * The single-valued directives of one section, or the parameters of one line, each with the place it
 * comes from. Inheritance ({@code defaults}, {@code default-server}) has already been applied.
 * Immutable.
 */
public final class Settings {

    /** No setting at all: every {@link #get} answers the built-in default. */
    public static final Settings EMPTY = new Settings(Map.of());

    private final Map<Setting<?>, Sourced<?>> values;

    private Settings(Map<Setting<?>, Sourced<?>> values) {
        this.values = values;
    }

    /** The value, or the built-in default; empty if there is neither. */
    public <T> Optional<T> find(Setting<T> setting) {
        Sourced<?> sourced = values.get(setting);
        return sourced == null ? setting.defaultValue() : Optional.of(setting.type().cast(sourced.value()));
    }

    /**
     * The value, or the built-in default.
     *
     * @throws NoSuchElementException if the setting has neither
     */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new NoSuchElementException("no value for '" + setting + "'"));
    }

    /** Whether the configuration itself gives a value. */
    public boolean isSet(Setting<?> setting) {
        return values.containsKey(setting);
    }

    /** The place where the value was given; {@link SourceLocation#BUILT_IN} for a default. */
    public SourceLocation origin(Setting<?> setting) {
        Sourced<?> sourced = values.get(setting);
        return sourced == null ? SourceLocation.BUILT_IN : sourced.location();
    }

    /** The settings that the configuration gives, in the order in which it first gave them. */
    public Set<Setting<?>> keys() {
        return values.keySet();
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

        private final Map<Setting<?>, Sourced<?>> values = new LinkedHashMap<>();

        public <T> Builder put(Setting<T> setting, T value, SourceLocation location) {
            values.put(setting, new Sourced<>(value, location));
            return this;
        }

        /** Takes every value that {@code other} gives, replacing what was here. */
        public Builder putAll(Settings other) {
            values.putAll(other.values);
            return this;
        }

        /** Takes the value back, so that the built-in default applies again. */
        public Builder remove(Setting<?> setting) {
            values.remove(setting);
            return this;
        }

        public boolean isSet(Setting<?> setting) {
            return values.containsKey(setting);
        }

        public <T> Optional<Sourced<T>> find(Setting<T> setting) {
            Sourced<?> sourced = values.get(setting);
            return sourced == null
                    ? Optional.empty()
                    : Optional.of(new Sourced<>(setting.type().cast(sourced.value()), sourced.location()));
        }

        public Settings build() {
            return values.isEmpty()
                    ? EMPTY
                    : new Settings(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
        }
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
