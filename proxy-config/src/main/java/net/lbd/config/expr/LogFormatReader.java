package net.lbd.config.expr;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.log.LogVariableKeywords;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.LogFormatSpec.Flags;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/**
 * Reads a log-format string: {@code %variable}, {@code %{flags}variable}, {@code %[expression]},
 * {@code %%}, and everything else as it stands. Source: HAProxy manual, section "Custom log format".
 * Used for one string by one thread.
 */
public final class LogFormatReader {

    private final Word word;
    private final String text;
    private final SampleReader.Direction direction;
    private final Diagnostics diagnostics;
    private final List<LogFormatSpec.Node> nodes = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private Flags base = Flags.NONE;
    private int position;

    private LogFormatReader(Word word, SampleReader.Direction direction, Diagnostics diagnostics) {
        this.word = word;
        this.text = word.text();
        this.direction = direction;
        this.diagnostics = diagnostics;
    }

    public static LogFormatSpec read(Word word, SampleReader.Direction direction, Diagnostics diagnostics) {
        // Most names and values hold no variable.
        return word.text().indexOf('%') < 0
                ? LogFormatSpec.literal(word.location(), word.text()) : new LogFormatReader(word, direction, diagnostics).read();
    }

    private LogFormatSpec read() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c != '%') {
                literal.append(c);
                position++;
            } else if (text.startsWith("%%", position)) {
                literal.append('%');
                position += 2;
            } else {
                percent();
            }
        }
        flushLiteral();
        return new LogFormatSpec(word.location(), text, nodes);
    }

    private void percent() {
        int start = position++;
        Flags flags = base;
        if (position < text.length() && text.charAt(position) == '(') {
            // %(name:type)…: a name for JSON and CBOR, which are not written here.
            int close = text.indexOf(')', position);
            if (close < 0) {
                throw error(start, text.length(), "')' is missing behind '%('");
            }
            position = close + 1;
        }
        if (position < text.length() && text.charAt(position) == '{') {
            int close = text.indexOf('}', position);
            if (close < 0) {
                throw error(start, text.length(), "'}' is missing behind '%{'");
            }
            flags = flags(text.substring(position + 1, close), position + 1);
            position = close + 1;
        }
        if (position < text.length() && text.charAt(position) == '[') {
            expression(start, flags);
            return;
        }
        int nameStart = position;
        while (position < text.length() && isLetter(text.charAt(position))) {
            position++;
        }
        String name = text.substring(nameStart, position);
        if (name.isEmpty()) {
            throw error(start, position + 1, "a variable was expected behind '%'; write %% for a percent sign");
        }
        variable(start, name, flags);
    }

    private void variable(int start, String read, Flags flags) {
        String name = read;
        if (LogVariableKeywords.TABLE.find(name).isEmpty()) {
            String meant = LogVariableKeywords.MISNOMERS.get(name);
            if (meant == null) {
                throw error(start, position, "unknown log-format variable '%" + name + "'"
                        + Nearest.to(name, LogVariableKeywords.TABLE.names()).map(n -> "; did you mean '%" + n + "'?").orElse(""));
            }
            diagnostics.warn(Code.LOG_FORMAT, Words.part(word, start, position, diagnostics),
                    "there is no log-format variable '%" + name + "'; it is read as '%" + meant + "'");
            name = meant;
        }
        if (name.equals("o")) {
            base = flags;
            return;
        }
        flushLiteral();
        nodes.add(new LogFormatSpec.Variable(name, flags));
    }

    private void expression(int start, Flags flags) {
        position++;
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
        SampleReader.Parsed parsed = SampleReader.readAt(word, position, direction, diagnostics);
        position = parsed.end();
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
        if (position >= text.length() || text.charAt(position) != ']') {
            throw error(start, Math.min(position + 1, text.length()), "']' was expected behind '" + text.substring(start, position) + "'");
        }
        position++;
        flushLiteral();
        nodes.add(new LogFormatSpec.Expression(parsed.sample(), flags));
    }

    private Flags flags(String list, int at) {
        Flags flags = base;
        for (String item : list.split(",")) {
            boolean on = item.startsWith("+");
            flags = switch (item) {
                case "+Q", "-Q" -> new Flags(on, flags.hex(), flags.escape());
                case "+X", "-X" -> new Flags(flags.quote(), on, flags.escape());
                case "+E", "-E" -> new Flags(flags.quote(), flags.hex(), on);
                case "+json", "+cbor", "+bin" -> {
                    diagnostics.notice(Code.NOT_YET, Words.part(word, at, at + list.length(), diagnostics),
                            "'" + item + "' is not supported yet by this version; the daemon refuses to start with it");
                    yield flags;
                }
                default -> {
                    diagnostics.warn(Code.LOG_FORMAT, Words.part(word, at, at + list.length(), diagnostics),
                            "'" + item + "' is not a flag, and is left out; use +Q, +X, +E or -Q, -X, -E");
                    yield flags;
                }
            };
        }
        return flags;
    }

    private void flushLiteral() {
        if (!literal.isEmpty()) {
            nodes.add(new LogFormatSpec.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private StatementException error(int from, int to, String message) {
        return new StatementException(Code.LOG_FORMAT, Words.part(word, from, to, diagnostics), message);
    }
}
