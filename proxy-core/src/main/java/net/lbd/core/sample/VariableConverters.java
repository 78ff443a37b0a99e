package net.lbd.core.sample;

import static java.util.Map.entry;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.lbd.config.model.SampleType;

/** The converters that set variables or compare with them. Source: HAProxy manual, "set-var", "strcmp", "secure_memcmp". */
final class VariableConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("set-var", ConverterCompiler.named(SampleType.ANY, (arguments, names) -> {
                Variable variable = Variable.of(arguments.text(0), names);
                List<String> conditions = new ArrayList<>();
                for (int i = 1; i <= 4; i++) {
                    if (arguments.has(i)) {
                        conditions.add(arguments.text(i));
                    }
                }
                List<String> all = List.copyOf(conditions);
                return (stream, s) -> {
                    variable.set(stream, s, all);
                    return true;
                };
            })),
            entry("unset-var", ConverterCompiler.named(SampleType.ANY, (arguments, names) -> {
                Variable variable = Variable.of(arguments.text(0), names);
                return (stream, s) -> {
                    variable.unset(stream);
                    return true;
                };
            })),
            entry("strcmp", ConverterCompiler.named(SampleType.STRING, (arguments, names) -> {
                Variable variable = Variable.of(arguments.text(0), names);
                return (stream, s) -> {
                    Sample other = stream.worker().scratch().take();
                    boolean found = variable.get(stream, other) && Casts.cast(other, SampleType.STRING);
                    if (found) {
                        s.setInteger(compare(s, other));
                    }
                    stream.worker().scratch().give(other);
                    return found;
                };
            })),
            entry("secure_memcmp", ConverterCompiler.named(SampleType.BINARY, (arguments, names) -> {
                Variable variable = Variable.of(arguments.text(0), names);
                return (stream, s) -> {
                    Sample other = stream.worker().scratch().take();
                    boolean found = variable.get(stream, other) && Casts.cast(other, SampleType.BINARY);
                    if (found) {
                        // Copies, as the comparison of the JDK that takes the same time wants whole arrays.
                        s.setBoolean(MessageDigest.isEqual(s.copyBytes(), other.copyBytes()));
                    }
                    stream.worker().scratch().give(other);
                    return found;
                };
            })));

    private VariableConverters() { }

    /** The difference of the first bytes that differ, else which of the two is longer. */
    private static long compare(Sample a, Sample b) {
        int at = Arrays.mismatch(a.bytes(), a.offset(), a.offset() + a.length(), b.bytes(), b.offset(), b.offset() + b.length());
        if (at < 0) {
            return 0;
        }
        if (at == a.length() || at == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        return (a.bytes()[a.offset() + at] & 0xff) - (b.bytes()[b.offset() + at] & 0xff);
    }
}
