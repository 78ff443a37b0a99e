package net.lbd.core.balance;

import java.util.Comparator;
import java.util.List;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance first}: the first server that has a place free, in the order of their ids. Weights do not count.
 * Thread-safe: it holds no state.
 */
final class FirstServer implements LoadBalancer {

    private final Candidates candidates;

    FirstServer(List<Server> servers, boolean allBackups) {
        this.candidates = new Candidates(servers.stream().sorted(Comparator.comparingInt(Server::id)).toList(), allBackups);
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        return group == Candidates.NOBODY ? Server.NONE : candidates.first(stream, avoid, group, candidates.servers.length, i -> i);
    }
}
