package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * An access control list: it holds if one of its tests holds. Lines that share a name are one ACL. An
 * anonymous ACL ({@code { path_beg /owa }}) has an empty name. Immutable.
 */
public record AclSpec(String name, SourceLocation location, List<Test> tests) {

    public AclSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        tests = List.copyOf(tests);
    }

    /** A file of patterns, and what it held when the configuration was read. */
    public record PatternFile(String file, List<String> lines) {
        public PatternFile {
            Objects.requireNonNull(file, "file");
            lines = List.copyOf(lines);
        }
    }

    /**
     * One {@code acl} line: a sample compared with patterns; it holds if one pattern matches.
     *
     * @param ignoreCase {@code -i}
     * @param files what {@code -f} names
     * @param patterns those of the files and, behind them, of the line; of the kind that the method takes; empty for {@link MatchMethod#FOUND} and for
     *     a boolean sample that is tested for true
     */
    public record Test(
            SourceLocation location,
            SampleSpec sample,
            MatchMethod method,
            boolean ignoreCase,
            List<PatternSpec> patterns,
            List<PatternFile> files) {
        public Test {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(sample, "sample");
            Objects.requireNonNull(method, "method");
            patterns = List.copyOf(patterns);
            files = List.copyOf(files);
        }

        /** A line without files. */
        public Test(SourceLocation location, SampleSpec sample, MatchMethod method, boolean ignoreCase, List<PatternSpec> patterns) {
            this(location, sample, method, ignoreCase, patterns, List.of());
        }

        /** The same with other patterns, and without files. */
        public Test with(List<PatternSpec> others) {
            return new Test(location, sample, method, ignoreCase, others);
        }

        /** Those that stand on the line itself, which come behind those of the files. */
        public List<PatternSpec> inlinePatterns() {
            int inFiles = files.stream().mapToInt(f -> f.lines().size()).sum();
            return patterns.subList(inFiles, patterns.size());
        }
    }
}
