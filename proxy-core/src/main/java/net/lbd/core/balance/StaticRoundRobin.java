package net.lbd.core.balance;

import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance static-rr}: walks through a {@link WeightMap}, which is made anew when a server comes or goes. A
 * server that is full or to be avoided loses its turn. Thread-safe: one counter, and a map that is replaced as a whole.
 */
final class StaticRoundRobin implements LoadBalancer {

    private final Candidates candidates;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile WeightMap map = WeightMap.EMPTY;

    StaticRoundRobin(Candidates candidates) {
        this.candidates = candidates;
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return Server.NONE;
        }
        WeightMap current = map;
        if (!current.isOf(candidates, group)) {
            current = WeightMap.make(candidates, group);
            map = current;
            turns.set(0);
        }
        Server last = Server.NONE;
        for (int left = current.places.length; left > 0; left--) {
            Server server = current.places[Math.floorMod(turns.getAndIncrement(), current.places.length)];
            if (!server.isFull() && server.isUsable()) {
                if (server != avoid) {
                    return server;
                }
                last = avoid;
            }
        }
        return last;
    }
}
