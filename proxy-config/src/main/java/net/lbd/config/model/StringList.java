package net.lbd.config.model;

import java.util.List;

/** A list of words as the value of a {@link Setting}. Immutable. */
public record StringList(List<String> values) {

    public StringList {
        values = List.copyOf(values);
    }

    public static StringList of(String... values) {
        return new StringList(List.of(values));
    }
}
