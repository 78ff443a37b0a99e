package net.lbd.core.sample;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import net.lbd.core.runtime.Worker;

/**
 * A reusable object for each event loop, such as a regex matcher or a message digest, made at its first
 * use there. Thread-safe: a slot is read and written by its own loop only; growing is locked.
 */
public final class PerWorker<T> {

    private final Supplier<T> maker;
    private volatile Object[] slots = new Object[8];

    public PerWorker(Supplier<T> maker) {
        this.maker = Objects.requireNonNull(maker, "maker");
    }

    /** The object of this worker. */
    @SuppressWarnings("unchecked")
    public T get(Worker worker) {
        int index = worker.index();
        Object[] current = slots;
        if (index < current.length && current[index] != null) {
            return (T) current[index];
        }
        return make(index);
    }

    private synchronized T make(int index) {
        T made = maker.get();
        // A copy, because another loop may be reading the old array.
        Object[] copy = Arrays.copyOf(slots, Math.max(slots.length, index + 1));
        copy[index] = made;
        slots = copy;
        return made;
    }
}
