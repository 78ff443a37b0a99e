package net.lbd.config.keyword.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The arguments that a fetch or converter takes between its parentheses. Immutable; the notation is read when it is first
 * needed: there are hundreds, and a file uses few. With assertions on, as in tests, each is read at once.
 */
public final class Signature {

    /** No parentheses, or empty ones. */
    public static final Signature NONE = new Signature("", List.of());

    private final String notation;
    /** Null until it is needed; whoever reads the notation gets the same. */
    private volatile List<Argument> arguments;

    private Signature(String notation, List<Argument> arguments) {
        this.notation = notation;
        this.arguments = arguments;
    }

    /** What an argument is read as. */
    public enum Kind {
        STRING, INTEGER, BACKEND, FRONTEND, SERVER, TABLE, USERLIST, IPV4, IPV6, IPV4MASK, IPV6MASK, REGEX, VARIABLE,
        FILE,
        /** A number whose sign means something: without one it counts from the beginning. */
        OFFSET,
        /** A file of keys and values. */
        MAP,
        /** The type of a field of a PROXY header. */
        PROXY_FIELD
    }

    /** One argument. */
    public record Argument(String name, Kind kind, boolean optional) { }

    /**
     * From the notation {@code name:kind,name:kind[,name:kind]}: what stands behind the bracket is
     * optional.
     */
    public static Signature of(String notation) {
        Signature signature = new Signature(notation, null);
        assert !signature.arguments().isEmpty() : notation;
        return signature;
    }

    /** In their order; optional ones stand last. */
    public List<Argument> arguments() {
        List<Argument> known = arguments;
        if (known == null) {
            known = read(notation);
            arguments = known;
        }
        return known;
    }

    private static List<Argument> read(String notation) {
        List<Argument> arguments = new ArrayList<>();
        int bracket = notation.indexOf('[');
        int from = 0;
        for (String part : notation.replace("[", "").replace("]", "").split(",")) {
            from = notation.indexOf(part, from);
            boolean optional = bracket >= 0 && from > bracket;
            int colon = part.indexOf(':');
            Kind kind = Kind.valueOf(part.substring(colon + 1).toUpperCase(Locale.ROOT));
            arguments.add(new Argument(part.substring(0, colon), kind, optional));
            from += part.length();
        }
        return List.copyOf(arguments);
    }

    public int required() {
        return (int) arguments().stream().filter(a -> !a.optional()).count();
    }

    /** As the manual writes it: {@code (<name>[,<occ>])}; empty without arguments. */
    public String syntax() {
        List<Argument> arguments = arguments();
        if (arguments.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("(");
        int open = 0;
        for (int i = 0; i < arguments.size(); i++) {
            Argument a = arguments.get(i);
            if (a.optional()) {
                out.append('[');
                open++;
            }
            out.append(i > 0 ? "," : "").append('<').append(a.name()).append('>');
        }
        return out.append("]".repeat(open)).append(')').toString();
    }
}
