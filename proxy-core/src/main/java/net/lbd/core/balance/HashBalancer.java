package net.lbd.core.balance;

import net.lbd.config.model.HashAffinity;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * The algorithms that hash: the hash is looked up in places that {@code hash-type} lays out. A stream without a key goes by turns. One
 * that is sent elsewhere because its server failed goes by turns where places are {@code map-based}, and to the next one on the ring where
 * they are {@code consistent}; so does one whose server carries more than {@code hash-balance-factor} allows. Thread-safe: the places are
 * replaced as a whole.
 */
final class HashBalancer implements LoadBalancer {

    private final Candidates candidates;
    private final HashSource source;
    private final HashAffinity affinity;
    private final HashPlaces.Layout layout;
    private final int factor;
    private final boolean avoidsByTurns;
    private final LoadBalancer turns;
    private volatile HashPlaces places = HashPlaces.NONE;

    private HashBalancer(Candidates candidates, HashSource source, HashAffinity affinity, HashPlaces.Layout layout, int factor,
            boolean avoidsByTurns, LoadBalancer turns) {
        this.candidates = candidates;
        this.source = source;
        this.affinity = affinity;
        this.layout = layout;
        this.factor = factor;
        this.avoidsByTurns = avoidsByTurns;
        this.turns = turns;
    }

    /** {@code hash-type map-based}. */
    static HashBalancer mapBased(Candidates candidates, HashSource source, HashAffinity affinity) {
        return new HashBalancer(candidates, source, affinity, WeightMap::make, 0, true, new StaticRoundRobin(candidates));
    }

    /** {@code hash-type consistent}. @param factor {@code hash-balance-factor} in per cent; 0: none */
    static HashBalancer consistent(Candidates candidates, HashSource source, HashAffinity affinity, int factor) {
        return new HashBalancer(candidates, source, affinity, Ring::make, factor, false, new RoundRobin(candidates));
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
        HashPlaces current = places;
        if (!current.isOf(candidates, group)) {
            current = layout.make(candidates, group);
            places = current;
        }
        Server[] owners = current.owners();
        return owners.length == 0 ? Server.NONE : choose(stream, avoid, owners, current.find((int) hash), LoadCap.of(candidates, group, factor));
    }

    private Server choose(Stream stream, Server avoid, Server[] owners, int place, long cap) {
        Server own = owners[place];
        boolean failed = own == avoid || stream.hasFailedOn(own);
        if (failed && avoidsByTurns) {
            return turns.choose(stream, avoid);
        }
        if (!failed && LoadCap.allows(own, cap) && Affinity.mayStay(own, affinity)) {
            return own;
        }
        for (int i = 1; i < owners.length; i++) {
            Server other = owners[(place + i) % owners.length];
            if (other != avoid && !stream.hasFailedOn(other) && !other.isFull() && LoadCap.allows(other, cap)) {
                return other;
            }
        }
        return own;
    }
}
