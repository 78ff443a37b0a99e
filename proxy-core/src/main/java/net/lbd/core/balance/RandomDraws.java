package net.lbd.core.balance;

import java.util.concurrent.ThreadLocalRandom;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance random}: draws servers at random, by their weights, and takes the one with the fewest connections for its
 * weight. Thread-safe: it holds no state.
 */
final class RandomDraws implements LoadBalancer {

    private final Candidates candidates;
    private final int draws;
    private final int factor;

    /**
     * @param draws of one choice
     * @param factor a server's share of the load at most, in percent of the average; 0: any
     */
    RandomDraws(Candidates candidates, int draws, int factor) {
        this.candidates = candidates;
        this.draws = draws;
        this.factor = factor;
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return Server.NONE;
        }
        long cap = LoadCap.of(candidates, group, factor);
        long sum = sum(stream, group, avoid, cap);
        if (sum == 0 && cap != LoadCap.NONE) {
            // All are above the average at once, as loads change under our eyes.
            cap = LoadCap.NONE;
            sum = sum(stream, group, avoid, cap);
        }
        if (sum == 0) {
            return failedIfNoOther(stream, group, avoid);
        }
        Server best = Server.NONE;
        for (int i = 0; i < draws; i++) {
            Server drawn = draw(stream, group, avoid, cap, ThreadLocalRandom.current().nextLong(sum));
            if (best == Server.NONE || drawn != Server.NONE && isLighter(drawn, best)) {
                best = drawn;
            }
        }
        // Nobody was drawn if the one drawn filled up meanwhile: whoever has room does.
        return best != Server.NONE ? best : draw(stream, group, avoid, LoadCap.NONE, 0);
    }

    private Server failedIfNoOther(Stream stream, int group, Server avoid) {
        Server last = Server.NONE;
        for (int i = 0; i < candidates.servers.length; i++) {
            Server server = candidates.servers[i];
            if (candidates.isIn(group, i) && !server.isFull()) {
                if (stream.hasFailedOn(server)) {
                    return server;
                }
                last = server == avoid ? avoid : last;
            }
        }
        return last;
    }

    private boolean stands(Stream stream, int group, int i, Server avoid, long cap) {
        Server server = candidates.servers[i];
        return server != avoid && !stream.hasFailedOn(server) && candidates.isIn(group, i) && !server.isFull() && LoadCap.allows(server, cap);
    }

    private long sum(Stream stream, int group, Server avoid, long cap) {
        long sum = 0;
        for (int i = 0; i < candidates.servers.length; i++) {
            if (stands(stream, group, i, avoid, cap)) {
                sum += candidates.servers[i].weight();
            }
        }
        return sum;
    }

    private Server draw(Stream stream, int group, Server avoid, long cap, long ticket) {
        long left = ticket;
        for (int i = 0; i < candidates.servers.length; i++) {
            if (stands(stream, group, i, avoid, cap)) {
                left -= candidates.servers[i].weight();
                if (left < 0) {
                    return candidates.servers[i];
                }
            }
        }
        return Server.NONE;
    }

    private static boolean isLighter(Server a, Server b) {
        return (long) a.load() * b.weight() < (long) b.load() * a.weight();
    }
}
