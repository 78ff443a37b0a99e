package net.lbd.config.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/** The {@code stick} lines of a backend, in their order. Immutable. */
public record StickRules(List<Rule> rules) {

    public StickRules {
        rules = List.copyOf(rules);
    }

    /**
     * One line.
     *
     * @param keyword such as {@code stick on}
     * @param key what is looked up or stored
     * @param table the proxy that holds the table; empty: the backend itself
     */
    public record Rule(SourceLocation location, String keyword, SampleSpec key, String table) {
        public Rule {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(keyword, "keyword");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(table, "table");
        }
    }

    /** With one line more. */
    public StickRules plus(Rule rule) {
        List<Rule> all = new ArrayList<>(rules);
        all.add(rule);
        return new StickRules(all);
    }
}
