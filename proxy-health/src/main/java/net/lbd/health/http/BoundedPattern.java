package net.lbd.health.http;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression that gives up instead of holding up its thread.
 *
 * <p>{@code java.util.regex} backtracks, so that a short pattern can need exponential time, and recurses,
 * so that {@code (a|b)*} can exhaust the stack on a body of a few kilobytes. Both end here as {@link
 * Outcome#GAVE_UP}: every look at a character is counted and the search is broken off after a number of them.
 *
 * <p>Patterns and text are compared byte by byte, as PCRE without UTF does for HAProxy: beyond ASCII, the
 * bytes of the pattern's UTF-8 are what is looked for. Only a line feed ends a line. Immutable.
 */
public final class BoundedPattern {

    /** Looks at characters that one search may need: a few milliseconds. A body of 16 KiB needs about 20,000. */
    public static final long DEFAULT_STEP_LIMIT = 1_000_000;

    /** How a search ended. */
    public enum Outcome { FOUND, ABSENT, GAVE_UP }

    /** An outcome and how many characters were looked at for it. */
    public record Search(Outcome outcome, long steps) { }

    private final Pattern pattern;

    private BoundedPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws java.util.regex.PatternSyntaxException if it does not compile */
    public static BoundedPattern compile(String text) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new BoundedPattern(Pattern.compile(bytes, Pattern.UNIX_LINES));
    }

    /** Whether the pattern matches anywhere in the first {@code length} bytes. */
    public Search find(byte[] bytes, int length, long stepLimit) {
        CountedBytes text = new CountedBytes(bytes, length, stepLimit);
        Matcher matcher = pattern.matcher(text);
        try {
            return new Search(matcher.find() ? Outcome.FOUND : Outcome.ABSENT, text.steps);
        } catch (StepLimit | StackOverflowError tooCostly) {
            // The matcher holds no lock and is thrown away, so that nothing is left half-done behind either.
            return new Search(Outcome.GAVE_UP, text.steps);
        }
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }

    /** Bytes as characters, counted. */
    private static final class CountedBytes implements CharSequence {
        private final byte[] bytes;
        private final int length;
        private final long limit;
        private long steps;

        CountedBytes(byte[] bytes, int length, long limit) {
            this.bytes = bytes;
            this.length = length;
            this.limit = limit;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            if (++steps > limit) {
                throw StepLimit.REACHED;
            }
            return (char) (bytes[index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return toString().substring(start, end);
        }

        @Override
        public String toString() {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** The only way out of a running matcher; without a stack trace, because it is expected. */
    private static final class StepLimit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        static final StepLimit REACHED = new StepLimit();

        private StepLimit() {
            super("step limit", null, false, false);
        }
    }
}
