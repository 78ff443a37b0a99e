package net.lbd.core.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.Peer;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stick.Tracking;
import net.lbd.core.stream.Stream;

/**
 * What is counted in stick-tables: of what the stream or its connection tracks ({@code sc_…}), and of the client's address
 * ({@code src_…}). Source: HAProxy manual, "Fetching samples at Layer 4".
 */
final class StickFetches {

    static final Map<String, FetchCompiler> ROWS = rows();

    private StickFetches() { }

    private static Map<String, FetchCompiler> rows() {
        Map<String, FetchCompiler> rows = new LinkedHashMap<>();
        StickConverters.COUNTERS.forEach((name, operation) -> all(rows, name, operation));
        for (int i = 0; i < 2; i++) {
            all(rows, "get_gpc" + i, StickOperation.getGpc(i));
            all(rows, "inc_gpc" + i, StickOperation.incrementGpc(i));
            all(rows, "clr_gpc" + i, StickOperation.clearGpc(i));
        }
        all(rows, "get_gpt0", StickOperation.getGpt(0));
        tracked(rows, "trackers", StickOperation.trackersOfTracked(), StickOperation.trackers());
        indexed(rows, "get_gpc", StickOperation::getGpcOfArray);
        indexed(rows, "inc_gpc", StickOperation::incrementGpcOfArray);
        indexed(rows, "clr_gpc", StickOperation::clearGpcOfArray);
        indexed(rows, "get_gpt", StickOperation::getGptOfArray);
        indexed(rows, "gpc_rate", StickOperation::gpcRateOfArray);
        rows.put("src_updt_conn_cnt", (arguments, names) -> source(StickOperation.countConnection(), table(arguments, 0, names)));
        rows.put("sc_tracked", (arguments, names) -> isTracked((int) arguments.number(0)));
        for (int i = 0; i < 3; i++) {
            int counter = i;
            rows.put("sc" + i + "_tracked", (arguments, names) -> isTracked(counter));
        }
        rows.put("table_avl", (arguments, names) -> {
            StickTable table = table(arguments, 0, names);
            return (stream, out) -> {
                out.setInteger(table.spec().size() - table.used());
                return true;
            };
        });
        rows.put("table_cnt", (arguments, names) -> {
            StickTable table = table(arguments, 0, names);
            return (stream, out) -> {
                out.setInteger(table.used());
                return true;
            };
        });
        return Collections.unmodifiableMap(rows);
    }

    private static void all(Map<String, FetchCompiler> rows, String name, StickOperation operation) {
        tracked(rows, name, operation, operation);
        rows.put("src_" + name, (arguments, names) -> source(operation, table(arguments, 0, names)));
    }

    /** @param elsewhere of the same key in another table */
    private static void tracked(Map<String, FetchCompiler> rows, String name, StickOperation operation, StickOperation elsewhere) {
        rows.put("sc_" + name, (arguments, names) -> tracked(operation, elsewhere, (int) arguments.number(0), arguments, 1, names));
        for (int i = 0; i < 3; i++) {
            int counter = i;
            rows.put("sc" + i + "_" + name, (arguments, names) -> tracked(operation, elsewhere, counter, arguments, 0, names));
        }
    }

    /** The first argument is the place in an array. */
    private static void indexed(Map<String, FetchCompiler> rows, String name, IntFunction<StickOperation> operation) {
        rows.put("sc_" + name, (arguments, names) -> {
            StickOperation one = operation.apply((int) arguments.number(0));
            return tracked(one, one, (int) arguments.number(1), arguments, 2, names);
        });
        rows.put("src_" + name, (arguments, names) ->
                source(operation.apply((int) arguments.number(0)), table(arguments, 1, names)));
    }

    private static StickTable table(ArgumentList arguments, int index, RuntimeNames names) {
        return names.table(arguments.text(index, ""));
    }

    private static Fetch isTracked(int counter) {
        return (stream, out) -> {
            out.setBoolean(stream.tracking(counter).has(counter));
            return true;
        };
    }

    private static Fetch tracked(StickOperation operation, StickOperation elsewhere, int counter, ArgumentList arguments, int index,
            RuntimeNames names) {
        if (!arguments.has(index)) {
            return (stream, out) -> ofTracked(operation, stream.tracking(counter), counter, out);
        }
        StickTable other = names.table(arguments.text(index));
        return (stream, out) -> elsewhere(elsewhere, stream, counter, other, out);
    }

    private static boolean ofTracked(StickOperation operation, Tracking tracking, int counter, Sample out) {
        if (!tracking.has(counter)) {
            return false;
        }
        StickTable table = tracking.table(counter);
        long result = operation.reader().read(table, tracking.handle(counter));
        out.setInteger(result);
        return result != StickTable.ABSENT;
    }

    /** The key that is tracked, in another table. */
    private static boolean elsewhere(StickOperation operation, Stream stream, int counter, StickTable other, Sample out) {
        Tracking tracking = stream.tracking(counter);
        if (!tracking.has(counter)) {
            return false;
        }
        Sample key = stream.worker().scratch().take();
        tracking.table(counter).key(tracking.handle(counter), key);
        boolean there = operation.on(other, key, out);
        stream.worker().scratch().give(key);
        return there;
    }

    private static Fetch source(StickOperation operation, StickTable table) {
        return (stream, out) -> {
            Peer peer = stream.session().source();
            if (!peer.isIp()) {
                return false;
            }
            Sample key = stream.worker().scratch().take();
            key.setView(SampleType.ADDRESS, peer.address(), 0, peer.address().length);
            boolean there = operation.on(table, key, out);
            stream.worker().scratch().give(key);
            return there;
        };
    }
}
