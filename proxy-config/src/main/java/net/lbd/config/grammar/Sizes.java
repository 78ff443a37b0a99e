package net.lbd.config.grammar;

/** Sizes in bytes or entries, with an optional {@code k}, {@code m} or {@code g} (powers of 1024). */
public final class Sizes {

    private Sizes() { }

    public static ArgumentType<Integer> upTo(int largest) {
        return text -> (int) read(text, 0, largest);
    }

    public static final ArgumentType<Long> SIZE = text -> read(text, 0, Long.MAX_VALUE);

    private static long read(String text, long smallest, long largest) throws ValueException {
        int unitStart = Numbers.firstNonDigit(text, 0);
        if (unitStart == 0) {
            throw new ValueException("'" + text + "' is not a size; write a number and nothing, k, m or g");
        }
        String unit = text.substring(unitStart);
        long factor = switch (unit) {
            case "" -> 1L;
            case "k", "K" -> 1L << 10;
            case "m", "M" -> 1L << 20;
            case "g", "G" -> 1L << 30;
            default -> throw new ValueException("unknown unit '" + unit + "'; use nothing, k, m or g");
        };
        long value;
        try {
            value = Math.multiplyExact(Long.parseLong(text.substring(0, unitStart)), factor);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            value = Long.MAX_VALUE;
        }
        if (value < smallest || value > largest || value == Long.MAX_VALUE) {
            throw new ValueException("'" + text + "' is too large; the largest is " + largest);
        }
        return value;
    }
}
