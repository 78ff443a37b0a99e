package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import net.lbd.cli.admin.DaemonStatus.Row;

/**
 * What happened between two samples: one line for each frontend, backend and server, in the order of the configuration.
 * Immutable.
 *
 * @param seconds between the samples; empty in the first frame, which has no rates
 */
record TopFrame(DaemonStatus status, OptionalDouble seconds, Line process, List<Line> lines) {

    /** What a line is about. */
    enum Kind { PROCESS, FRONTEND, BACKEND, SERVER }

    /**
     * One frontend, backend or server. Rates are per second; in mode tcp connections take the place of requests.
     *
     * @param service the frontend's or backend's name
     * @param name the server's; of others the service's
     * @param row of {@code show stat}, for what is shown as it is
     * @param requests that ended per second, of a frontend those that came
     * @param polls long polls under way; empty if sessions could not be listed
     */
    record Line(Kind kind, String service, String name, String state, Row row, OptionalDouble requests, OptionalDouble errors,
            OptionalDouble bytesIn, OptionalDouble bytesOut, OptionalDouble polls) {

        /** A number of {@code show stat}; empty where it has none. */
        OptionalDouble number(String column) {
            String text = row.get(column);
            return text.matches("[0-9]{1,18}") ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
        }

        /** Whether somebody should look at it: not fully up, answers of 5xx, or requests that wait in the queue. */
        boolean isTrouble() {
            boolean well = state.equals("UP") || state.equals("OPEN") || state.equals("no check");
            return !well || errors.orElse(0) > 0 || number("qcur").orElse(0) > 0;
        }
    }

    TopFrame {
        lines = List.copyOf(lines);
    }

    /** @param before of the same daemon; a counter that went back since has no rate this time */
    static TopFrame between(Optional<TopSample> before, TopSample now) {
        OptionalDouble seconds = before.isPresent() ? OptionalDouble.of((now.nanos() - before.get().nanos()) / 1e9) : OptionalDouble.empty();
        Map<String, Row> old = new HashMap<>();
        before.ifPresent(sample -> sample.status().rows().forEach(row -> old.put(TopSample.key(row), row)));
        List<Line> lines = new ArrayList<>();
        List<Row> rows = now.status().rows();
        rows.stream().filter(Row::isFrontend).forEach(row -> lines.add(line(Kind.FRONTEND, row, old, seconds, now)));
        rows.stream().filter(Row::isBackend).forEach(backend -> {
            lines.add(line(Kind.BACKEND, backend, old, seconds, now));
            now.status().servers(backend.proxy()).forEach(row -> lines.add(line(Kind.SERVER, row, old, seconds, now)));
        });
        return new TopFrame(now.status(), seconds, process(lines), lines);
    }

    /** The sum of what came in: a request counts once, at its frontend. */
    private static Line process(List<Line> lines) {
        List<Line> frontends = lines.stream().filter(line -> line.kind() == Kind.FRONTEND).toList();
        return new Line(Kind.PROCESS, "", "", "", new Row(Map.of()), sum(frontends.stream().map(Line::requests).toList()),
                sum(frontends.stream().map(Line::errors).toList()), sum(frontends.stream().map(Line::bytesIn).toList()),
                sum(frontends.stream().map(Line::bytesOut).toList()), sum(frontends.stream().map(Line::polls).toList()));
    }

    private static OptionalDouble sum(List<OptionalDouble> values) {
        return values.stream().filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble).reduce(Double::sum);
    }

    private static Line line(Kind kind, Row row, Map<String, Row> old, OptionalDouble seconds, TopSample now) {
        String key = TopSample.key(row);
        Row before = old.getOrDefault(key, new Row(Map.of()));
        String requests = row.get("mode").equals("tcp") || row.get("req_tot").isEmpty() ? "stot" : "req_tot";
        OptionalDouble polls = now.polls().isPresent() ? OptionalDouble.of(now.polls().get().getOrDefault(key, 0)) : OptionalDouble.empty();
        return new Line(kind, row.proxy(), kind == Kind.SERVER ? row.name() : row.proxy(), row.get("status"), row,
                rate(before, row, requests, seconds), rate(before, row, "hrsp_5xx", seconds), rate(before, row, "bin", seconds),
                rate(before, row, "bout", seconds), polls);
    }

    private static OptionalDouble rate(Row before, Row now, String column, OptionalDouble seconds) {
        String from = before.get(column);
        String to = now.get(column);
        if (seconds.isEmpty() || seconds.getAsDouble() <= 0 || !from.matches("[0-9]{1,18}") || !to.matches("[0-9]{1,18}")) {
            return OptionalDouble.empty();
        }
        long difference = Long.parseLong(to) - Long.parseLong(from);
        return difference < 0 ? OptionalDouble.empty() : OptionalDouble.of(difference / seconds.getAsDouble());
    }
}
