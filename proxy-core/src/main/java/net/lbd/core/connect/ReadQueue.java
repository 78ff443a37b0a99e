package net.lbd.core.connect;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * What the channels of one event loop have read in this turn and nobody has looked at yet. All sockets of a
 * turn are read first, then the responses are handled, then the requests, and last all is sent
 * ({@link FlushQueue}): each part of the work finds its code and tables in the processor's caches, and a request
 * finds the server connection that a response of the same turn has set free (docs/decisions/0050). Only small
 * reads wait, {@value #SMALL_BYTES} bytes for each connection at most; bulk is handled as it comes.
 * Event-loop confined.
 *
 * <p>Whoever has bytes here must use them before it listens to anything else that its channel tells:
 * what came first is handled first.
 */
public final class ReadQueue {

    /** The largest read that waits. */
    public static final int SMALL_BYTES = 4096;

    /** Something that holds bytes which were read. */
    public interface Reader {
        /** Uses them, unless that has happened meanwhile. */
        void useRead();

        /** Using them has failed, as nothing should: the channel cannot go on, and nobody but this ends it. */
        void readFailed(Throwable cause);
    }

    private final Executor loop;
    private final TurnClock clock;
    private final ArrayDeque<Reader> responses = new ArrayDeque<>();
    private final ArrayDeque<Reader> requests = new ArrayDeque<>();
    private final Runnable useAll = this::useAll;
    private boolean scheduled;

    /**
     * @param loop runs a task behind the events of the present turn
     * @param clock stands still while one reader is busy
     */
    public ReadQueue(Executor loop, TurnClock clock) {
        this.loop = Objects.requireNonNull(loop, "loop");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** A server's bytes are handled behind the events of this turn. */
    public void addResponse(Reader reader) {
        responses.add(reader);
        schedule();
    }

    /** A client's bytes are handled behind the events of this turn, and behind the responses. */
    public void addRequest(Reader reader) {
        requests.add(reader);
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(useAll);
        }
    }

    private void useAll() {
        // Nothing that happens here reads a socket, so that nothing is added meanwhile but through a closing connection.
        use(responses);
        use(requests);
        scheduled = false;
        if (!responses.isEmpty() || !requests.isEmpty()) {
            schedule();
        }
    }

    private static void fail(Reader reader, Throwable cause) {
        try {
            reader.readFailed(cause);
        } catch (RuntimeException | Error e) {
            Faults.bug("ending a connection", e);
        }
    }

    /** Whatever goes wrong with one, the others have their turn. */
    private void use(ArrayDeque<Reader> readers) {
        for (int left = readers.size(); left > 0; left--) {
            Reader reader = readers.remove();
            clock.hold();
            try {
                reader.useRead();
            } catch (RuntimeException | Error e) {
                fail(reader, e);
            } finally {
                clock.release();
            }
        }
    }
}
