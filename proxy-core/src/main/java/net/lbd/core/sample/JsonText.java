package net.lbd.core.sample;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.SampleType;

/**
 * Finds one value in a JSON text by a path such as {@code $.a.b[1]}, without building a tree: RFC 8259; of JSON paths, names and
 * indexes. A backslash in the path takes the next character as it is, so that {@code $.my\.key} finds {@code my.key}. Depth is
 * limited. Immutable.
 */
final class JsonText {

    private static final int MAX_DEPTH = 40;

    /** One step of a path: a member's name, or an index if the name is empty. */
    private record Step(byte[] name, int index) { }

    private final List<Step> steps;

    private JsonText(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException if the path is none */
    static JsonText path(String text) {
        List<Step> steps = new ArrayList<>();
        if (!text.startsWith("$")) {
            throw new IllegalArgumentException("'" + text + "' is no JSON path; it begins with '$', as in $.name or $.list[0]");
        }
        int i = 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '.') {
                StringBuilder name = new StringBuilder();
                for (i++; i < text.length() && text.charAt(i) != '.' && text.charAt(i) != '['; i++) {
                    if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                        i++;
                    }
                    name.append(text.charAt(i));
                }
                steps.add(new Step(ConfiguredText.bytes(name.toString()), -1));
            } else {
                int close = text.indexOf(']', i);
                if (c != '[' || close < 0 || !text.substring(i + 1, close).matches("[0-9]{1,9}")) {
                    throw new IllegalArgumentException("'" + text + "' is no JSON path; stopped at '" + text.substring(i) + "'");
                }
                steps.add(new Step(new byte[0], Integer.parseInt(text.substring(i + 1, close))));
                i = close + 1;
            }
        }
        return new JsonText(steps);
    }

    /**
     * Replaces the sample by the value; a text is decoded into {@code out}, which the caller copies.
     *
     * @return false if there is none, or it is null, an object or a list
     */
    boolean find(Sample s, ByteSink out) {
        Reader reader = new Reader(s.bytes(), s.offset(), s.offset() + s.length());
        reader.blanks();
        for (Step step : steps) {
            if (!reader.enter(step)) {
                return false;
            }
        }
        return reader.value(s, out);
    }

    /** Walks over a text; every step says whether the text is still JSON. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        private byte peek() {
            return at < end ? bytes[at] : 0;
        }

        void blanks() {
            while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\n' || bytes[at] == '\r')) {
                at++;
            }
        }

        private boolean take(char c) {
            blanks();
            if (peek() != c) {
                return false;
            }
            at++;
            blanks();
            return true;
        }

        /** From the beginning of an object or list to the beginning of a value in it. */
        boolean enter(Step step) {
            boolean list = step.index >= 0;
            if (!take(list ? '[' : '{') || peek() == ']' || peek() == '}') {
                return false;
            }
            for (int i = 0;; i++) {
                boolean wanted = i == step.index;
                if (!list) {
                    int name = at;
                    if (!skipString()) {
                        return false;
                    }
                    wanted = isName(name, at, step.name);
                    if (!take(':')) {
                        return false;
                    }
                }
                if (wanted) {
                    return true;
                }
                if (!skip(0) || !take(',')) {
                    return false;
                }
            }
        }

        private boolean isName(int from, int to, byte[] name) {
            ByteSink decoded = new ByteSink();
            return decode(from + 1, to - 1, decoded)
                    && java.util.Arrays.equals(decoded.bytes(), 0, decoded.length(), name, 0, name.length);
        }

        private boolean skipString() {
            if (peek() != '"') {
                return false;
            }
            for (at++; at < end; at++) {
                if (bytes[at] == '\\') {
                    at++;
                } else if (bytes[at] == '"') {
                    at++;
                    return true;
                }
            }
            return false;
        }

        private boolean skip(int depth) {
            switch (peek()) {
                case '"':
                    return skipString();
                case '{', '[':
                    boolean object = bytes[at++] == '{';
                    blanks();
                    if (peek() == (object ? '}' : ']')) {
                        at++;
                        return true;
                    }
                    do {
                        if (depth >= MAX_DEPTH || object && (!skipString() || !take(':')) || !skip(depth + 1)) {
                            return false;
                        }
                    } while (take(','));
                    return take(object ? '}' : ']');
                default:
                    int from = at;
                    while (at < end && (bytes[at] >= 'a' && bytes[at] <= 'z' || bytes[at] >= '0' && bytes[at] <= '9'
                            || bytes[at] == '-' || bytes[at] == '+' || bytes[at] == '.' || bytes[at] == 'E')) {
                        at++;
                    }
                    return at > from;
            }
        }

        boolean value(Sample s, ByteSink out) {
            int from = at;
            byte first = peek();
            if (!skip(0) || first == '{' || first == '[') {
                return false;
            }
            if (first == '"') {
                if (!decode(from + 1, at - 1, out)) {
                    return false;
                }
                s.setType(SampleType.STRING);
                return true;
            }
            String text = new String(bytes, from, at - from, java.nio.charset.StandardCharsets.ISO_8859_1);
            switch (text) {
                case "true", "false" -> s.setBoolean(text.equals("true"));
                case "null" -> {
                    return false;
                }
                default -> {
                    return number(text, s, out);
                }
            }
            return true;
        }

        /** Whole numbers are integers; others are text, as C prints them with {@code %g}. */
        private static boolean number(String text, Sample s, ByteSink out) {
            if (!text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
                return false;
            }
            double value = Double.parseDouble(text);
            if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
                s.setInteger((long) value);
                return true;
            }
            out.put(ConfiguredText.bytes(general(value)));
            s.setType(SampleType.STRING);
            return true;
        }

        /** Six significant digits, without zeros at the end; an exponent for what is very large or small. */
        private static String general(double value) {
            if (Double.isInfinite(value)) {
                return value < 0 ? "-inf" : "inf";
            }
            java.math.BigDecimal rounded = new java.math.BigDecimal(value).round(new java.math.MathContext(6)).stripTrailingZeros();
            int exponent = rounded.precision() - rounded.scale() - 1;
            if (exponent >= -4 && exponent < 6) {
                return rounded.toPlainString();
            }
            String digits = rounded.unscaledValue().abs().toString();
            return (rounded.signum() < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + "e" + (exponent < 0 ? '-' : '+') + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }

        private boolean decode(int from, int to, ByteSink out) {
            for (int i = from; i < to; i++) {
                byte b = bytes[i];
                if (b != '\\') {
                    out.put(b);
                    continue;
                }
                i++;
                switch (i < to ? bytes[i] : 0) {
                    case '"', '\\', '/' -> out.put(bytes[i]);
                    case 'b' -> out.put((byte) '\b');
                    case 'f' -> out.put((byte) '\f');
                    case 'n' -> out.put((byte) '\n');
                    case 'r' -> out.put((byte) '\r');
                    case 't' -> out.put((byte) '\t');
                    case 'u' -> {
                        int unit = unit(i + 1, to);
                        i += 4;
                        if (unit >= 0 && Character.isHighSurrogate((char) unit) && i + 2 < to && bytes[i + 1] == '\\'
                                && bytes[i + 2] == 'u') {
                            int low = unit(i + 3, to);
                            unit = low >= 0 && Character.isLowSurrogate((char) low)
                                    ? Character.toCodePoint((char) unit, (char) low) : -1;
                            i += 6;
                        }
                        if (unit < 0 || unit <= 0xffff && Character.isSurrogate((char) unit)) {
                            return false;
                        }
                        out.put(ConfiguredText.bytes(Character.toString(unit)));
                    }
                    default -> {
                        return false;
                    }
                }
            }
            return true;
        }

        private int unit(int from, int to) {
            int value = 0;
            for (int i = from; i < from + 4; i++) {
                int digit = i < to ? IpText.hexDigit(bytes[i]) : -1;
                if (digit < 0) {
                    return -1;
                }
                value = value << 4 | digit;
            }
            return value;
        }
    }
}
