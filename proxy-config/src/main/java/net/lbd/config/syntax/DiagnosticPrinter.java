package net.lbd.config.syntax;

import java.util.List;

/**
 * Diagnostics as text for people: HAProxy's first line with the column added, the source line, a caret
 * line under the token, and the hint. Immutable.
 *
 * <pre>
 * [ALERT]    config : parsing [exchange.cfg:35:18] : 'timeout server 10q': unknown unit 'q'; use us, ms, s, m, h or d (LB1207)
 *   timeout server 10q
 *                  ^~~
 *   hint: ...
 * </pre>
 */
public final class DiagnosticPrinter {

    /** Longer source lines are cut around the caret, so that a 4 MiB line does not fill a terminal. */
    private static final int LINE_WIDTH = 160;

    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String GREEN = "\u001b[32m";

    private final boolean colours;

    private DiagnosticPrinter(boolean colours) {
        this.colours = colours;
    }

    public static DiagnosticPrinter plain() {
        return new DiagnosticPrinter(false);
    }

    /** With ANSI colours, for a terminal. */
    public static DiagnosticPrinter coloured() {
        return new DiagnosticPrinter(true);
    }

    /** All of them, each ending in a newline. */
    public String print(List<Diagnostic> diagnostics) {
        StringBuilder out = new StringBuilder();
        diagnostics.forEach(d -> append(out, d));
        return out.toString();
    }

    /** One of them, ending in a newline. */
    public String print(Diagnostic diagnostic) {
        StringBuilder out = new StringBuilder();
        append(out, diagnostic);
        return out.toString();
    }

    private void append(StringBuilder out, Diagnostic d) {
        String label = "[" + d.severity().label() + "]";
        out.append(paint(colour(d.severity()), label)).append(" ".repeat(Math.max(1, 11 - label.length())))
                .append("config : ");
        if (!d.location().isBuiltIn()) {
            out.append("parsing [").append(paint(BOLD, d.location().toString())).append("] : ");
        }
        out.append(d.message()).append(" (").append(d.code()).append(")\n");
        if (!d.sourceLine().isBlank()) {
            appendSource(out, d);
        }
        d.hint().ifPresent(hint -> out.append("  hint: ").append(hint.replace("\n", "\n        ")).append('\n'));
    }

    private void appendSource(StringBuilder out, Diagnostic d) {
        String line = Secrets.ofLine(d.sourceLine());
        int caret = Math.min(d.location().column() - 1, line.length());
        int from = caret < LINE_WIDTH ? 0 : caret - LINE_WIDTH / 2;
        int to = Math.min(line.length(), from + LINE_WIDTH);
        String shown = line.substring(from, to);
        out.append("  ").append(printable(shown)).append('\n').append("  ");
        for (int i = from; i < caret; i++) {
            // A tab stays a tab, so that the caret stands under its column whatever the tab width is.
            out.append(line.charAt(i) == '\t' ? '\t' : ' ');
        }
        int length = Math.max(1, Math.min(d.length(), to - caret));
        out.append(paint(GREEN, "^" + "~".repeat(length - 1))).append('\n');
    }

    /** Control characters would move the cursor or worse: each becomes one visible character. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c != '\t' && Character.isISOControl(c) ? '\ufffd' : c);
        }
        return out.toString();
    }

    private static String colour(Severity severity) {
        return switch (severity) {
            case ERROR -> "\u001b[1;31m";
            case WARNING -> "\u001b[1;33m";
            case NOTICE -> "\u001b[1;36m";
        };
    }

    private String paint(String colour, String text) {
        return colours ? colour + text + RESET : text;
    }
}
