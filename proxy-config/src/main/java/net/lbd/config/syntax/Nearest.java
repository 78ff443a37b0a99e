package net.lbd.config.syntax;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known word that a misspelt one most likely stands for. */
public final class Nearest {

    /** Longer words are names or paths, not misspelt keywords. */
    private static final int LONGEST = 64;

    private Nearest() { }

    /**
     * The candidate with the smallest edit distance (a swap of neighbours counts as one edit), if at
     * most a third of the word is wrong. Case differs for free.
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        if (word.isEmpty() || word.length() > LONGEST) {
            return Optional.empty();
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, (word.length() + 1) / 3);
        String best = null;
        int bestDistance = limit + 1;
        for (String candidate : candidates) {
            int distance = distance(lower, candidate.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean 'x'?"}, or nothing. */
    public static String suggestion(String word, Collection<String> candidates) {
        return to(word, candidates).map(n -> "; did you mean '" + n + "'?").orElse("");
    }

    private static int distance(String a, String b, int giveUpAt) {
        if (Math.abs(a.length() - b.length()) >= giveUpAt) {
            return giveUpAt;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int d = Math.min(Math.min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d = Math.min(d, beforeLast[j - 2] + 1);
                }
                current[j] = d;
            }
            int[] swap = beforeLast;
            beforeLast = last;
            last = current;
            current = swap;
        }
        return last[b.length()];
    }
}
