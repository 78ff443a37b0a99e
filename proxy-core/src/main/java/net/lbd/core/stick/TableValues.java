package net.lbd.core.stick;

import net.lbd.config.model.StickDataType;

/**
 * Reads and writes the values of records as the table's layout has them: a number is one int, a total two, a rate three. Immutable; whoever
 * calls it holds the lock of the segment.
 */
final class TableValues {

    private final Layout layout;

    TableValues(Layout layout) {
        this.layout = layout;
    }

    private int at(Segment segment, int record, StickDataType type, int element) {
        return segment.base(record) + layout.offset(type, element);
    }

    /** A value that the table stores, of now. */
    long read(Segment segment, int record, StickDataType type, int element, long now) {
        int[] page = segment.page(record);
        int at = at(segment, record, type, element);
        return switch (type.kind()) {
            case NUMBER, TEXT -> page[at] & 0xffffffffL;
            case TOTAL -> (long) page[at] << 32 | page[at + 1] & 0xffffffffL;
            case RATE -> Rate.read(page, at, layout.period(type), rateClock(now));
        };
    }

    /** Adds to a value, if the table stores it. */
    void add(Segment segment, int record, StickDataType type, int element, long amount, long now) {
        if (element >= layout.elements(type)) {
            return;
        }
        int[] page = segment.page(record);
        int at = at(segment, record, type, element);
        switch (type.kind()) {
            case NUMBER, TEXT -> page[at] += (int) amount;
            case TOTAL -> putTotal(page, at, ((long) page[at] << 32 | page[at + 1] & 0xffffffffL) + amount);
            case RATE -> Rate.add(page, at, layout.period(type), rateClock(now), (int) amount);
        }
    }

    /** Sets a value that the table stores. */
    void set(Segment segment, int record, StickDataType type, int element, long value, long now) {
        int[] page = segment.page(record);
        int at = at(segment, record, type, element);
        switch (type.kind()) {
            case NUMBER, TEXT -> page[at] = (int) value;
            case TOTAL -> putTotal(page, at, value);
            case RATE -> Rate.set(page, at, rateClock(now), value);
        }
    }

    /** Puts a value as a peer tells it: of a rate when its window began, the events in it, and those of the one before. */
    void put(Segment segment, int record, StickDataType type, int element, long first, long second, long third) {
        if (element >= layout.elements(type)) {
            return;
        }
        int[] page = segment.page(record);
        int at = at(segment, record, type, element);
        switch (type.kind()) {
            case NUMBER, TEXT -> page[at] = (int) first;
            case TOTAL -> putTotal(page, at, first);
            case RATE -> {
                page[at] = (int) first;
                page[at + 1] = (int) second;
                page[at + 2] = (int) third;
            }
        }
    }

    private static void putTotal(int[] page, int at, long value) {
        page[at] = (int) (value >> 32);
        page[at + 1] = (int) value;
    }

    /** Never 0, which stands for a rate that has not begun. */
    private static int rateClock(long now) {
        int millis = (int) now;
        return millis == 0 ? 1 : millis;
    }
}
