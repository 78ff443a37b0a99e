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

    /**
     * One {@code acl} line: a sample compared with patterns; it holds if one pattern matches.
     *
     * @param ignoreCase {@code -i}
     * @param patterns of the kind that the method takes; empty for {@link MatchMethod#FOUND} and for
     *     a boolean sample that is tested for true
     */
    public record Test(
            SourceLocation location,
            SampleSpec sample,
            MatchMethod method,
            boolean ignoreCase,
            List<PatternSpec> patterns) {
        public Test {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(sample, "sample");
            Objects.requireNonNull(method, "method");
            patterns = List.copyOf(patterns);
        }
    }
}
