package net.lbd.core.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import net.lbd.config.model.SampleType;
import net.lbd.config.model.StickDataType;
import net.lbd.core.stick.StickTable;

/** What a stick-table says of a key. Looking does not count as a use of the entry. Source: HAProxy manual, "Converters". */
final class StickConverters {

    /** What can be read of an entry in each of the ways: by what is tracked, by the client's address, by any key. */
    static final Map<String, StickOperation> COUNTERS = counters();

    static final Map<String, ConverterCompiler> ROWS = rows();

    private StickConverters() { }

    private static Map<String, StickOperation> counters() {
        Map<String, StickOperation> map = new LinkedHashMap<>();
        for (StickDataType type : StickDataType.values()) {
            boolean bytes = type == StickDataType.BYTES_IN_CNT || type == StickDataType.BYTES_OUT_CNT;
            boolean general = type.isArray() || type == StickDataType.GPT0 || type == StickDataType.GPC0 || type == StickDataType.GPC1
                    || type == StickDataType.GPC0_RATE || type == StickDataType.GPC1_RATE;
            boolean server = type == StickDataType.SERVER_ID || type == StickDataType.SERVER_KEY;
            if (!bytes && !general && !server) {
                map.put(type.word(), StickOperation.value(type));
            }
        }
        map.put("kbytes_in", StickOperation.kilobytes(StickDataType.BYTES_IN_CNT));
        map.put("kbytes_out", StickOperation.kilobytes(StickDataType.BYTES_OUT_CNT));
        map.put("gpc0_rate", StickOperation.gpcRate(0));
        map.put("gpc1_rate", StickOperation.gpcRate(1));
        return Collections.unmodifiableMap(map);
    }

    private static Map<String, ConverterCompiler> rows() {
        Map<String, ConverterCompiler> rows = new LinkedHashMap<>();
        COUNTERS.forEach((name, operation) -> row(rows, name, operation));
        row(rows, "gpc0", StickOperation.getGpc(0));
        row(rows, "gpc1", StickOperation.getGpc(1));
        row(rows, "gpt0", StickOperation.getGpt(0));
        row(rows, "server_id", StickOperation.value(StickDataType.SERVER_ID));
        row(rows, "trackers", StickOperation.trackers());
        indexed(rows, "gpc", StickOperation::getGpcOfArray);
        indexed(rows, "gpt", StickOperation::getGptOfArray);
        indexed(rows, "gpc_rate", StickOperation::gpcRateOfArray);
        rows.put("table_expire", ConverterCompiler.named(SampleType.ANY, (arguments, names) ->
                in(StickOperation.expire(arguments.number(1, StickTable.ABSENT)), names.table(arguments.text(0, "")))));
        rows.put("table_idle", ConverterCompiler.named(SampleType.ANY, (arguments, names) ->
                in(StickOperation.idle(arguments.number(1, StickTable.ABSENT)), names.table(arguments.text(0, "")))));
        rows.put("in_table", ConverterCompiler.named(SampleType.ANY, (arguments, names) -> {
            Converter there = in(StickOperation.isThere(), names.table(arguments.text(0, "")));
            return (stream, value) -> {
                boolean found = there.convert(stream, value);
                value.setType(SampleType.BOOLEAN);
                return found;
            };
        }));
        return Collections.unmodifiableMap(rows);
    }

    private static void row(Map<String, ConverterCompiler> rows, String name, StickOperation operation) {
        rows.put("table_" + name, ConverterCompiler.named(SampleType.ANY, (arguments, names) ->
                in(operation, names.table(arguments.text(0, "")))));
    }

    private static void indexed(Map<String, ConverterCompiler> rows, String name, IntFunction<StickOperation> operation) {
        rows.put("table_" + name, ConverterCompiler.named(SampleType.ANY, (arguments, names) ->
                in(operation.apply((int) arguments.number(0)), names.table(arguments.text(1, "")))));
    }

    private static Converter in(StickOperation operation, StickTable table) {
        return (stream, value) -> operation.on(table, value, value);
    }
}
