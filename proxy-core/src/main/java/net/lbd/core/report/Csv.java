package net.lbd.core.report;

/** Writes CSV as HAProxy does: a field is quoted only where it must be. */
public final class Csv {

    private Csv() { }

    public static String field(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
