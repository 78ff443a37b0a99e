package net.lbd.core.stats;

/** How long the streams of a backend or a server took, stage by stage. Thread-safe. */
public final class StreamTimes {

    public final TimeAverage queue = new TimeAverage();
    public final TimeAverage connect = new TimeAverage();
    /** From the connection to the head of the response. */
    public final TimeAverage response = new TimeAverage();
    /** Without the time in which a client's connection rested. */
    public final TimeAverage total = new TimeAverage();

    void clearMax() {
        queue.clearMax();
        connect.clearMax();
        response.clearMax();
        total.clearMax();
    }

    void clear() {
        queue.clear();
        connect.clear();
        response.clear();
        total.clear();
    }
}
