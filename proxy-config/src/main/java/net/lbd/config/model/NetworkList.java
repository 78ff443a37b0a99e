package net.lbd.config.model;

import java.util.List;

/** Networks as the value of a {@link Setting}. Immutable. */
public record NetworkList(List<PatternSpec.Network> values) {

    public NetworkList {
        values = List.copyOf(values);
    }
}
