package net.lbd.config.dump;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.Vocabulary;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Secrets;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/**
 * Writes the effective configuration: one section after the other, each with the lines that it has from
 * its {@code defaults} before its own, and behind every line where it comes from. Read again it yields
 * the same model. Used once, by one thread.
 */
public final class ConfigurationDump {

    /** A line, and whether a defaults section gave it. */
    private record Line(Statement statement, boolean inherited) { }

    /** A section that is written, with what its defaults give it. */
    private record Whole(SectionText section, List<Word> header, List<Line> lines) { }

    private final List<Whole> written = new ArrayList<>();
    private final Map<String, List<Statement>> named = new HashMap<>();
    private List<Statement> lastDefaults = List.of();

    private ConfigurationDump(List<SectionText> sections) {
        sections.forEach(this::section);
    }

    /** @param sections of a configuration without errors */
    public static String write(List<SectionText> sections, Configuration configuration) {
        StringBuilder out = new StringBuilder();
        for (Whole whole : new ConfigurationDump(sections).written) {
            out.append(out.isEmpty() ? "" : "\n").append(text(whole.header)).append(origin(whole.section.header().location(), "")).append('\n');
            whole.lines.forEach(line -> out.append("  ").append(text(line.statement.words()))
                    .append(origin(line.statement.location(), line.inherited ? "defaults, " : "")).append('\n'));
            BuiltIn.of(whole.section, configuration).forEach(line -> out.append("  # built-in: ").append(line).append('\n'));
        }
        return out.toString();
    }

    /**
     * The same for comparing: without places, and without the program's own defaults, which follow from the lines.
     *
     * @param sections of a configuration without errors
     */
    public static List<EffectiveSection> sections(List<SectionText> sections) {
        return new ConfigurationDump(sections).written.stream().map(whole -> new EffectiveSection(text(whole.header),
                whole.lines.stream().map(line -> effective(line.statement.words())).toList())).toList();
    }

    private static EffectiveSection.Line effective(List<Word> words) {
        String text = text(words);
        String shown = Secrets.ofWords(words.stream().map(Word::text).toList()).stream()
                .map(ConfigurationDump::quote).collect(Collectors.joining(" "));
        return new EffectiveSection.Line(text, shown.equals(text) ? text : shown);
    }

    private void section(SectionText section) {
        if (section.kind() == SectionKind.DEFAULTS) {
            defaults(section);
            return;
        }
        List<Line> lines = new ArrayList<>();
        List<Word> header = section.header().words();
        if (section.kind().isProxy()) {
            for (Statement line : inherited(header)) {
                if (applies(line, section)) {
                    lines.add(new Line(line, true));
                }
            }
            header = header.subList(0, 2);
        }
        section.lines().forEach(line -> lines.add(new Line(line, false)));
        written.add(new Whole(section, header, lines));
    }

    private void defaults(SectionText section) {
        List<Word> header = section.header().words();
        boolean hasName = header.size() > 1 && !header.get(1).is("from");
        int from = hasName ? 2 : 1;
        List<Statement> lines = new ArrayList<>();
        if (header.size() > from + 1 && header.get(from).is("from")) {
            lines.addAll(named.get(header.get(from + 1).text()));
        }
        lines.addAll(section.lines());
        lastDefaults = lines;
        if (hasName) {
            named.put(section.name(), lines);
        }
    }

    private List<Statement> inherited(List<Word> header) {
        return header.size() > 3 && header.get(2).is("from") ? named.get(header.get(3).text()) : lastDefaults;
    }

    /** Whether a line of defaults has a meaning in this section. */
    private static boolean applies(Statement line, SectionText section) {
        if (isCheckStep(line) && section.lines().stream().anyMatch(ConfigurationDump::isCheckStep)) {
            // A section with steps of its own does not continue those of its defaults.
            return false;
        }
        return Vocabulary.directive(line).map(Directive::sections).filter(s -> s.contains(section.kind())).isPresent();
    }

    private static boolean isCheckStep(Statement line) {
        return line.words().size() > 1 && (line.first().is("tcp-check")
                || line.first().is("http-check") && List.of("send", "expect", "connect").contains(line.words().get(1).text()));
    }

    private static String origin(SourceLocation location, String by) {
        return "  # " + by + location.fileAndLine();
    }

    private static String text(List<Word> words) {
        StringBuilder text = new StringBuilder();
        for (Word word : words) {
            text.append(text.isEmpty() ? "" : " ").append(quote(word.text()));
        }
        return text.toString();
    }

    /** The word as it must be written to be read as this text. */
    static String quote(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c != 127 && "\"'\\#".indexOf(c) < 0);
        if (plain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\', '$' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append(String.format("\\x%02x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
