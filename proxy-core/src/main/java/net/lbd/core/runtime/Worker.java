package net.lbd.core.runtime;

import io.netty.channel.EventLoop;
import java.util.Objects;
import net.lbd.core.sample.Scratch;

/**
 * One event loop and all that belongs to it alone: nothing here is shared, so nothing here is locked.
 * Client and server connection of a session live on the same worker. Event-loop confined but for
 * {@link #loop} and {@link #index}.
 */
public final class Worker {

    private final int index;
    private final EventLoop loop;
    private final Scratch scratch = new Scratch();

    public Worker(int index, EventLoop loop) {
        this.index = index;
        this.loop = Objects.requireNonNull(loop, "loop");
    }

    /** From 0; counters are kept for each worker under this index. */
    public int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    /** Reusable samples. */
    public Scratch scratch() {
        return scratch;
    }
}
