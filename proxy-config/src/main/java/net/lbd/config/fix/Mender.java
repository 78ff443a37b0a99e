package net.lbd.config.fix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostic;

/**
 * Applies the mends that change no meaning as lbd reads the file: lines that have no effect go
 * (LB1204, LB1214), a blank that was lost behind a backslash is written so that it stays (LB1103), log
 * variables and addresses are written as they are read (LB1308, LB1209). On request an unanchored
 * {@code rstatus} is anchored (LBX002), which does change what passes. Pure functions.
 */
public final class Mender {

    private static final Map<String, String> VARIABLES = Map.of("%sslV", "%sslv", "%sslC", "%sslc", "%ssl", "%sslv");

    private Mender() { }

    /**
     * One file's lines, mended.
     *
     * @param after empty for a line that goes
     */
    public record Change(int line, String before, Optional<String> after) { }

    /**
     * @param found what was said about one file
     * @param anchor whether to anchor {@code rstatus}
     * @return by line; empty if there is nothing to mend
     */
    public static List<Change> changes(List<Diagnostic> found, boolean anchor) {
        Map<Integer, Change> changes = new TreeMap<>();
        // From right to left, so that the places to the left stay where they are.
        found.stream().sorted(Comparator.comparingInt((Diagnostic d) -> d.location().column()).reversed()).forEach(d -> {
            int line = d.location().line();
            String before = d.sourceLine();
            Optional<String> current = changes.containsKey(line) ? changes.get(line).after() : Optional.of(before);
            if (isRemoved(d)) {
                changes.put(line, new Change(line, before, Optional.empty()));
            } else if (current.isPresent()) {
                String mended = mend(current.get(), d, anchor);
                if (!mended.equals(current.get())) {
                    changes.put(line, new Change(line, before, Optional.of(mended)));
                }
            }
        });
        return List.copyOf(changes.values());
    }

    /** The text of a file with the changes made; line ends and a byte order mark stay as they are. */
    public static String apply(String text, List<Change> changes) {
        String mark = text.startsWith("\ufeff") ? "\ufeff" : "";
        List<String> lines = new ArrayList<>(List.of(text.substring(mark.length()).split("(?<=\n)", -1)));
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i);
            int index = change.line() - 1;
            String line = lines.get(index);
            String end = line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
            if (change.after().isPresent()) {
                lines.set(index, change.after().get() + end);
            } else {
                lines.remove(index);
            }
        }
        return mark + String.join("", lines);
    }

    private static boolean isRemoved(Diagnostic d) {
        // 'option forceclose' itself asks for something: it is renamed, only its 'no' goes.
        return d.code().equals(Code.REMOVED_HARMLESS.id()) && d.sourceLine().stripLeading().startsWith("no")
                || d.code().equals(Code.IGNORED_HERE.id());
    }

    private static String mend(String line, Diagnostic d, boolean anchor) {
        int from = d.location().column() - 1;
        int to = Math.min(line.length(), from + d.length());
        if (from >= to) {
            return line;
        }
        String token = line.substring(from, to);
        String mended = token;
        if (d.code().equals(Code.TRAILING_ESCAPE.id()) && token.equals("\\")) {
            mended = "\" \"";
        } else if (d.code().equals(Code.REMOVED_HARMLESS.id())) {
            mended = token.replace("forceclose", "httpclose");
        } else if (d.code().equals(Code.LOG_FORMAT.id())) {
            mended = VARIABLES.getOrDefault(token, token);
        } else if (d.code().equals(Code.SHORT_ADDRESS.id())) {
            mended = fourNumbers(token);
        } else if (anchor && d.code().equals(Code.ADVICE_RSTATUS.id()) && token.matches("[(0-9|.)\\[\\]-]+")) {
            mended = token.startsWith("(") && token.endsWith(")") ? "^" + token : "^(" + token + ")";
        }
        return line.substring(0, from) + mended + line.substring(to);
    }

    /** {@code 10.0.16:80} to {@code 10.0.0.16:80}: the last number fills the bytes that are missing. */
    private static String fourNumbers(String token) {
        int colon = token.indexOf(':');
        String address = colon < 0 ? token : token.substring(0, colon);
        String[] parts = address.split("\\.", -1);
        if (parts.length >= 4 || !address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){1,2}") || Integer.parseInt(parts[parts.length - 1]) > 255) {
            return token;
        }
        StringBuilder full = new StringBuilder();
        for (int i = 0; i < parts.length - 1; i++) {
            full.append(parts[i]).append('.');
        }
        return full.append("0.".repeat(4 - parts.length)).append(parts[parts.length - 1])
                .append(colon < 0 ? "" : token.substring(colon)).toString();
    }
}
