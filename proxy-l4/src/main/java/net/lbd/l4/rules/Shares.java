package net.lbd.l4.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shares of new connections as slots: each leads to a server, and slots are taken in turn or by a hash. Immutable.
 */
final class Shares {

    /** A prime, so that no pattern of addresses falls on one part of the slots. */
    static final int HASH_SLOTS = 251;
    /** Fixed: the same client gets the same slot after every change, and on the partner of a pair. */
    static final String SEED = "0x6c6264";

    private static final int LEASTCONN_SLOTS = 32;
    private static final int MOST_SLOTS = 2048;

    private final List<ServerPlan> slots;

    private Shares(List<ServerPlan> slots) {
        this.slots = slots;
    }

    static Shares slots(DirectorPlan director, List<ServerPlan> takers) {
        return new Shares(switch (director.spec().balance()) {
            case ROUNDROBIN -> inTurn(takers);
            case LEASTCONN -> leastLoaded(takers, director.opened());
            case SOURCE, SRCDST -> hashed(takers);
        });
    }

    int size() {
        return slots.size();
    }

    List<ServerPlan> list() {
        return slots;
    }

    /** {@code { 0 : goto s_1, … }}. */
    String map(String prefix) {
        StringBuilder out = new StringBuilder("{ ");
        for (int i = 0; i < slots.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(i).append(" : goto ").append(prefix).append(slots.get(i).id());
        }
        return out.append(" }").toString();
    }

    /** Where a connection goes that finds no slot: the server with the least load for its weight. */
    static ServerPlan best(List<ServerPlan> takers) {
        ServerPlan best = takers.get(0);
        for (ServerPlan other : takers) {
            if ((double) (other.active() + 1) / other.weight() < (double) (best.active() + 1) / best.weight()) {
                best = other;
            }
        }
        return best;
    }

    /** Each as often as its weight says, evenly mixed. */
    private static List<ServerPlan> inTurn(List<ServerPlan> takers) {
        int divisor = 0;
        long sum = 0;
        for (ServerPlan server : takers) {
            divisor = gcd(divisor, server.weight());
            sum += server.weight();
        }
        double scale = Math.min(1.0 / divisor, (double) Math.max(MOST_SLOTS, takers.size()) / sum);
        int[] weights = takers.stream().mapToInt(s -> Math.max(1, (int) Math.round(s.weight() * scale))).toArray();
        int total = Arrays.stream(weights).sum();
        int[] credit = new int[weights.length];
        List<ServerPlan> slots = new ArrayList<>(total);
        for (int i = 0; i < total; i++) {
            int chosen = 0;
            for (int s = 0; s < weights.length; s++) {
                credit[s] += weights[s];
                if (credit[s] > credit[chosen]) {
                    chosen = s;
                }
            }
            credit[chosen] -= total;
            slots.add(takers.get(chosen));
        }
        return slots;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Gives out what is expected until the next time, each part to whoever has the least for its weight then. */
    private static List<ServerPlan> leastLoaded(List<ServerPlan> takers, long expected) {
        int count = Math.min(MOST_SLOTS, Math.max(LEASTCONN_SLOTS, 2 * takers.size()));
        double part = Math.max(1.0, (double) expected / count);
        double[] load = takers.stream().mapToDouble(ServerPlan::active).toArray();
        List<ServerPlan> slots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int chosen = 0;
            for (int s = 1; s < load.length; s++) {
                if ((load[s] + part) / takers.get(s).weight() < (load[chosen] + part) / takers.get(chosen).weight()) {
                    chosen = s;
                }
            }
            load[chosen] += part;
            slots.add(takers.get(chosen));
        }
        return slots;
    }

    /** Rendezvous hashing: a server that goes gives its slots to the others, and no other slot moves. */
    private static List<ServerPlan> hashed(List<ServerPlan> takers) {
        List<ServerPlan> slots = new ArrayList<>(HASH_SLOTS);
        for (int slot = 0; slot < HASH_SLOTS; slot++) {
            ServerPlan chosen = takers.get(0);
            double most = Double.NEGATIVE_INFINITY;
            for (ServerPlan server : takers) {
                // By address and port, which both machines of a pair have in common.
                long hash = mix(server.address().hashCode() * 31L + server.port().orElse(0), slot);
                double score = -server.weight() / Math.log((hash >>> 11) * 0x1.0p-53 + 0x1.0p-54);
                if (score > most) {
                    most = score;
                    chosen = server;
                }
            }
            slots.add(chosen);
        }
        return slots;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long server, int slot) {
        long z = server * 0x9E3779B97F4A7C15L + slot * 0xD1B54A32D192ED03L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
