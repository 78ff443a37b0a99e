package net.lbd.config.expr;

import java.util.List;

/**
 * Parts the arguments between parentheses. They have quotes and escapes of their own, a second level
 * behind those of the line. Source: HAProxy manual, section "Quoting and escaping".
 */
final class ArgumentSplitter {

    private ArgumentSplitter() { }

    /**
     * @param from the index behind the opening parenthesis
     * @param out receives the arguments; none for empty parentheses
     * @return the index behind the closing parenthesis, or -1 if there is none
     */
    static int split(String text, int from, List<String> out) {
        StringBuilder argument = new StringBuilder();
        int i = from;
        boolean weak = false;
        boolean any = false;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                weak = !weak;
                any = true;
                i++;
            } else if (c == '\\' && i + 1 < text.length()) {
                argument.append(escaped(text.charAt(i + 1)));
                i += 2;
            } else if (weak) {
                argument.append(c);
                i++;
            } else if (c == '\'') {
                int end = text.indexOf('\'', i + 1);
                if (end < 0) {
                    return -1;
                }
                argument.append(text, i + 1, end);
                any = true;
                i = end + 1;
            } else if (c == ',') {
                out.add(argument.toString());
                argument.setLength(0);
                any = true;
                i++;
            } else if (c == ')') {
                if (any || argument.length() > 0 || !out.isEmpty()) {
                    out.add(argument.toString());
                }
                return i + 1;
            } else {
                argument.append(c);
                i++;
            }
        }
        return -1;
    }

    private static String escaped(char c) {
        return switch (c) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case ' ', '"', '\'', '\\' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }
}
