package net.lbd.core.sample;

import net.lbd.config.model.StickDataType;
import net.lbd.core.stick.StickTable;

/**
 * What a fetch or converter reads of an entry, or does to it. Immutable. What has no value was read off HAProxy 2.6: of a
 * key that is not in the table everything is 0; what a table does not store has no value.
 *
 * @param creates the entry is made if it is not there
 * @param otherwise the value if there is no entry; {@link StickTable#ABSENT} for none
 */
record StickOperation(boolean creates, long otherwise, Reader reader) {

    /** The part that differs. */
    @FunctionalInterface
    interface Reader {
        /** @return {@link StickTable#ABSENT} for no value */
        long read(StickTable table, long handle);
    }

    private static StickOperation reads(Reader reader) {
        return new StickOperation(false, 0, reader);
    }

    static StickOperation value(StickDataType type) {
        return reads((table, handle) -> table.value(handle, type, 0));
    }

    /** In units of 1024 bytes. */
    static StickOperation kilobytes(StickDataType type) {
        return reads((table, handle) -> {
            long bytes = table.value(handle, type, 0);
            return bytes == StickTable.ABSENT ? bytes : bytes >> 10;
        });
    }

    static StickOperation getGpc(int index) {
        return reads((table, handle) -> table.value(handle, table.gpc(index), StickTable.element(table.gpc(index), index)));
    }

    static StickOperation gpcRate(int index) {
        return reads((table, handle) -> table.value(handle, table.gpcRate(index), StickTable.element(table.gpcRate(index), index)));
    }

    static StickOperation getGpt(int index) {
        return reads((table, handle) -> table.value(handle, table.gpt(index), StickTable.element(table.gpt(index), index)));
    }

    /** The new value; 0 if the table does not store the counter. */
    static StickOperation incrementGpc(int index) {
        return new StickOperation(true, StickTable.ABSENT, (table, handle) -> {
            table.countGpc(handle, index, 1);
            return Math.max(0, table.value(handle, table.gpc(index), StickTable.element(table.gpc(index), index)));
        });
    }

    /** The value that there was. */
    static StickOperation clearGpc(int index) {
        return reads((table, handle) -> {
            long before = table.value(handle, table.gpc(index), StickTable.element(table.gpc(index), index));
            if (before != StickTable.ABSENT) {
                table.set(handle, table.gpc(index), StickTable.element(table.gpc(index), index), 0);
            }
            return before;
        });
    }

    static StickOperation countConnection() {
        return new StickOperation(true, StickTable.ABSENT, (table, handle) -> {
            table.count(handle, StickDataType.CONN_CNT, StickDataType.CONN_RATE, 0, 1);
            return table.value(handle, StickDataType.CONN_CNT, 0);
        });
    }

    /** Of an entry that was looked up, which is a use of its own. */
    static StickOperation trackers() {
        return reads((table, handle) -> table.users(handle) - 1);
    }

    /** Of the entry that is tracked. */
    static StickOperation trackersOfTracked() {
        return reads(StickTable::users);
    }

    /** By the index of an array: older single counters are none. */
    static StickOperation getGpcOfArray(int index) {
        return reads((table, handle) -> table.value(handle, StickDataType.GPC, index));
    }

    static StickOperation getGptOfArray(int index) {
        return reads((table, handle) -> table.value(handle, StickDataType.GPT, index));
    }

    static StickOperation gpcRateOfArray(int index) {
        return reads((table, handle) -> table.value(handle, StickDataType.GPC_RATE, index));
    }

    static StickOperation incrementGpcOfArray(int index) {
        return new StickOperation(true, StickTable.ABSENT, (table, handle) -> {
            table.count(handle, StickDataType.GPC, StickDataType.GPC_RATE, index, 1);
            return Math.max(0, table.value(handle, StickDataType.GPC, index));
        });
    }

    static StickOperation clearGpcOfArray(int index) {
        return reads((table, handle) -> {
            long before = table.value(handle, StickDataType.GPC, index);
            if (before != StickTable.ABSENT) {
                table.set(handle, StickDataType.GPC, index, 0);
            }
            return before;
        });
    }

    static StickOperation isThere() {
        return reads((table, handle) -> 1);
    }

    static StickOperation expire(long otherwise) {
        return new StickOperation(false, otherwise, StickTable::expiresInMillis);
    }

    static StickOperation idle(long otherwise) {
        return new StickOperation(false, otherwise, (table, handle) -> table.spec().expireMillis() == 0
                ? 0 : table.spec().expireMillis() - table.expiresInMillis(handle));
    }

    /** Does it for a key of the table; false: there is no value. */
    boolean on(StickTable table, Sample key, Sample out) {
        if (!table.makeKey(key)) {
            return false;
        }
        long handle = creates ? table.findOrCreate(key) : table.find(key);
        long result = otherwise;
        if (handle != StickTable.NONE) {
            result = reader.read(table, handle);
            table.release(handle);
        }
        out.setInteger(result);
        return result != StickTable.ABSENT;
    }
}
