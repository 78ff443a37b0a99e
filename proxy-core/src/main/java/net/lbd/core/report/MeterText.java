package net.lbd.core.report;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Micrometer's meters in the Prometheus text format, under the names that its own registry for Prometheus gives them, so that dashboards
 * for the JVM fit: dots become underscores, the base unit stands behind, counters end in {@code _total}. Pure functions.
 */
final class MeterText {

    private record Family(String doc, boolean counter, List<String> samples) { }

    private MeterText() { }

    static void append(StringBuilder out, MeterRegistry meters) {
        Map<String, Family> families = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                add(families, meter.getId(), measurement);
            }
        }
        families.forEach((name, family) -> {
            out.append("# HELP ").append(name).append(' ').append(family.doc()).append("\n# TYPE ").append(name)
                    .append(family.counter() ? " counter\n" : " gauge\n");
            family.samples().forEach(out::append);
        });
    }

    private static void add(Map<String, Family> families, Meter.Id id, Measurement measurement) {
        double value = measurement.getValue();
        if (Double.isNaN(value)) {
            return;
        }
        boolean counter = id.getType() == Meter.Type.COUNTER;
        String name = name(id, measurement.getStatistic());
        StringBuilder sample = new StringBuilder(name);
        char before = '{';
        for (Tag tag : id.getTags()) {
            sample.append(before).append(tag.getKey().replaceAll("[^A-Za-z0-9_]", "_")).append('=')
                    .append(PrometheusText.quoted(tag.getValue()));
            before = ',';
        }
        sample.append(before == ',' ? "} " : " ").append(number(value)).append('\n');
        String doc = id.getDescription() == null ? "" : id.getDescription().replace('\n', ' ');
        families.computeIfAbsent(name, n -> new Family(doc, counter, new ArrayList<>())).samples().add(sample.toString());
    }

    private static String name(Meter.Id id, Statistic statistic) {
        String name = id.getName().replaceAll("[^A-Za-z0-9_]", "_");
        String unit = id.getType() == Meter.Type.TIMER ? "seconds" : id.getBaseUnit() == null ? "" : id.getBaseUnit();
        if (!unit.isEmpty() && !name.endsWith("_" + unit)) {
            name += "_" + unit.replaceAll("[^A-Za-z0-9_]", "_");
        }
        return switch (statistic) {
            case COUNT -> id.getType() == Meter.Type.COUNTER ? total(name) : name + "_count";
            case TOTAL, TOTAL_TIME -> name + "_sum";
            case MAX -> name + "_max";
            default -> name;
        };
    }

    private static String total(String name) {
        return name.endsWith("_total") ? name : name + "_total";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : String.format(Locale.ROOT, "%s", value);
    }
}
