package net.lbd.cli.explain;

import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.grammar.Durations;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.runtime.Explanation;

/** An explanation for people. Stateless. */
public final class ExplanationText {

    private ExplanationText() { }

    public static String of(Explanation e) {
        StringBuilder out = new StringBuilder("frontend ").append(e.frontend());
        out.append(e.bind().map(b -> "  (bind " + b.fileAndLine() + ")").orElse("  (no bind fits port and scheme)")).append('\n');
        for (Explanation.Step step : e.steps()) {
            out.append(step.fired() ? "  * " : "    ").append(step.location().fileAndLine()).append("  ").append(step.keyword()).append(' ')
                    .append(step.action()).append(step.fired() ? "" : "  (not)").append('\n');
            for (Explanation.Acl acl : step.acls()) {
                out.append("        ").append(acl.holds() ? "yes " : "no  ").append(acl.name()).append("  ").append(place(acl.location())).append('\n');
            }
        }
        e.backend().ifPresent(b -> out.append("backend ").append(b).append("  (balance ").append(e.balance()).append(")\n"));
        e.candidates().forEach(c -> out.append("  server ").append(c.name()).append("  ").append(c.address()).append("  weight ")
                .append(c.weight()).append(c.backup() ? "  backup" : "").append("  ").append(c.location().fileAndLine()).append('\n'));
        e.headerChanges().forEach(h -> out.append("  ").append(h).append('\n'));
        e.persistence().forEach(p -> out.append("  key ").append(p).append('\n'));
        if (!e.responseChanges().isEmpty()) {
            out.append("an answer of 200 on its way back\n");
            e.responseChanges().forEach(h -> out.append("  ").append(h).append('\n'));
        }
        out.append("result: ").append(result(e)).append('\n');
        e.timeouts().forEach(t -> out.append("  ").append(t.name()).append("  ").append(Durations.text(t.value())).append("  ")
                .append(place(t.origin())).append('\n'));
        return out.toString();
    }

    /** In one line. */
    public static String result(Explanation e) {
        if (e.aborted()) {
            return "the connection is closed without an answer";
        }
        if (e.status().isPresent()) {
            Optional<String> to = e.redirect();
            return "answered here with " + e.status().getAsInt() + to.map(l -> ", Location: " + l).orElse("");
        }
        if (e.named().isPresent()) {
            return "sent to " + e.named().get().server() + ", which " + e.named().get().by() + " names";
        }
        return (e.candidates().size() == 1 ? "sent to " : "sent to one of ")
                + e.candidates().stream().map(Explanation.Candidate::name).collect(Collectors.joining(", "));
    }

    private static String place(SourceLocation location) {
        return location.equals(SourceLocation.BUILT_IN) ? "(built in)" : location.fileAndLine();
    }
}
