package net.lbd.config.fix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Changed lines in the form that {@code patch} reads. Pure functions. */
public final class UnifiedDiff {

    private static final int CONTEXT = 3;

    private UnifiedDiff() { }

    /**
     * @param text of the file before
     * @param changes by line
     */
    public static String of(String name, String text, List<Mender.Change> changes) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        Map<Integer, Mender.Change> byLine = new TreeMap<>();
        changes.forEach(c -> byLine.put(c.line(), c));
        StringBuilder out = new StringBuilder("--- ").append(name).append("\n+++ ").append(name).append('\n');
        int shift = 0;
        List<Integer> numbers = List.copyOf(byLine.keySet());
        int i = 0;
        while (i < numbers.size()) {
            int last = i;
            while (last + 1 < numbers.size() && numbers.get(last + 1) - numbers.get(last) <= 2 * CONTEXT) {
                last++;
            }
            int from = Math.max(1, numbers.get(i) - CONTEXT);
            int to = Math.min(lines.size(), numbers.get(last) + CONTEXT);
            StringBuilder hunk = new StringBuilder();
            int removed = 0;
            for (int n = from; n <= to; n++) {
                Mender.Change change = byLine.get(n);
                hunk.append(change == null ? ' ' : '-').append(lines.get(n - 1)).append('\n');
                if (change != null && change.after().isPresent()) {
                    hunk.append('+').append(change.after().get()).append('\n');
                } else if (change != null) {
                    removed++;
                }
            }
            int length = to - from + 1;
            int start = length == removed ? from + shift - 1 : from + shift;
            out.append("@@ -").append(from).append(',').append(length).append(" +").append(start).append(',').append(length - removed)
                    .append(" @@\n").append(hunk);
            shift -= removed;
            i = last + 1;
        }
        return out.toString();
    }
}
