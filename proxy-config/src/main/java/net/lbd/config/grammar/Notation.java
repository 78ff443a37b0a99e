package net.lbd.config.grammar;

/** How the arguments of a row are written: for people, or with the types that a shape reads. Stateless. */
public final class Notation {

    private Notation() { }

    /** As it is shown to people: the types are left out where the name says enough. */
    public static String shown(String notation) {
        StringBuilder out = new StringBuilder();
        boolean inType = false;
        for (int i = 0; i < notation.length(); i++) {
            char c = notation.charAt(i);
            inType = c != '>' && (inType || c == ':' && notation.lastIndexOf('<', i) > notation.lastIndexOf('>', i));
            boolean star = c == '*' && notation.startsWith("*{", i);
            boolean secondBlank = c <= ' ' && !out.isEmpty() && out.charAt(out.length() - 1) == ' ';
            if (!inType && !star && !secondBlank) {
                out.append(c <= ' ' ? ' ' : c);
            }
        }
        return out.toString();
    }
}
