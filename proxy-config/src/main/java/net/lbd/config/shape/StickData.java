package net.lbd.config.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.StickDataType;
import net.lbd.config.model.StickTableSpec.Stored;
import net.lbd.config.syntax.Nearest;

/** What {@code store} of a stick-table may name. Source: HAProxy manual, "stick-table". Stateless. */
public final class StickData {

    private static final int MOST_ELEMENTS = 100;

    private StickData() { }

    /** Reads a list, parted by commas. */
    public static List<Stored> read(String list) throws ValueException {
        List<Stored> stored = new ArrayList<>();
        for (String item : list.split(",(?![^(]*\\))", -1)) {
            stored.add(one(item));
        }
        return stored;
    }

    private static Stored one(String item) throws ValueException {
        int open = item.indexOf('(');
        String name = open < 0 ? item : item.substring(0, open);
        String argument = open < 0 || !item.endsWith(")") ? "" : item.substring(open + 1, item.length() - 1);
        Optional<StickDataType> found = StickDataType.of(name);
        if (found.isEmpty()) {
            throw new ValueException("a stick-table stores no '" + name + "'"
                    + Nearest.suggestion(name, Arrays.stream(StickDataType.values()).map(StickDataType::word).toList()));
        }
        StickDataType type = found.get();
        if (type == StickDataType.GPC_RATE) {
            int comma = argument.indexOf(',');
            if (comma < 0) {
                throw new ValueException("'" + item + "' wants a number and a period, as in gpc_rate(2,10s)");
            }
            return new Stored(type, elements(argument.substring(0, comma)), period(item, argument.substring(comma + 1)));
        }
        if (type.isArray()) {
            return new Stored(type, elements(argument), 0);
        }
        if (type.kind() == StickDataType.Kind.RATE) {
            return new Stored(type, 1, period(item, argument));
        }
        if (open >= 0) {
            throw new ValueException("'" + name + "' takes no argument");
        }
        return new Stored(type, 1, 0);
    }

    private static int elements(String text) throws ValueException {
        return (int) Numbers.read(text, 1, MOST_ELEMENTS);
    }

    private static int period(String item, String argument) throws ValueException {
        if (argument.isEmpty()) {
            throw new ValueException("'" + item + "' wants a period, as in " + item.replace("(", "").replace(")", "") + "(10s)");
        }
        return (int) Durations.POSITIVE_MILLIS.read(argument).toMillis();
    }
}
