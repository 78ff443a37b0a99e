package net.lbd.core.report;

import java.util.List;
import java.util.Map;

/**
 * Writes {@code show stat} and {@code show info} as CSV or plain lines, typed, or as JSON. Pure functions.
 * Source: HAProxy manual, management guide, "CSV format", "Typed output format", "show stat", "show info".
 */
public final class ReportFormat {

    static final Map<Character, String> ORIGINS =
            Map.of('M', "Metric", 'S', "Status", 'K', "Key", 'C', "Config", 'P', "Product");
    static final Map<Character, String> NATURES = Map.ofEntries(Map.entry('A', "Age"), Map.entry('a', "Avg"),
            Map.entry('C', "Counter"), Map.entry('D', "Duration"), Map.entry('G', "Gauge"), Map.entry('L', "Limit"),
            Map.entry('M', "Max"), Map.entry('m', "Min"), Map.entry('N', "Name"), Map.entry('O', "Output"), Map.entry('R', "Rate"),
            Map.entry('T', "Time"));
    static final Map<Character, String> SCOPES = Map.of('C', "Cluster", 'P', "Process", 'S', "Service", 's', "System");

    private ReportFormat() { }

    public static String csv(List<StatRow> rows) {
        StringBuilder out = new StringBuilder(StatField.CSV_HEADER);
        for (StatRow row : rows) {
            for (StatField field : StatField.values()) {
                if (field.isFirstOfModules()) {
                    out.append("-,");
                }
                out.append(Csv.field(row.text(field))).append(',');
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** @param described with what each value is */
    public static String typed(List<StatRow> rows, boolean described) {
        StringBuilder out = new StringBuilder();
        for (StatRow row : rows) {
            for (StatField field : StatField.values()) {
                row.value(field).ifPresent(value -> {
                    out.append(row.kind().letter()).append('.').append(row.proxyId()).append('.').append(row.serverId()).append('.')
                            .append(field.ordinal()).append('.').append(field.title()).append(".1:").append(field.tags(row.kind()))
                            .append(':').append(field.type()).append(':').append(value);
                    describe(out, field.doc(), described);
                });
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** A list of rows, each a list of fields, in one line. */
    public static String json(List<StatRow> rows) {
        StringBuilder out = new StringBuilder("[");
        for (StatRow row : rows) {
            out.append(out.length() > 1 ? ",[" : "[");
            boolean first = true;
            for (StatField field : StatField.values()) {
                if (row.value(field).isPresent()) {
                    out.append(first ? "" : ",").append("{\"objType\":\"").append(row.kind().title()).append("\",\"proxyId\":")
                            .append(row.proxyId()).append(",\"id\":").append(row.serverId()).append(',');
                    jsonField(out, field.ordinal(), field.title(), field.tags(row.kind()), field.type(), row.value(field).get());
                    first = false;
                }
            }
            out.append(']');
        }
        return out.append("]\n").toString();
    }

    /** One line for each value. */
    public static String lines(Map<InfoField, Object> info, boolean described) {
        StringBuilder out = new StringBuilder();
        info.forEach((field, value) -> {
            out.append(field.title()).append(": ").append(value);
            describe(out, field.doc(), described);
        });
        return out.toString();
    }

    public static String typedInfo(Map<InfoField, Object> info, boolean described) {
        StringBuilder out = new StringBuilder();
        info.forEach((field, value) -> {
            out.append(field.ordinal()).append('.').append(field.title()).append(".1:").append(field.tags()).append(':')
                    .append(field.type()).append(':').append(value);
            describe(out, field.doc(), described);
        });
        return out.toString();
    }

    /** A list of fields in one line. */
    public static String jsonInfo(Map<InfoField, Object> info) {
        StringBuilder out = new StringBuilder("[");
        info.forEach((field, value) -> {
            out.append(out.length() > 1 ? ",{" : "{");
            jsonField(out, field.ordinal(), field.title(), field.tags(), field.type(), value);
        });
        return out.append("]\n").toString();
    }

    private static void describe(StringBuilder out, String doc, boolean described) {
        if (described) {
            out.append(":\"").append(doc).append('"');
        }
        out.append('\n');
    }

    private static void jsonField(StringBuilder out, int position, String name, String tags, ValueType type, Object value) {
        out.append("\"field\":{\"pos\":").append(position).append(",\"name\":\"").append(name)
                .append("\"},\"processNum\":1,\"tags\":{\"origin\":\"").append(ORIGINS.get(tags.charAt(0)))
                .append("\",\"nature\":\"").append(NATURES.get(tags.charAt(1))).append("\",\"scope\":\"").append(SCOPES.get(tags.charAt(2)))
                .append("\"},\"value\":{\"type\":\"").append(type).append("\",\"value\":");
        if (type == ValueType.STR) {
            quote(out, value.toString());
        } else {
            out.append(value);
        }
        out.append("}}");
    }

    /** A JSON string. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
