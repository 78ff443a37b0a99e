package net.lbd.core.stream;

/** Waits for a place when every usable server is full; for {@code timeout queue} at most. */
final class Queueing implements Phase {

    @Override
    public Verdict run(HttpStream stream) {
        if (stream.hasServer()) {
            stream.clock().assigned = stream.worker().nanos();
            return Verdict.CONTINUE;
        }
        stream.enqueue();
        return Verdict.YIELD;
    }
}
