package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the daemon reports of itself: {@code show info}, {@code show stat}, {@code show listeners} and {@code show proc},
 * asked in one line so that they belong together. Works on HAProxy's socket too, which knows neither of the last two.
 * Immutable.
 *
 * @param watchSeconds how long the configuration is still watched by {@code reload if-healthy}; empty if it is not
 * @param trialSeconds how long the configuration may still be confirmed; empty if it is not on trial
 */
record DaemonStatus(Map<String, String> info, List<Row> rows, List<Map<String, String>> listeners, Optional<Long> trialSeconds,
        Optional<Long> watchSeconds) {

    static final String QUESTION = "show info;show stat;show listeners;show proc";

    private static final Pattern WATCHED = Pattern.compile("# the configuration is watched: goes back within ([0-9]{1,9})s");
    private static final Pattern ON_TRIAL = Pattern.compile("# the configuration is on trial: goes back in ([0-9]{1,9})s");

    /** One line of {@code show stat}, by column name; an unknown column is empty. */
    record Row(Map<String, String> columns) {
        Row {
            columns = Map.copyOf(columns);
        }

        String get(String column) {
            return columns.getOrDefault(column, "");
        }

        String proxy() {
            return get("pxname");
        }

        String name() {
            return get("svname");
        }

        boolean isFrontend() {
            return get("type").equals("0");
        }

        boolean isBackend() {
            return get("type").equals("1");
        }

        boolean isServer() {
            return get("type").equals("2");
        }
    }

    DaemonStatus {
        info = Map.copyOf(info);
        rows = List.copyOf(rows);
        listeners = List.copyOf(listeners);
    }

    static DaemonStatus parse(String answer) {
        // Each answer ends in an empty line, and none holds one.
        String[] answers = answer.split("\n\n");
        Map<String, String> info = new LinkedHashMap<>();
        answers[0].lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        });
        List<Row> rows = answers.length > 1 ? csv(answers[1]).stream().map(Row::new).toList() : List.of();
        List<Map<String, String>> listeners = answers.length > 2 && answers[2].startsWith("# ")
                ? csv(answers[2])
                : List.of();
        String process = answers[answers.length - 1];
        return new DaemonStatus(info, rows, listeners, seconds(ON_TRIAL, process), seconds(WATCHED, process));
    }

    private static Optional<Long> seconds(Pattern line, String answer) {
        Matcher found = line.matcher(answer);
        return found.find() ? Optional.of(Long.valueOf(found.group(1))) : Optional.empty();
    }

    List<Row> servers(String backend) {
        return rows.stream().filter(r -> r.isServer() && r.proxy().equals(backend)).toList();
    }

    List<Map<String, String>> listeners(String frontend) {
        return listeners.stream().filter(l -> frontend.equals(l.get("pxname"))).toList();
    }

    private static List<Map<String, String>> csv(String text) {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> header = List.of();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# ")) {
                header = fields(line.substring(2));
            } else if (!line.isEmpty()) {
                List<String> values = fields(line);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < Math.min(header.size(), values.size()); i++) {
                    row.put(header.get(i), values.get(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** The fields of a line; quoted ones hold commas and doubled quotes. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
