package net.lbd.core.sample;

import java.util.regex.Pattern;
import java.util.List;
import net.lbd.config.model.SampleSpec.Argument;

/**
 * The arguments of a fetch or converter while it is compiled. The keyword's row has checked their
 * number and kinds, so an argument of the wrong kind here is a defect of this program. Immutable.
 */
final class ArgumentList {

    private static final Pattern VARIABLE = Pattern.compile("(proc|sess|txn|req|res|check)\\..+");

    private final List<Argument> arguments;

    ArgumentList(List<Argument> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    boolean has(int i) {
        return i < arguments.size() && !(arguments.get(i) instanceof Argument.Absent);
    }

    String text(int i) {
        Argument argument = arguments.get(i);
        if (argument instanceof Argument.Text text) {
            return text.text();
        }
        if (argument instanceof Argument.Number number) {
            return Long.toString(number.value());
        }
        throw new IllegalArgumentException("argument " + (i + 1) + " is missing");
    }

    String text(int i, String otherwise) {
        return has(i) ? text(i) : otherwise;
    }

    byte[] bytes(int i, String otherwise) {
        return ConfiguredText.bytes(text(i, otherwise));
    }

    /** Whether it names a variable: where a number may stand, a scope and a dot tell. */
    boolean isVariable(int i) {
        return arguments.get(i) instanceof Argument.Text text && VARIABLE.matcher(text.text()).matches();
    }

    long number(int i) {
        Argument argument = arguments.get(i);
        if (argument instanceof Argument.Number number) {
            return number.value();
        }
        if (argument instanceof Argument.Text text) {
            return Long.decode(text.text().trim());
        }
        throw new IllegalArgumentException("argument " + (i + 1) + " is missing");
    }

    long number(int i, long otherwise) {
        return has(i) ? number(i) : otherwise;
    }
}
