package net.lbd.core.h2;

/** The lines of an HTTP/1 trailer section, which was judged when it was read, as fields. Pure function. */
public final class TrailerLines {

    private TrailerLines() { }

    /** @param lines each ends with CR LF; an empty one behind the last does no harm */
    public static void add(byte[] lines, FieldEncoder fields) {
        for (int at = 0; at + 2 < lines.length;) {
            int colon = at;
            while (lines[colon] != ':') {
                colon++;
            }
            int end = colon;
            while (lines[end] != '\r') {
                end++;
            }
            int value = colon + 1;
            int stop = end;
            while (value < stop && isBlank(lines[value])) {
                value++;
            }
            while (stop > value && isBlank(lines[stop - 1])) {
                stop--;
            }
            fields.add(lines, at, colon - at, lines, value, stop - value);
            at = end + 2;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
