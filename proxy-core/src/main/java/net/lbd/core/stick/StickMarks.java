package net.lbd.core.stick;

import java.util.ArrayList;
import java.util.List;

/** The keys of a request that will be bound to its server, once that has answered. Event-loop confined. */
public final class StickMarks {

    private record Mark(StickTable table, byte[] key) { }

    private final List<Mark> marks = new ArrayList<>();

    void add(StickTable table, byte[] key) {
        marks.add(new Mark(table, key));
    }

    /** Forgets them. */
    public void clear() {
        marks.clear();
    }

    void bind(int serverId, String serverKey, String serverAddress) {
        for (Mark mark : marks) {
            long handle = mark.table.acquire(mark.key, 0, mark.key.length, true);
            if (handle != StickTable.NONE) {
                mark.table.bind(handle, serverId, mark.table.spec().serverByAddress() ? serverAddress : serverKey);
                mark.table.release(handle);
            }
        }
        marks.clear();
    }
}
