package net.lbd.core.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.stream.Stream;

/**
 * A compiled log-format string: of a log line, or of a header value, a location or the name of a
 * backend that a rule makes. Immutable and shared by all event loops; rendering allocates nothing once
 * the sink has grown to its size. Source: HAProxy manual, section "Custom log format"; the lines were
 * compared with those of HAProxy 2.6.
 *
 * <table><caption>The uses differ as HAProxy's do</caption>
 * <tr><td></td><td>log line</td><td>value</td></tr>
 * <tr><td>blanks in a row</td><td>are one</td><td>stay</td></tr>
 * <tr><td>an expression without a value</td><td>{@code -}</td><td>nothing</td></tr>
 * <tr><td>control characters of an expression</td><td>{@code #0A}</td><td>{@code %0A}</td></tr>
 * </table>
 *
 * <p><em>Difference:</em> HAProxy writes control characters and binary samples of expressions into its
 * lines as they are; here they are escaped, binary samples are hexadecimal digits.
 */
public final class LogFormat {

    /** What the text is for. */
    public enum Use { LOG, VALUE }

    private final Piece[] pieces;
    private final String text;
    private final Optional<byte[]> literal;

    private LogFormat(List<Piece> pieces, String text, Optional<byte[]> literal) {
        this.pieces = pieces.toArray(Piece[]::new);
        this.text = text;
        this.literal = literal;
    }

    /**
     * Compiles a string.
     *
     * @throws IllegalArgumentException if it uses what this version does not carry out
     */
    public static LogFormat compile(LogFormatSpec spec, Use use, RuntimeNames names) {
        List<Piece> pieces = new ArrayList<>();
        for (LogFormatSpec.Node node : spec.nodes()) {
            if (node instanceof LogFormatSpec.Literal part) {
                addLiteral(part.text(), use, pieces);
            } else if (node instanceof LogFormatSpec.Variable variable) {
                LogVariables.Row row = LogVariables.ROWS.get(variable.name());
                if (row == null) {
                    throw new IllegalArgumentException(
                            spec.location() + ": log-format variable '%" + variable.name() + "' is not supported yet");
                }
                pieces.add(row.compile(Escaping.of(variable.flags()), names));
            } else {
                LogFormatSpec.Expression expression = (LogFormatSpec.Expression) node;
                pieces.add(new ExpressionPiece(SampleExpression.compile(expression.sample(), names),
                        Escaping.of(expression.flags()), use));
            }
        }
        return new LogFormat(pieces, spec.text(), spec.asLiteral().map(ConfiguredText::bytes));
    }

    /** These bytes for every stream. */
    public static LogFormat fixed(byte[] bytes) {
        return new LogFormat(List.of((stream, out) -> out.put(bytes)), "", Optional.of(bytes));
    }

    /** What a proxy without a {@code log-format} writes. */
    public static LogFormat withoutFormat(ProxyMode mode, RuntimeNames names) {
        List<LogFormatSpec.Node> nodes = new ArrayList<>();
        String[] parts = {"Connect from ", "ci", ":", "cp", " to ", "fi", ":", "fp", " (", "f",
            mode == ProxyMode.HTTP ? "/HTTP)" : "/TCP)"};
        for (int i = 0; i < parts.length; i++) {
            nodes.add(i % 2 == 0
                    ? new LogFormatSpec.Literal(parts[i])
                    : new LogFormatSpec.Variable(parts[i], LogFormatSpec.Flags.NONE));
        }
        return compile(new LogFormatSpec(SourceLocation.BUILT_IN, "", nodes), Use.LOG, names);
    }

    /** In a log line blanks are separators, which merge around values that write nothing. */
    private static void addLiteral(String text, Use use, List<Piece> pieces) {
        if (use == Use.VALUE) {
            pieces.add(literal(text));
            return;
        }
        int at = 0;
        while (at < text.length()) {
            int stop = at;
            boolean blanks = text.charAt(at) == ' ';
            while (stop < text.length() && (text.charAt(stop) == ' ') == blanks) {
                stop++;
            }
            pieces.add(blanks ? (stream, out) -> out.putSeparator() : literal(text.substring(at, stop)));
            at = stop;
        }
    }

    private static Piece literal(String text) {
        byte[] bytes = ConfiguredText.bytes(text);
        return (stream, out) -> out.put(bytes);
    }

    /** Appends the text for a stream. */
    public void render(Stream stream, ByteSink out) {
        out.skipSeparator();
        for (Piece piece : pieces) {
            piece.render(stream, out);
        }
    }

    /** The whole text, if it is the same for every stream; the array must not be changed. */
    public Optional<byte[]> literal() {
        return literal;
    }

    /** As the user wrote it. */
    @Override
    public String toString() {
        return Objects.requireNonNull(text, "text");
    }
}
