package net.lbd.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.lbd.config.model.PcreSyntax;
import net.lbd.core.runtime.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A regular expression over bytes, each of them one character of ISO 8859-1. Matching allocates nothing:
 * each event loop keeps its matcher and its view of the bytes.
 *
 * <p>Java's engine backtracks, and so can be made to work for ages by text that someone chose for that.
 * A search that looks at more than {@value #MAX_STEPS} characters, or nests too deep, is given up and
 * counts as no match; the first time is logged.
 *
 * <p><em>Difference:</em> HAProxy uses PCRE; what is written differently in Java is rewritten by {@link
 * PcreSyntax}, which tells what is not there. Immutable but for the matchers, which are confined to
 * their loops.
 */
public final class ByteRegex {

    /** Characters that one search may look at; some ten milliseconds. */
    static final int MAX_STEPS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(ByteRegex.class);

    private final Pattern pattern;
    private final String text;
    private final PerWorker<Search> searches;
    private final AtomicBoolean logged = new AtomicBoolean();

    private ByteRegex(Pattern pattern, String text) {
        this.pattern = pattern;
        this.text = text;
        this.searches = new PerWorker<>(() -> new Search(pattern));
    }

    /**
     * Compiles an expression of PCRE's syntax.
     *
     * @throws PatternSyntaxException if it has no equivalent in Java's
     */
    public static ByteRegex compile(String pcre, boolean ignoreCase) {
        // UNIX_LINES: only LF ends a line, so that a dot takes byte 0x85 as PCRE's does.
        int flags = Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        return new ByteRegex(Pattern.compile(PcreSyntax.toJava(ConfiguredText.asBytes(pcre)), flags), Objects.requireNonNull(pcre, "pcre"));
    }

    /** Whether the expression matches anywhere in the range. */
    public boolean find(Worker worker, byte[] bytes, int offset, int length) {
        Search search = searches.get(worker);
        search.begin(bytes, offset, length);
        return find(search);
    }

    /**
     * Appends a template whose {@code \\0} to {@code \\9} stand for groups, if the expression matches anywhere in the
     * range; what lies around the match is not taken along.
     *
     * @return whether it matches
     */
    public boolean expand(Worker worker, byte[] bytes, int offset, int length, ByteSink template, ByteSink out) {
        Search search = search(worker, bytes, offset, length);
        if (!find(search)) {
            return false;
        }
        RegexReplacement.expand(out, search.matcher, bytes, offset, template.bytes(), template.length(),
                search.matcher.groupCount());
        return true;
    }

    /** A search that a caller continues with {@link #find(Search)}, to replace what matches. */
    Search search(Worker worker, byte[] bytes, int offset, int length) {
        Search search = searches.get(worker);
        search.begin(bytes, offset, length);
        return search;
    }

    boolean find(Search search) {
        try {
            return search.matcher.find();
        } catch (StepLimitReached | StackOverflowError e) {
            if (logged.compareAndSet(false, true)) {
                LOG.warn("regular expression '{}' was given up on a text of {} bytes: too many ways to match it; "
                        + "this counts as no match and is said once", text, search.view.length());
            }
            return false;
        }
    }

    int groups() {
        return pattern.matcher("").groupCount();
    }

    /** The matcher and the view of one event loop. */
    static final class Search {
        final Matcher matcher;
        private final View view = new View();

        Search(Pattern pattern) {
            this.matcher = pattern.matcher(view);
        }

        void begin(byte[] bytes, int offset, int length) {
            view.bytes = bytes;
            view.offset = offset;
            view.length = length;
            view.steps = 0;
            matcher.reset(view);
        }
    }

    /** Bytes as characters; counts how many are looked at. */
    private static final class View implements CharSequence {
        private byte[] bytes = {};
        private int offset;
        private int length;
        private int steps;

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw StepLimitReached.INSTANCE;
            }
            return (char) (bytes[offset + index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new String(bytes, offset + start, end - start, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return subSequence(0, length).toString();
        }
    }

    /** Leaves the matcher's depths; without a stack trace, as it says nothing about a place. */
    private static final class StepLimitReached extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final StepLimitReached INSTANCE = new StepLimitReached();

        private StepLimitReached() {
            super("too many steps", null, false, false);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
