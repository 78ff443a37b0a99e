package net.lbd.config.expr;

import java.util.List;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.SampleSpec;

/** What arguments of fetches must be beyond their types. Source: HAProxy manual, "Fetching samples". Stateless. */
final class FetchArguments {

    /** HAProxy counts as many headers of one name from the end. */
    private static final int LAST_OCCURRENCE = -10;

    private FetchArguments() { }

    /**
     * @param fetch the canonical name
     * @throws ValueException if an argument cannot be right
     */
    static void check(String fetch, List<SampleSpec.Argument> arguments) throws ValueException {
        if (arguments.isEmpty()) {
            return;
        }
        switch (fetch) {
            case "uuid" -> {
                if (number(arguments, 0, 4) != 4) {
                    throw new ValueException("there is no version " + number(arguments, 0, 4) + " here; use 4");
                }
            }
            case "date" -> oneOf(text(arguments, 1), List.of("s", "ms", "us"));
            case "bool" -> oneOf(text(arguments, 0), List.of("true", "1", "false", "0"));
            case "bin" -> {
                if (!text(arguments, 0).matches("([0-9A-Fa-f]{2})*")) {
                    throw new ValueException("'" + text(arguments, 0) + "' is not pairs of hexadecimal digits");
                }
            }
            case "req.hdr", "req.fhdr", "res.hdr", "res.fhdr", "req.hdr_ip", "res.hdr_ip", "req.hdr_val", "res.hdr_val" -> {
                if (number(arguments, 1, 1) < LAST_OCCURRENCE) {
                    throw new ValueException("headers count back to " + LAST_OCCURRENCE + " from the end");
                }
            }
            case "ssl_c_i_dn", "ssl_c_s_dn", "ssl_c_r_dn", "ssl_f_i_dn", "ssl_f_s_dn", "ssl_s_i_dn", "ssl_s_s_dn" ->
                    oneOf(text(arguments, 2), List.of("rfc2253"));
            default -> { }
        }
    }

    private static long number(List<SampleSpec.Argument> arguments, int index, long otherwise) {
        return index < arguments.size() && arguments.get(index) instanceof SampleSpec.Argument.Number number ? number.value() : otherwise;
    }

    private static String text(List<SampleSpec.Argument> arguments, int index) {
        return index < arguments.size() && arguments.get(index) instanceof SampleSpec.Argument.Text text ? text.text() : "";
    }

    private static void oneOf(String text, List<String> accepted) throws ValueException {
        if (!text.isEmpty() && !accepted.contains(text)) {
            throw new ValueException("'" + text + "' is not accepted; use " + String.join(", ", accepted));
        }
    }
}
