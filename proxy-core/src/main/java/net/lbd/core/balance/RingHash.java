package net.lbd.core.balance;

import net.lbd.config.model.HashAffinity;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * The algorithms that hash, with {@code hash-type consistent}: the hash is looked up in a {@link Ring}. A stream without a
 * key goes by turns; one that is sent elsewhere because its server failed goes to the next server on the ring, as does one
 * whose server carries more than {@code hash-balance-factor} allows. Thread-safe: the ring is replaced as a whole.
 */
final class RingHash implements LoadBalancer {

    private final Candidates candidates;
    private final HashSource source;
    private final HashAffinity affinity;
    private final int factor;
    private final LoadBalancer turns;
    private volatile Ring ring = Ring.EMPTY;

    RingHash(Candidates candidates, HashSource source, HashAffinity affinity, int factor, LoadBalancer turns) {
        this.candidates = candidates;
        this.source = source;
        this.affinity = affinity;
        this.factor = factor;
        this.turns = turns;
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
        Ring current = ring;
        if (!current.isOf(candidates, group)) {
            current = Ring.make(candidates, group);
            ring = current;
        }
        int length = current.owners.length;
        if (length == 0) {
            return Server.NONE;
        }
        long cap = LoadCap.of(candidates, group, factor);
        int point = current.nearest((int) hash);
        Server own = current.owners[point];
        if (own != avoid && LoadCap.allows(own, cap) && Affinity.mayStay(own, affinity)) {
            return own;
        }
        for (int i = 1; i < length; i++) {
            Server other = current.owners[(point + i) % length];
            if (other != avoid && !other.isFull() && LoadCap.allows(other, cap)) {
                return other;
            }
        }
        return own;
    }
}
