package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import net.lbd.config.model.SampleType;

/**
 * Arithmetic. Sums and products that leave the range of 64 bits stop at its ends, as HAProxy has it; a
 * division by zero yields the largest number, its remainder is 0. Source: HAProxy manual, "Converters".
 */
final class NumberConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("bool", predicate(v -> v != 0 ? 1 : 0)),
            entry("not", predicate(v -> v == 0 ? 1 : 0)),
            entry("even", predicate(v -> 1 - (v & 1))),
            entry("odd", predicate(v -> v & 1)),
            entry("neg", unary(v -> v == Long.MIN_VALUE ? Long.MAX_VALUE : -v)),
            entry("cpl", unary(v -> ~v)),
            entry("add", binary(NumberConverters::add)),
            entry("sub", binary((a, b) -> b == Long.MIN_VALUE ? add(add(a, Long.MAX_VALUE), 1) : add(a, -b))),
            entry("mul", binary(NumberConverters::multiply)),
            entry("div", binary((a, b) -> b == 0 ? Long.MAX_VALUE : b == -1 && a == Long.MIN_VALUE ? Long.MAX_VALUE : a / b)),
            entry("mod", binary((a, b) -> b == 0 ? 0 : a % b)),
            entry("and", binary((a, b) -> a & b)),
            entry("or", binary((a, b) -> a | b)),
            entry("xor", binary((a, b) -> a ^ b)));

    private NumberConverters() { }

    private static ConverterCompiler predicate(LongUnaryOperator operator) {
        return ConverterCompiler.of(SampleType.INTEGER, (Converter) (stream, s) -> {
            s.setBoolean(operator.applyAsLong(s.number()) != 0);
            return true;
        });
    }

    private static ConverterCompiler unary(LongUnaryOperator operator) {
        return ConverterCompiler.of(SampleType.INTEGER, (Converter) (stream, s) -> {
            s.setInteger(operator.applyAsLong(s.number()));
            return true;
        });
    }

    private static ConverterCompiler binary(LongBinaryOperator operator) {
        return ConverterCompiler.named(SampleType.INTEGER, (arguments, names) -> {
            if (arguments.isVariable(0)) {
                return withVariable(operator, Variable.of(arguments.text(0), names));
            }
            long operand = arguments.number(0);
            return (stream, s) -> {
                s.setInteger(operator.applyAsLong(s.number(), operand));
                return true;
            };
        });
    }

    /** A variable that is not set, or holds no number, leaves the expression without a value. */
    private static Converter withVariable(LongBinaryOperator operator, Variable variable) {
        return (stream, s) -> {
            Sample operand = stream.worker().scratch().take();
            boolean found = variable.get(stream, operand) && Casts.cast(operand, SampleType.INTEGER);
            if (found) {
                s.setInteger(operator.applyAsLong(s.number(), operand.number()));
            }
            stream.worker().scratch().give(operand);
            return found;
        };
    }

    private static long add(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }

    private static long multiply(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        if (high == 0 && low >= 0 || high == -1 && low < 0) {
            return low;
        }
        return (a < 0) == (b < 0) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
