package net.lbd.config.reference;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.Keyword;

/**
 * What the reference tells of rows beside their own text: one way to write each, and what counts where it is not written. They stand in
 * files beside this class, which are read when the reference is made, and not at each start of the daemon.
 *
 * <p>Most examples follow from the row's arguments: the first of alternatives, a usual word for each placeholder ({@code
 * example-words.txt}), nothing of what may be left out. Where that would be no help or no configuration, {@code examples.txt} has a
 * better one. {@code RowNotesTest} has all of them checked. Stateless.
 */
final class RowNotes {

    private static final Map<String, String> WRITTEN = new HashMap<>();
    private static final Map<String, String> WORDS = new HashMap<>();
    private static final Map<String, String> DEFAULTS = new HashMap<>();
    private static final List<String> TELLING = List.of("<name>", "<table>", "<backend>", "<frontend>");

    static {
        read("examples.txt", WRITTEN);
        read("example-words.txt", WORDS);
        read("defaults.txt", DEFAULTS);
    }

    private RowNotes() { }

    /** Name, a tab, and the rest of the line; lines that begin with a number sign are for people. */
    private static void read(String file, Map<String, String> into) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                RowNotes.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                if (tab > 0 && !line.startsWith("#") && into.put(line.substring(0, tab), line.substring(tab + 1)) != null) {
                    throw new IllegalStateException(file + " has " + line.substring(0, tab) + " twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An example: the row with arguments, without the line that it stands in.
     *
     * @param table as {@link KeywordList} names it
     */
    static String exampleOf(String table, Keyword row) {
        String written = WRITTEN.get(table + " " + row.name());
        if (written != null) {
            return written;
        }
        String arguments = arguments(table, row.syntax());
        return row.name() + (arguments.isEmpty() || arguments.startsWith("(") ? "" : " ") + arguments;
    }

    /** What is written by hand: table and name. */
    static Map<String, String> written() {
        return WRITTEN;
    }

    /** What counts where nothing is written; empty if no file says so. */
    static Optional<String> defaultOf(String table, Keyword row) {
        return Optional.ofNullable(DEFAULTS.getOrDefault(table + " " + row.name(), DEFAULTS.get(row.name())));
    }

    /** The keys of what is said about defaults. */
    static Set<String> defaults() {
        return DEFAULTS.keySet();
    }

    private static String arguments(String table, String syntax) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < syntax.length()) {
            char c = syntax.charAt(i);
            if (c == '[') {
                int end = end(syntax, i);
                out.append(isTelling(syntax, i) ? arguments(table, syntax.substring(i + 1, end - 1)) : "");
                i = end;
            } else if (c == '{') {
                int end = end(syntax, i);
                out.append(arguments(table, first(syntax.substring(i + 1, end - 1))));
                i = end;
            } else if (c == '<') {
                int end = syntax.indexOf('>', i) + 1;
                out.append(word(table, syntax.substring(i + 1, end - 1)));
                i = end;
            } else {
                out.append(c == '…' ? "" : c);
                i++;
            }
        }
        String all = out.toString().strip().replaceAll("\\s+", " ");
        return all.equals("()") ? "" : all;
    }

    /** Whether what may be left out says most: the first argument of a sample, if it is a name. */
    private static boolean isTelling(String syntax, int at) {
        return at == 1 && TELLING.stream().anyMatch(word -> syntax.startsWith(word, at + 1));
    }

    private static String word(String table, String placeholder) {
        String own = WORDS.get(table + " " + placeholder);
        return own != null ? own : WORDS.getOrDefault(placeholder, "<" + placeholder + ">");
    }

    /** Behind the bracket that closes the one at {@code from}. */
    private static int end(String syntax, int from) {
        int depth = 0;
        for (int i = from; i < syntax.length(); i++) {
            char c = syntax.charAt(i);
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("a bracket is not closed in " + syntax);
    }

    private static String first(String alternatives) {
        int depth = 0;
        for (int i = 0; i < alternatives.length(); i++) {
            char c = alternatives.charAt(i);
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            if (depth == 0 && c == '|') {
                return alternatives.substring(0, i);
            }
        }
        return alternatives;
    }
}
