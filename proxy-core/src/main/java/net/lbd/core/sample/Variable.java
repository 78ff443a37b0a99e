package net.lbd.core.sample;

import java.util.List;
import java.util.Objects;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/** A variable that a configuration names, bound to its scope. Immutable. Source: HAProxy manual, "set-var". */
public final class Variable {

    /** Where it lives. */
    private enum Scope { PROCESS, SESSION, STREAM }

    private final String name;
    private final Scope scope;
    private final ProcessVariables process;

    private Variable(String name, Scope scope, ProcessVariables process) {
        this.name = name;
        this.scope = scope;
        this.process = process;
    }

    /** @param name with its scope: {@code txn.a} */
    public static Variable of(String name, RuntimeNames names) {
        Scope scope = name.startsWith("proc.") ? Scope.PROCESS : name.startsWith("sess.") ? Scope.SESSION : Scope.STREAM;
        return new Variable(Objects.requireNonNull(name, "name").intern(), scope, names.processVariables());
    }

    /** @return false if it is not set */
    public boolean get(Stream stream, Sample out) {
        return switch (scope) {
            case PROCESS -> process.get(name, out);
            case SESSION -> stream.session().variables().get(name, out);
            case STREAM -> stream.variables().get(name, out);
        };
    }

    public void set(Stream stream, Sample value) {
        switch (scope) {
            case PROCESS -> process.set(name, value);
            case SESSION -> stream.session().variables().set(name, value);
            case STREAM -> stream.variables().set(name, value);
        }
    }

    public void unset(Stream stream) {
        switch (scope) {
            case PROCESS -> process.unset(name);
            case SESSION -> stream.session().variables().unset(name);
            case STREAM -> stream.variables().unset(name);
        }
    }

    /** Sets the variable if the conditions of {@code set-var} hold; all of them must. */
    public void set(Stream stream, Sample value, List<String> conditions) {
        if (conditions.isEmpty() || holds(stream, value, conditions)) {
            set(stream, value);
        }
    }

    private boolean holds(Stream stream, Sample value, List<String> conditions) {
        Scratch scratch = stream.worker().scratch();
        Sample now = scratch.take();
        boolean isSet = get(stream, now);
        boolean all = true;
        for (int i = 0; i < conditions.size() && all; i++) {
            all = switch (conditions.get(i)) {
                case "ifexists", "ifset" -> isSet;
                case "ifnotexists", "ifnotset" -> !isSet;
                case "ifempty" -> isEmpty(value);
                case "ifnotempty" -> !isEmpty(value);
                case "ifgt" -> isSet && compare(now, value) > 0;
                case "iflt" -> isSet && compare(now, value) < 0;
                default -> throw new IllegalStateException("condition " + conditions.get(i));
            };
        }
        scratch.give(now);
        return all;
    }

    /** Of the new value; a number is never empty. */
    private static boolean isEmpty(Sample value) {
        return value.hasBytes() && value.length() == 0;
    }

    private static long compare(Sample now, Sample value) {
        boolean numbers = !now.hasBytes() && !value.hasBytes();
        return numbers ? Long.compare(now.number(), value.number()) : 0;
    }

    /** Whether the type of the value is one that text can be made of. */
    static boolean isText(Sample value) {
        return value.type() == SampleType.STRING || value.type() == SampleType.BINARY || value.type() == SampleType.METHOD;
    }
}
