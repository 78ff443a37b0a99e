package net.lbd.cli.admin;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import net.lbd.cli.admin.TopFrame.Line;

/**
 * The columns of {@code lbctl top}, in their order; a narrow terminal shows the first ones. Times are the averages that
 * {@code show stat} has, over the last 1024 requests: the daemon keeps no percentiles.
 */
enum TopColumn {
    REQUESTS("REQ/S", "requestsPerSecond", 7, Line::requests, Form.RATE),
    SESSIONS("SESS", "sessions", 6, line -> line.number("scur"), Form.COUNT),
    POLLS("POLLS", "longPolls", 6, Line::polls, Form.COUNT),
    QUEUE("QUEUE", "queued", 5, line -> line.number("qcur"), Form.COUNT),
    ERRORS("5XX/S", "errorsPerSecond", 6, Line::errors, Form.RATE),
    RESPONSE("RESP", "responseMillisecondsAverage", 6, line -> line.number("rtime"), Form.MILLIS),
    TOTAL("TOTAL", "totalMillisecondsAverage", 6, line -> line.number("ttime"), Form.MILLIS),
    WAIT("WAIT", "queueMillisecondsAverage", 6, line -> line.number("qtime"), Form.MILLIS),
    CONNECT("CONN", "connectMillisecondsAverage", 6, line -> line.number("ctime"), Form.MILLIS),
    IN("IN/S", "bytesInPerSecond", 6, Line::bytesIn, Form.BYTES),
    OUT("OUT/S", "bytesOutPerSecond", 6, Line::bytesOut, Form.BYTES),
    WEIGHT("WEIGHT", "weight", 6, line -> line.number("weight"), Form.COUNT),
    SINCE("SINCE", "stateSeconds", 7, line -> line.number("lastchg"), Form.SECONDS);

    private enum Form { RATE, COUNT, MILLIS, BYTES, SECONDS }

    private final String title;
    private final String json;
    private final int width;
    private final Function<Line, OptionalDouble> value;
    private final Form form;

    TopColumn(String title, String json, int width, Function<Line, OptionalDouble> value, Form form) {
        this.title = title;
        this.json = json;
        this.width = width;
        this.value = value;
        this.form = form;
    }

    String title() {
        return title;
    }

    /** The name of its value in JSON. */
    String json() {
        return json;
    }

    int width() {
        return width;
    }

    OptionalDouble value(Line line) {
        // The average of no request is no time.
        return form == Form.MILLIS && line.row().get("stot").equals("0") ? OptionalDouble.empty() : value.apply(line);
    }

    /** As a person reads it; a dash where nothing is known. */
    String text(Line line) {
        OptionalDouble known = value(line);
        if (known.isEmpty()) {
            return "-";
        }
        double number = known.getAsDouble();
        return switch (form) {
            case RATE -> rate(number);
            case COUNT -> number < 100_000 ? Long.toString(Math.round(number)) : StatusCommand.bytes(Long.toString(Math.round(number)));
            case MILLIS -> millis(number);
            case BYTES -> StatusCommand.bytes(Long.toString(Math.round(number)));
            case SECONDS -> StatusCommand.duration(Long.toString(Math.round(number)));
        };
    }

    /** One decimal while it says something; never "0.0" for something that happens. */
    static String rate(double perSecond) {
        if (perSecond == 0) {
            return "0";
        }
        return perSecond < 0.05 ? "<0.1" : perSecond < 100 ? String.format(Locale.ROOT, "%.1f", perSecond)
                : perSecond < 100_000 ? Long.toString(Math.round(perSecond)) : StatusCommand.bytes(Long.toString(Math.round(perSecond)));
    }

    private static String millis(double millis) {
        return millis < 10_000 ? Math.round(millis) + "ms" : millis < 1_000_000 ? String.format(Locale.ROOT, "%.0fs", millis / 1000)
                : StatusCommand.duration(Long.toString(Math.round(millis / 1000)));
    }
}
