package net.lbd.core.connect;

import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * What the channels of one event loop have to send. It is flushed together once all events
 * of the turn have been handled: system calls in a row wake a peer once that would be woken for each of
 * them if other work stood between (docs/decisions/0005). Event-loop confined.
 */
public final class FlushQueue {

    /** Something that was written and not sent. */
    public interface Pending {
        /** Sends it. */
        void flush();
    }

    private final Executor loop;
    private final ArrayList<Pending> dirty = new ArrayList<>();
    private final Runnable flushAll = this::flushAll;
    private boolean scheduled;

    /** @param loop runs a task behind the events of the present turn */
    public FlushQueue(Executor loop) {
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /** Has it sent at the end of this turn. */
    public void add(Pending pending) {
        dirty.add(pending);
        if (!scheduled) {
            scheduled = true;
            loop.execute(flushAll);
        }
    }

    private void flushAll() {
        // A flush may make its channel writable or close it, and thereby put others into the queue.
        for (int i = 0; i < dirty.size(); i++) {
            flush(dirty.get(i));
        }
        dirty.clear();
        scheduled = false;
    }

    /** Whatever goes wrong with one, the others are sent: who believes to be in the queue does not come again. */
    private static void flush(Pending pending) {
        try {
            pending.flush();
        } catch (RuntimeException | Error e) {
            Faults.bug("sending what was written", e);
        }
    }
}
