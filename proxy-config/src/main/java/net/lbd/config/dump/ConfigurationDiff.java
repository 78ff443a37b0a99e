package net.lbd.config.dump;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What parts two effective configurations, section by section: the fewest lines that go and come, so that rules which change places are
 * seen. The order of sections counts for nothing. Secrets are compared and not told. Stateless.
 */
public final class ConfigurationDiff {

    /** Beyond so many pairs of lines that differ, all of them go and come: the daemon's memory is worth more than a short answer. */
    private static final long MOST_PAIRS = 4_000_000;

    public enum Change { ADDED, REMOVED, CHANGED }

    /**
     * @param added or else removed
     * @param text without secrets
     * @param secretChanged whether it differs from a line of the other side in nothing but a secret
     */
    public record Line(boolean added, String text, boolean secretChanged) {
        public Line {
            Objects.requireNonNull(text, "text");
        }
    }

    /** @param lines those that differ, in their order; of an added or removed section all */
    public record Section(Change change, String title, List<Line> lines) {
        public Section {
            lines = List.copyOf(lines);
        }
    }

    private ConfigurationDiff() { }

    /** In the order of {@code after}, then what is gone; empty if nothing parts them. */
    public static List<Section> of(List<EffectiveSection> before, List<EffectiveSection> after) {
        Map<String, EffectiveSection> gone = byTitle(before);
        List<Section> changes = new ArrayList<>();
        byTitle(after).forEach((key, section) -> {
            EffectiveSection old = gone.remove(key);
            if (old == null) {
                changes.add(new Section(Change.ADDED, section.title(), lines(List.of(), section.lines())));
            } else if (!old.lines().equals(section.lines())) {
                changes.add(new Section(Change.CHANGED, section.title(), lines(old.lines(), section.lines())));
            }
        });
        gone.values().forEach(old -> changes.add(new Section(Change.REMOVED, old.title(), lines(old.lines(), List.of()))));
        return changes;
    }

    /** Some sections, such as {@code global}, may stand more than once. */
    private static Map<String, EffectiveSection> byTitle(Collection<EffectiveSection> sections) {
        Map<String, EffectiveSection> byTitle = new LinkedHashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        sections.forEach(section -> byTitle.put(section.title() + "\n" + seen.merge(section.title(), 1, Integer::sum), section));
        return byTitle;
    }

    private record Step(boolean added, EffectiveSection.Line line) { }

    private static List<Line> lines(List<EffectiveSection.Line> before, List<EffectiveSection.Line> after) {
        List<Step> steps = steps(before, after);
        Set<String> came = hidden(steps, true);
        Set<String> went = hidden(steps, false);
        return steps.stream().map(step -> new Line(step.added, step.line.shown(),
                step.line.isMasked() && (step.added ? went : came).contains(step.line.shown()))).toList();
    }

    private static Set<String> hidden(List<Step> steps, boolean added) {
        return steps.stream().filter(s -> s.added == added && s.line.isMasked()).map(s -> s.line.shown()).collect(Collectors.toSet());
    }

    /** By the longest common subsequence of what is left between a common beginning and a common end. */
    private static List<Step> steps(List<EffectiveSection.Line> before, List<EffectiveSection.Line> after) {
        int from = 0;
        int n = before.size();
        int m = after.size();
        while (from < n && from < m && before.get(from).equals(after.get(from))) {
            from++;
        }
        while (n > from && m > from && before.get(n - 1).equals(after.get(m - 1))) {
            n--;
            m--;
        }
        List<EffectiveSection.Line> a = before.subList(from, n);
        List<EffectiveSection.Line> b = after.subList(from, m);
        int[][] common = (a.size() + 1L) * (b.size() + 1L) > MOST_PAIRS ? new int[0][] : common(a, b);
        List<Step> steps = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (common.length > 0 && i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                i++;
                j++;
            } else if (i < a.size() && (j == b.size() || common.length == 0 || common[i + 1][j] >= common[i][j + 1])) {
                steps.add(new Step(false, a.get(i++)));
            } else {
                steps.add(new Step(true, b.get(j++)));
            }
        }
        return steps;
    }

    /** How many lines the rests from i and from j have in common. */
    private static int[][] common(List<EffectiveSection.Line> a, List<EffectiveSection.Line> b) {
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j)) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
