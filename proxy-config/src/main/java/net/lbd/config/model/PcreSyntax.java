package net.lbd.config.model;

import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Rewrites what PCRE, whose syntax configurations use, and {@link java.util.regex.Pattern} write
 * differently: POSIX classes, a bare {@code [} or {@code &} in a class, named groups, a brace that is no
 * quantifier. Recursion, {@code \\K}, conditionals and callouts have no equivalent. Pure functions.
 */
public final class PcreSyntax {

    private static final Map<String, String> POSIX = Map.ofEntries(
            Map.entry("alpha", "p{Alpha}"), Map.entry("digit", "p{Digit}"), Map.entry("alnum", "p{Alnum}"),
            Map.entry("upper", "p{Upper}"), Map.entry("lower", "p{Lower}"), Map.entry("punct", "p{Punct}"),
            Map.entry("xdigit", "p{XDigit}"), Map.entry("cntrl", "p{Cntrl}"), Map.entry("print", "p{Print}"),
            Map.entry("graph", "p{Graph}"), Map.entry("blank", "p{Blank}"), Map.entry("space", "p{Space}"),
            Map.entry("word", "w"), Map.entry("ascii", "p{ASCII}"));

    private PcreSyntax() { }

    /**
     * The same expression in Java's syntax.
     *
     * @throws PatternSyntaxException if it names an unknown POSIX class
     */
    public static String toJava(String pcre) {
        StringBuilder out = new StringBuilder(pcre.length() + 16);
        int i = 0;
        while (i < pcre.length()) {
            char c = pcre.charAt(i);
            if (c == '\\' && i + 1 < pcre.length()) {
                i = copyEscape(pcre, i, out);
            } else if (c == '[') {
                i = copyClass(pcre, i, out);
            } else if (c == '{' && !isQuantifier(pcre, i)) {
                out.append("\\{");
                i++;
            } else if (pcre.startsWith("(?P<", i)) {
                out.append("(?<");
                i += 4;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** Copies an escape; a whole {@code \Q…\E} at once, as nothing in it is special. */
    private static int copyEscape(String pcre, int at, StringBuilder out) {
        if (pcre.charAt(at + 1) == 'Q') {
            int end = pcre.indexOf("\\E", at);
            int stop = end < 0 ? pcre.length() : end + 2;
            out.append(pcre, at, stop);
            return stop;
        }
        int stop = at + 2;
        boolean braces = "pPxoNgk".indexOf(pcre.charAt(at + 1)) >= 0 && stop < pcre.length() && pcre.charAt(stop) == '{';
        if (braces) {
            int close = pcre.indexOf('}', stop);
            stop = close < 0 ? stop : close + 1;
        }
        out.append(pcre, at, stop);
        return stop;
    }

    private static boolean isQuantifier(String pcre, int at) {
        int i = at + 1;
        int digits = 0;
        while (i < pcre.length() && Character.digit(pcre.charAt(i), 10) >= 0) {
            i++;
            digits++;
        }
        if (i < pcre.length() && pcre.charAt(i) == ',') {
            i++;
            while (i < pcre.length() && Character.digit(pcre.charAt(i), 10) >= 0) {
                i++;
            }
        }
        return digits > 0 && i < pcre.length() && pcre.charAt(i) == '}';
    }

    private static int copyClass(String pcre, int at, StringBuilder out) {
        out.append('[');
        int i = at + 1;
        if (i < pcre.length() && pcre.charAt(i) == '^') {
            out.append('^');
            i++;
        }
        boolean first = true;
        while (i < pcre.length()) {
            char c = pcre.charAt(i);
            if (c == ']' && !first) {
                out.append(']');
                return i + 1;
            }
            if (c == '\\' && i + 1 < pcre.length()) {
                out.append(pcre, i, i + 2);
                i += 2;
            } else if (pcre.startsWith("[:", i) && pcre.indexOf(":]", i) > 0) {
                i = copyPosix(pcre, i, out);
            } else {
                // A class within a class and an intersection are Java's own ideas.
                if (c == '[' || c == ']' || c == '&') {
                    out.append('\\');
                }
                out.append(c);
                i++;
            }
            first = false;
        }
        return i;
    }

    private static int copyPosix(String pcre, int at, StringBuilder out) {
        int end = pcre.indexOf(":]", at);
        String name = pcre.substring(at + 2, end);
        boolean negated = name.startsWith("^");
        String java = POSIX.getOrDefault(negated ? name.substring(1) : name, "");
        if (java.isEmpty()) {
            throw new PatternSyntaxException("no POSIX class '" + name + "'", pcre, at);
        }
        out.append('\\').append(negated ? Character.toUpperCase(java.charAt(0)) : java.charAt(0)).append(java, 1, java.length());
        return end + 2;
    }
}
