package net.lbd.config.expr;

import java.util.List;
import java.util.regex.Pattern;
import net.lbd.config.grammar.ValueException;

/** Names of variables, and the conditions on which one is set. Stateless. Source: HAProxy manual, "set-var". */
public final class VariableNames {

    /** Those of {@code set-var}: all but the last two ask about the variable as it is. */
    public static final List<String> CONDITIONS = List.of(
            "ifexists", "ifnotexists", "ifempty", "ifnotempty", "ifset", "ifnotset", "ifgt", "iflt");

    private static final Pattern NAME = Pattern.compile("(proc|sess|txn|req|res|check)\\.[A-Za-z0-9_.]+");

    private VariableNames() { }

    public static void check(String text) throws ValueException {
        if (!NAME.matcher(text).matches()) {
            throw new ValueException("'" + text
                    + "' is not a variable; write proc., sess., txn., req., res. or check. and a name");
        }
    }
}
