package net.lbd.config.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/** The {@code set-var} and {@code set-var-fmt} lines of {@code global}, in the order of the file. Immutable. */
public record GlobalVariables(List<Line> lines) {

    public static final GlobalVariables NONE = new GlobalVariables(List.of());

    /** One line: a variable of scope {@code proc} and what it is set to when the configuration is put in force. */
    public sealed interface Line {
        SourceLocation location();

        String name();
    }

    /** {@code set-var NAME EXPRESSION}. */
    public record OfSample(SourceLocation location, String name, SampleSpec value) implements Line {
        public OfSample {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code set-var-fmt NAME FORMAT}. */
    public record OfFormat(SourceLocation location, String name, LogFormatSpec value) implements Line {
        public OfFormat {
            Objects.requireNonNull(location, "location");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public GlobalVariables {
        lines = List.copyOf(lines);
    }

    public GlobalVariables and(Line line) {
        List<Line> more = new ArrayList<>(lines);
        more.add(line);
        return new GlobalVariables(more);
    }
}
