package net.lbd.core.stick;

import java.util.Arrays;
import net.lbd.config.model.StickDataType;

/**
 * The entries that one connection, or one stream, counts for: its counters sc0, sc1 and so on. Made when the first is
 * tracked. Event-loop confined. Source: HAProxy manual, "http-request track-sc0".
 */
public final class Tracking {

    /** Of those that track nothing. */
    public static final Tracking NONE = new Tracking();

    private StickTable[] tables = {};
    private long[] handles = {};
    private boolean any;

    /** Whether the counter tracks. */
    public boolean has(int counter) {
        return counter < handles.length && handles[counter] != StickTable.NONE;
    }

    public boolean isEmpty() {
        return !any;
    }

    public StickTable table(int counter) {
        return tables[counter];
    }

    public long handle(int counter) {
        return handles[counter];
    }

    /** Begins to count for an entry, whose handle is taken over. */
    public void begin(int counter, StickTable table, long handle) {
        if (counter >= handles.length) {
            int before = handles.length;
            tables = Arrays.copyOf(tables, counter + 1);
            handles = Arrays.copyOf(handles, counter + 1);
            Arrays.fill(handles, before, handles.length, StickTable.NONE);
        }
        tables[counter] = table;
        handles[counter] = handle;
        any = true;
        table.enter(handle);
    }

    /** Counts an event for every entry tracked. */
    public void count(StickDataType total, StickDataType rate, long amount) {
        for (int i = 0; any && i < handles.length; i++) {
            if (handles[i] != StickTable.NONE) {
                tables[i].count(handles[i], total, rate, 0, amount);
            }
        }
    }

    /** Counts an event for one. */
    public void count(int counter, StickDataType total, StickDataType rate, long amount) {
        tables[counter].count(handles[counter], total, rate, 0, amount);
    }

    /** The connection or stream is over. */
    public void end() {
        for (int i = 0; any && i < handles.length; i++) {
            if (handles[i] != StickTable.NONE) {
                tables[i].leave(handles[i]);
                handles[i] = StickTable.NONE;
                tables[i] = null;
            }
        }
        any = false;
    }
}
