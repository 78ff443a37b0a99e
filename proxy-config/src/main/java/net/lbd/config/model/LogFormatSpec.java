package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A log-format string: of {@code log-format} itself and of every argument that may hold variables and
 * sample expressions. Immutable. Source: HAProxy manual, section "Custom log format".
 *
 * @param text as the user wrote it, after quotes and escapes
 */
public record LogFormatSpec(SourceLocation location, String text, List<Node> nodes) {

    public LogFormatSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(text, "text");
        nodes = List.copyOf(nodes);
    }

    /** A string without any variable. */
    public static LogFormatSpec literal(SourceLocation location, String text) {
        return new LogFormatSpec(location, text, text.isEmpty() ? List.of() : List.of(new Literal(text)));
    }

    /** The whole text, if it holds no variable. */
    public Optional<String> asLiteral() {
        if (nodes.isEmpty()) {
            return Optional.of("");
        }
        return nodes.size() == 1 && nodes.get(0) instanceof Literal literal
                ? Optional.of(literal.text())
                : Optional.empty();
    }

    /** A piece of the string. */
    public sealed interface Node { }

    /** Copied as it is. */
    public record Literal(String text) implements Node {
        public Literal {
            Objects.requireNonNull(text, "text");
        }
    }

    /** A variable such as {@code %ci}; {@code name} is the part behind the percent sign and flags. */
    public record Variable(String name, Flags flags) implements Node {
        public Variable {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(flags, "flags");
        }
    }

    /** A sample expression, {@code %[hdr(host)]}. */
    public record Expression(SampleSpec sample, Flags flags) implements Node {
        public Expression {
            Objects.requireNonNull(sample, "sample");
            Objects.requireNonNull(flags, "flags");
        }
    }

    /**
     * The flags in force at a node.
     *
     * @param quote {@code +Q}: in double quotes
     * @param hex {@code +X}: addresses, ports and the like in hexadecimal
     * @param escape {@code +E}: escape quote, backslash and closing bracket
     */
    public record Flags(boolean quote, boolean hex, boolean escape) {
        public static final Flags NONE = new Flags(false, false, false);
    }
}
