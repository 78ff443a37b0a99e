package net.lbd.core.sample;

import java.util.ArrayDeque;

/**
 * The reusable samples and byte sinks of one event loop. What is taken must be given back in the same
 * call; nesting is allowed. Event-loop confined.
 */
public final class Scratch {

    private final ArrayDeque<Sample> free = new ArrayDeque<>();
    private final ArrayDeque<ByteSink> freeSinks = new ArrayDeque<>();
    private final DateCache dates = new DateCache();

    public Sample take() {
        Sample sample = free.pollLast();
        return sample != null ? sample : new Sample();
    }

    public void give(Sample sample) {
        free.addLast(sample);
    }

    /** An empty sink. */
    public ByteSink takeSink() {
        ByteSink sink = freeSinks.pollLast();
        return sink != null ? sink : new ByteSink();
    }

    public void giveSink(ByteSink sink) {
        if (sink.bytes().length <= ByteSink.KEPT_BYTES) {
            sink.clear();
            freeSinks.addLast(sink);
        }
    }

    /** The dates that were written last. */
    public DateCache dates() {
        return dates;
    }
}
