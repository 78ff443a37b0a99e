package net.lbd.core.sample;

import java.util.ArrayDeque;

/**
 * The reusable samples of one event loop. What is taken must be given back in the same call; nesting
 * is allowed. Event-loop confined.
 */
public final class Scratch {

    private final ArrayDeque<Sample> free = new ArrayDeque<>();

    public Sample take() {
        Sample sample = free.pollLast();
        return sample != null ? sample : new Sample();
    }

    public void give(Sample sample) {
        free.addLast(sample);
    }
}
