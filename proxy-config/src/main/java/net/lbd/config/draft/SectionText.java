package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.syntax.Statement;

/** A section as it stands in the file: its first line and those below it. Not thread-safe. */
public final class SectionText {

    private final SectionKind kind;
    private final Statement header;
    /** More different first words than this are not kept apart. */
    private static final int MOST_FIRST_WORDS = 24;

    private final List<Statement> lines = new ArrayList<>();
    private final List<Statement> linesView = Collections.unmodifiableList(lines);
    private final List<String> firstWords = new ArrayList<>(4);

    public SectionText(SectionKind kind, Statement header) {
        this.kind = kind;
        this.header = header;
    }

    public SectionKind kind() {
        return kind;
    }

    /** The line that begins the section. */
    public Statement header() {
        return header;
    }

    /** The name, or an empty text. */
    public String name() {
        return header.words().size() > 1 ? header.words().get(1).text() : "";
    }

    /** The lines below the header, errors included. */
    public List<Statement> lines() {
        return linesView;
    }

    public void add(Statement line) {
        lines.add(line);
        String word = line.first().text();
        if (firstWords.size() <= MOST_FIRST_WORDS && !firstWords.contains(word)) {
            firstWords.add(word);
        }
    }

    /** What lines begin with, each once or, in a long section of many words, as often as it is there. */
    public List<String> firstWords() {
        return firstWords.size() <= MOST_FIRST_WORDS ? firstWords : lines.stream().map(l -> l.first().text()).toList();
    }
}
