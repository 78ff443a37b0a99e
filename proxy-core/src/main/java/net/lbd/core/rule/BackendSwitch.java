package net.lbd.core.rule;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;

/**
 * The {@code use_backend} lines of a frontend and its default. The first line whose condition holds
 * decides. A name that is made of the request and names no backend ends the search: the default is
 * taken. Immutable; allocates nothing. Source: HAProxy manual, "use_backend".
 */
public final class BackendSwitch {

    private final Line[] lines;
    private final Optional<Supplier<Backend>> otherwise;

    /** What a line leads to: a backend, or the name of one. */
    private sealed interface Choice {
        record Fixed(Supplier<Backend> backend) implements Choice { }

        record Named(LogFormat name) implements Choice { }
    }

    private record Line(Condition condition, Choice choice) { }

    private final RuntimeNames names;

    private BackendSwitch(Line[] lines, Optional<Supplier<Backend>> otherwise, RuntimeNames names) {
        this.lines = lines;
        this.otherwise = otherwise;
        this.names = names;
    }

    static BackendSwitch compile(
            List<BackendSwitchSpec> specs, Optional<String> defaultBackend, RuntimeNames names) {
        Line[] lines = specs.stream().map(spec -> line(spec, names)).toArray(Line[]::new);
        return new BackendSwitch(lines, defaultBackend.map(names::backend), names);
    }

    private static Line line(BackendSwitchSpec spec, RuntimeNames names) {
        Condition condition = Conditions.compile(spec.condition(), names);
        Optional<String> fixed = spec.backend().asLiteral();
        Choice choice = fixed.isPresent()
                ? new Choice.Fixed(names.backend(fixed.get()))
                : new Choice.Named(LogFormat.compile(spec.backend(), LogFormat.Use.VALUE, names));
        return new Line(condition, choice);
    }

    /** {@code default_backend}; {@link Backend#NONE} without one. */
    public Backend defaultBackend() {
        return otherwise.isPresent() ? otherwise.get().get() : Backend.NONE;
    }

    /** The backend for a stream; {@link Backend#NONE} if nothing leads to one. */
    public Backend choose(Stream stream) {
        for (Line line : lines) {
            if (line.condition.holds(stream)) {
                if (line.choice instanceof Choice.Fixed fixed) {
                    return fixed.backend.get();
                }
                Optional<Backend> named = named((Choice.Named) line.choice, stream);
                return named.isPresent() ? named.get() : otherwise();
            }
        }
        return otherwise();
    }

    /** The index of the line that decides; -1 if none does. For explanations. */
    public int firstMatch(Stream stream) {
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].condition.holds(stream)) {
                return i;
            }
        }
        return -1;
    }

    private Backend otherwise() {
        return otherwise.isPresent() ? otherwise.get().get() : Backend.NONE;
    }

    private Optional<Backend> named(Choice.Named choice, Stream stream) {
        Scratch scratch = stream.worker().scratch();
        ByteSink name = scratch.takeSink();
        choice.name.render(stream, name);
        Optional<Backend> backend = names.backends().find(name.bytes(), name.length());
        scratch.giveSink(name);
        return backend;
    }
}
