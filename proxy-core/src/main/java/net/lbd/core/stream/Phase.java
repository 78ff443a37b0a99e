package net.lbd.core.stream;

/**
 * One step of an HTTP exchange. Stateless: all it knows is in the stream. Runs on the stream's loop and
 * never blocks; a phase that must wait answers {@link Verdict#YIELD} and has arranged for {@link
 * HttpPhases#resume}.
 */
interface Phase {
    Verdict run(HttpStream stream);
}
