package net.lbd.core.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import net.lbd.core.sample.RuntimeNames;

/**
 * Every variable of log-format strings by its name, without the percent sign. The rows stand in the
 * {@code …Variables} classes; a test holds them and the keyword table of the configuration together.
 * Immutable. Source: HAProxy manual, section "Custom log format".
 */
public final class LogVariables {

    /** Makes the piece for one place in a string. */
    @FunctionalInterface
    interface Row {
        Piece compile(Escaping escaping, RuntimeNames names);
    }

    static final Map<String, Row> ROWS = join(
            ConnectionVariables.ROWS, HttpVariables.ROWS, TimeVariables.ROWS, CounterVariables.ROWS);

    private LogVariables() { }

    public static Set<String> names() {
        return ROWS.keySet();
    }

    @SafeVarargs
    private static Map<String, Row> join(Map<String, Row>... families) {
        Map<String, Row> all = new LinkedHashMap<>();
        for (Map<String, Row> family : families) {
            family.forEach((name, row) -> {
                if (all.put(name, row) != null) {
                    throw new IllegalStateException("two rows are named '" + name + "'");
                }
            });
        }
        return Collections.unmodifiableMap(all);
    }
}
