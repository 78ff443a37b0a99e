package net.lbd.config.syntax;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Maps, lists, strings, numbers and booleans as JSON (RFC 8259), indented by two blanks. Stateless. */
public final class JsonWriter {

    private JsonWriter() { }

    /** The whole document, with a newline at its end. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void append(StringBuilder out, Object value, String newline) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String separator = newline + "  ";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote(out, entry.getKey().toString());
                out.append(": ");
                append(out, entry.getValue(), newline + "  ");
                separator = "," + newline + "  ";
            }
            out.append(map.isEmpty() ? "" : newline).append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String separator = newline + "  ";
            for (Object item : list) {
                out.append(separator);
                append(out, item, newline + "  ");
                separator = "," + newline + "  ";
            }
            out.append(list.isEmpty() ? "" : newline).append(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, value.toString());
        }
    }

    /** A lone half of a surrogate pair has no UTF-8 form; escaped it is valid JSON all the same. */
    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c) && !isPaired(text, i)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
