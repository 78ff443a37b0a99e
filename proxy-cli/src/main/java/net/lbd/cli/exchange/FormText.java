package net.lbd.cli.exchange;

/** The text of a form, with a word of explanation behind the lines that want one. Not thread-safe. */
final class FormText {

    private static final int COLUMN = 44;

    private final StringBuilder text = new StringBuilder("# The form of an Exchange site; 'lbctl exchange generate' writes the configuration from it.\n");

    FormText line(String line) {
        text.append(line).append('\n');
        return this;
    }

    FormText line(String line, String explanation) {
        text.append(line).append(" ".repeat(Math.max(2, COLUMN - line.length()))).append("# ").append(explanation).append('\n');
        return this;
    }

    FormText blank() {
        text.append('\n');
        return this;
    }

    /** In quotes: what has a colon, or looks like a number, is text. */
    static String quoted(String word) {
        return "\"" + word + "\"";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
