package net.lbd.config.keyword.sample;

import static net.lbd.config.model.SampleType.BOOLEAN;
import static net.lbd.config.model.SampleType.INTEGER;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.SampleType;

/**
 * Fetches and converters that read stick-tables. They come in families: for one counter there are
 * {@code sc_X(n)}, {@code sc0_X} to {@code sc2_X}, {@code src_X} and {@code table_X}. Source: HAProxy
 * manual, "Fetching samples at Layer 4".
 */
final class StickFetchKeywords {

    /** What can be read of an entry. */
    private static final Map<String, String> COUNTERS = counters();

    static final List<FetchKeyword> ROWS = rows();
    static final List<ConverterKeyword> CONVERTERS = converters();

    private StickFetchKeywords() { }

    private static Map<String, String> counters() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("bytes_in_rate", "bytes from the client in the period");
        map.put("bytes_out_rate", "bytes to the client in the period");
        map.put("conn_cnt", "connections so far");
        map.put("conn_cur", "connections now");
        map.put("conn_rate", "connections in the period");
        map.put("glitch_cnt", "protocol oddities so far");
        map.put("glitch_rate", "protocol oddities in the period");
        map.put("gpc0_rate", "the rate of counter 0");
        map.put("gpc1_rate", "the rate of counter 1");
        map.put("http_err_cnt", "requests that were answered with 4xx so far");
        map.put("http_err_rate", "requests that were answered with 4xx in the period");
        map.put("http_fail_cnt", "requests that were answered with 5xx so far");
        map.put("http_fail_rate", "requests that were answered with 5xx in the period");
        map.put("http_req_cnt", "requests so far");
        map.put("http_req_rate", "requests in the period");
        map.put("kbytes_in", "kilobytes from the client so far");
        map.put("kbytes_out", "kilobytes to the client so far");
        map.put("sess_cnt", "sessions so far");
        map.put("sess_rate", "sessions in the period");
        return map;
    }

    private static List<FetchKeyword> rows() {
        List<FetchKeyword> rows = new ArrayList<>();
        COUNTERS.forEach((name, what) -> tracked(rows, name, INTEGER, "Of the tracked key: " + what + ".", true));
        for (String n : List.of("0", "1")) {
            tracked(rows, "get_gpc" + n, INTEGER, "Counter " + n + " of the tracked key.", true);
            tracked(rows, "inc_gpc" + n, INTEGER, "Counts counter " + n + " of the tracked key up.", true);
            tracked(rows, "clr_gpc" + n, INTEGER, "Clears counter " + n + " of the tracked key.", true);
        }
        tracked(rows, "get_gpt0", INTEGER, "Tag 0 of the tracked key.", true);
        tracked(rows, "tracked", BOOLEAN, "Whether a key is tracked.", false);
        tracked(rows, "trackers", INTEGER, "How many connections track the key.", false);
        for (String action : List.of("get_gpc", "inc_gpc", "clr_gpc", "get_gpt", "gpc_rate")) {
            rows.add(FetchKeyword.of("sc_" + action, "index:integer,counter:integer[,table:table]", INTEGER, FetchSource.INTERNAL,
                    "A counter or tag of the tracked key, by its index."));
            rows.add(FetchKeyword.of("src_" + action, "index:integer,table:table", INTEGER, FetchSource.CLIENT_CONNECTION,
                    "A counter or tag of the client's address, by its index."));
        }
        rows.add(FetchKeyword.of("src_updt_conn_cnt", "[table:table]", INTEGER, FetchSource.CLIENT_CONNECTION,
                "Counts a connection of the client's address."));
        rows.add(FetchKeyword.of("table_avl", "[table:table]", INTEGER, FetchSource.INTERNAL, "Free entries of a table."));
        rows.add(FetchKeyword.of("table_cnt", "[table:table]", INTEGER, FetchSource.INTERNAL, "Entries of a table."));
        return List.copyOf(rows);
    }

    private static void tracked(List<FetchKeyword> rows, String name, SampleType type, String doc, boolean source) {
        rows.add(FetchKeyword.of("sc_" + name, "counter:integer[,table:table]", type, FetchSource.INTERNAL, doc));
        for (int i = 0; i < 3; i++) {
            rows.add(FetchKeyword.of("sc" + i + "_" + name, "[table:table]", type, FetchSource.INTERNAL, doc));
        }
        if (source) {
            rows.add(FetchKeyword.of("src_" + name, "[table:table]", type, FetchSource.CLIENT_CONNECTION,
                    doc.replace("the tracked key", "the client's address")));
        }
    }

    private static List<ConverterKeyword> converters() {
        List<ConverterKeyword> rows = new ArrayList<>();
        COUNTERS.forEach((name, what) -> rows.add(ConverterKeyword.of("table_" + name, "[table:table]", SampleType.ANY, INTEGER,
                "Of the key in a table: " + what + ".")));
        for (String name : List.of("gpc0", "gpc1", "gpt0", "server_id", "trackers")) {
            rows.add(ConverterKeyword.of("table_" + name, "[table:table]", SampleType.ANY, INTEGER,
                    "Of the key in a table: its " + name + "."));
        }
        for (String name : List.of("gpc", "gpt", "gpc_rate")) {
            rows.add(ConverterKeyword.of("table_" + name, "index:integer[,table:table]", SampleType.ANY, INTEGER,
                    "Of the key in a table: a counter or tag by its index."));
        }
        for (String name : List.of("expire", "idle")) {
            rows.add(ConverterKeyword.of("table_" + name, "[table:table,default:integer]", SampleType.ANY, INTEGER,
                    "Of the key in a table: its time to expire or since its last use."));
        }
        rows.add(ConverterKeyword.of("in_table", "[table:table]", SampleType.ANY, BOOLEAN, "Whether the key is in a table."));
        return List.copyOf(rows);
    }
}
