package net.lbd.config.shape;

import java.util.Set;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.syntax.Nearest;

/** What {@code store} of a stick-table may name. Source: HAProxy manual, "stick-table". Stateless. */
final class StickData {

    private static final Set<String> PLAIN = Set.of("server_id", "server_key", "gpt0", "gpc0", "gpc1", "conn_cnt", "conn_cur",
            "sess_cnt", "http_req_cnt", "http_err_cnt", "http_fail_cnt", "bytes_in_cnt", "bytes_out_cnt", "glitch_cnt");
    private static final Set<String> RATES = Set.of("gpc0_rate", "gpc1_rate", "conn_rate", "sess_rate", "http_req_rate",
            "http_err_rate", "http_fail_rate", "bytes_in_rate", "bytes_out_rate", "glitch_rate");
    /** How many of them there are. */
    private static final Set<String> ARRAYS = Set.of("gpc", "gpt");

    private StickData() { }

    static void check(String list) throws ValueException {
        for (String item : list.split(",(?![^(]*\\))", -1)) {
            int open = item.indexOf('(');
            String name = open < 0 ? item : item.substring(0, open);
            String argument = open < 0 || !item.endsWith(")") ? "" : item.substring(open + 1, item.length() - 1);
            if (RATES.contains(name)) {
                period(item, argument);
            } else if (ARRAYS.contains(name)) {
                Numbers.read(argument, 1, 100);
            } else if (name.equals("gpc_rate")) {
                int comma = argument.indexOf(',');
                if (comma < 0) {
                    throw new ValueException("'" + item + "' wants a number and a period, as in gpc_rate(2,10s)");
                }
                Numbers.read(argument.substring(0, comma), 1, 100);
                period(item, argument.substring(comma + 1));
            } else if (!PLAIN.contains(name)) {
                throw new ValueException("a stick-table stores no '" + name + "'" + Nearest.suggestion(name, PLAIN));
            }
        }
    }

    private static void period(String item, String argument) throws ValueException {
        if (argument.isEmpty()) {
            throw new ValueException("'" + item + "' wants a period, as in " + item.replace("(", "").replace(")", "") + "(10s)");
        }
        Durations.POSITIVE_MILLIS.read(argument);
    }
}
