package net.lbd.cli.reload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import net.lbd.config.dump.ConfigurationDiff.Change;
import net.lbd.config.dump.ConfigurationDiff.Line;
import net.lbd.config.dump.ConfigurationDiff.Section;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.config.syntax.JsonWriter;

/**
 * What a reload would change, before it is done. Immutable.
 *
 * @param diagnostics of the files as they are
 * @param refusal why a reload would be refused whatever the machine says; empty if the files can be applied
 * @param sections what parts the files from what serves
 */
public record ReloadPreview(List<Diagnostic> diagnostics, String refusal, List<Section> sections) {

    private static final String SECRET_CHANGED = "  (changed, not shown)";

    public ReloadPreview {
        diagnostics = List.copyOf(diagnostics);
        Objects.requireNonNull(refusal, "refusal");
        sections = List.copyOf(sections);
    }

    /** Whether the files can be applied. */
    public boolean isApplicable() {
        return refusal.isEmpty();
    }

    /** For people: {@code +} comes, {@code -} goes, under the name of the section. */
    public String text() {
        if (!isApplicable()) {
            return DiagnosticPrinter.plain().print(diagnostics) + "a reload would be refused: " + refusal + "\n";
        }
        if (sections.isEmpty()) {
            return "nothing would change in the lines of the configuration; files that they name, such as certificates and maps, are not compared\n";
        }
        StringBuilder out = new StringBuilder();
        for (Section section : sections) {
            char mark = switch (section.change()) {
                case ADDED -> '+';
                case REMOVED -> '-';
                case CHANGED -> ' ';
            };
            out.append(mark).append(' ').append(section.title()).append('\n');
            for (Line line : section.lines()) {
                out.append(line.added() ? '+' : '-').append("   ").append(line.text()).append(line.secretChanged() ? SECRET_CHANGED : "").append('\n');
            }
        }
        return out.append(count(Change.CHANGED, "changed")).append(", ").append(sections(Change.ADDED)).append(" added, ")
                .append(sections(Change.REMOVED)).append(" removed\n").toString();
    }

    private String count(Change change, String what) {
        long n = sections(change);
        return n + (n == 1 ? " section " : " sections ") + what;
    }

    private long sections(Change change) {
        return sections.stream().filter(s -> s.change() == change).count();
    }

    /** For programs. */
    public String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("applicable", isApplicable());
        root.put("refusal", refusal);
        root.put("diagnostics", diagnostics.stream().map(Diagnostic::logLine).toList());
        root.put("sections", isApplicable() ? sections.stream().map(ReloadPreview::json).toList() : List.of());
        return JsonWriter.write(root);
    }

    private static Map<String, Object> json(Section section) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("section", section.title());
        object.put("change", section.change().name().toLowerCase(Locale.ROOT));
        object.put("lines", section.lines().stream().map(ReloadPreview::json).toList());
        return object;
    }

    private static Map<String, Object> json(Line line) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("change", line.added() ? "added" : "removed");
        object.put("text", line.text());
        object.put("secretChanged", line.secretChanged());
        return object;
    }
}
