package net.lbd.config.grammar;

/** Decimal numbers, strictly: ASCII digits, no sign but '-', no blank, no overflow. */
public final class Numbers {

    private Numbers() { }

    public static long read(String text, long from, long to) throws ValueException {
        int small = digits(text);
        if (small >= 0 && small >= from && small <= to) {
            return small;
        }
        if (!isNumber(text)) {
            throw new ValueException("'" + text + "' is not a whole number");
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException tooLong) {
            throw outOfRange(text, from, to);
        }
        if (value < from || value > to) {
            throw outOfRange(text, from, to);
        }
        return value;
    }

    /** Whether the text is digits, perhaps behind a minus sign. */
    public static boolean isNumber(String text) {
        int digits = text.startsWith("-") ? 1 : 0;
        return digits < text.length() && firstNonDigit(text, digits) == text.length();
    }

    /** The value of one to nine ASCII digits, or -1 if the text is something else. */
    static int digits(String text) {
        int length = text.length();
        if (length == 0 || length > 9) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** The index of the first character that is not an ASCII digit. */
    static int firstNonDigit(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private static ValueException outOfRange(String text, long from, long to) {
        String range;
        if (to == Long.MAX_VALUE) {
            range = "from " + from + " up";
        } else if (from == Long.MIN_VALUE) {
            range = "up to " + to;
        } else {
            range = "from " + from + " to " + to;
        }
        return new ValueException("'" + text + "' is out of range; " + range + " is accepted");
    }
}
