package net.lbd.core.balance;

import net.lbd.config.model.HashAffinity;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * The algorithms that hash, with {@code hash-type map-based}: the hash is looked up in a {@link WeightMap}. A stream without a
 * key, and one that is sent elsewhere because its server failed, goes by turns. Thread-safe: the map is replaced as a whole.
 */
final class MapHash implements LoadBalancer {

    private final Candidates candidates;
    private final HashSource source;
    private final HashAffinity affinity;
    private final StaticRoundRobin turns;
    private volatile WeightMap map = WeightMap.EMPTY;

    MapHash(Candidates candidates, HashSource source, HashAffinity affinity) {
        this.candidates = candidates;
        this.source = source;
        this.affinity = affinity;
        this.turns = new StaticRoundRobin(candidates);
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public boolean wantsBody(Stream stream) {
        return source.wantsBody(stream);
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return Server.NONE;
        }
        long hash = source.hash(stream);
        if (hash == HashSource.ABSENT) {
            return turns.choose(stream, avoid);
        }
        WeightMap current = map;
        if (!current.isOf(candidates, group)) {
            current = WeightMap.make(candidates, group);
            map = current;
        }
        int length = current.places.length;
        if (length == 0) {
            return Server.NONE;
        }
        int place = (int) (hash % length);
        Server own = current.places[place];
        if (own == avoid) {
            return turns.choose(stream, avoid);
        }
        if (Affinity.mayStay(own, affinity)) {
            return own;
        }
        for (int i = 1; i < length; i++) {
            Server other = current.places[(place + i) % length];
            if (other != avoid && !other.isFull()) {
                return other;
            }
        }
        return own;
    }
}
