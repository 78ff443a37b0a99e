package net.lbd.config.model;

import java.util.Objects;
import java.util.Optional;

/**
 * The typed name of one single-valued directive or parameter, such as {@code timeout connect} or
 * {@code weight}. Settings are compared by identity and declared once, as constants of
 * {@link ProxySettings}, {@link GlobalSettings}, {@link BindSettings} and {@link ServerSettings}.
 * Immutable.
 *
 * @param <T> the type of the value; immutable itself
 */
public final class Setting<T> {

    private final String name;
    private final Class<T> type;
    private final Optional<T> defaultValue;

    private Setting(String name, Class<T> type, Optional<T> defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        this.defaultValue = defaultValue;
    }

    /** A setting that has no value until the configuration gives one. */
    public static <T> Setting<T> of(String name, Class<T> type) {
        return new Setting<>(name, type, Optional.empty());
    }

    /** A setting with a built-in default. */
    public static <T> Setting<T> of(String name, Class<T> type, T defaultValue) {
        return new Setting<>(name, type, Optional.of(defaultValue));
    }

    /** An option that is off unless the configuration turns it on. */
    public static Setting<Boolean> flag(String name) {
        return of(name, Boolean.class, false);
    }

    /** The keyword as the manual spells it. */
    public String name() {
        return name;
    }

    public Class<T> type() {
        return type;
    }

    /** The built-in default, if there is one. */
    public Optional<T> defaultValue() {
        return defaultValue;
    }

    @Override
    public String toString() {
        return name;
    }
}
