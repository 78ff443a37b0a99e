package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.syntax.Statement;

/** A section as it stands in the file: its first line and those below it. Not thread-safe. */
public final class SectionText {

    private final SectionKind kind;
    private final Statement header;
    private final List<Statement> lines = new ArrayList<>();

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
        return lines;
    }
}
