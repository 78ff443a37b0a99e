package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/** The {@code stick} lines of a backend, in their order. Immutable. */
public record StickRules(List<Rule> rules) {

    public StickRules {
        rules = List.copyOf(rules);
    }

    /** What a line does; {@code stick on} does the first two. */
    public enum Kind {
        ON("stick on"), MATCH("stick match"), STORE_REQUEST("stick store-request"), STORE_RESPONSE("stick store-response");

        private final String keyword;

        Kind(String keyword) {
            this.keyword = keyword;
        }

        public String keyword() {
            return keyword;
        }
    }

    /**
     * One line.
     *
     * @param key what is looked up or stored
     * @param table the proxy that holds the table
     * @param condition empty: always
     */
    public record Rule(SourceLocation location, Kind kind, SampleSpec key, String table, Optional<ConditionSpec> condition) {
        public Rule {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(table, "table");
            Objects.requireNonNull(condition, "condition");
        }
    }
}
