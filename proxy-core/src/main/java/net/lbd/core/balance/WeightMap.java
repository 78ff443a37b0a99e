package net.lbd.core.balance;

import java.util.Arrays;
import net.lbd.core.backend.Server;

/**
 * Every server that stands for choice, as often as its weight is, in an order that mixes them: what {@code static-rr}
 * walks through and {@code hash-type map-based} looks a hash up in. Immutable.
 *
 * <p>Found by watching HAProxy: at each place all servers gain their weight; the one that has the most whole sums of the
 * weights gets the place, of equals the first, and pays that sum. Weights are those of the configuration: both
 * algorithms are static.
 */
final class WeightMap implements HashPlaces {

    static final WeightMap EMPTY = new WeightMap(new Server[0], new boolean[0]);

    final Server[] places;
    /** Who took part when it was made. */
    private final boolean[] taking;

    private WeightMap(Server[] places, boolean[] taking) {
        this.places = places;
        this.taking = taking;
    }

    @Override
    public Server[] owners() {
        return places;
    }

    @Override
    public int find(int hash) {
        return Integer.remainderUnsigned(hash, places.length);
    }

    @Override
    public boolean isOf(Candidates candidates, int group) {
        if (taking.length != candidates.servers.length) {
            return false;
        }
        for (int i = 0; i < taking.length; i++) {
            if (taking[i] != takes(candidates, group, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean takes(Candidates candidates, int group, int i) {
        return candidates.isIn(group, i) && candidates.servers[i].configuredWeight() > 0;
    }

    static WeightMap make(Candidates candidates, int group) {
        int n = candidates.servers.length;
        boolean[] taking = new boolean[n];
        int[] weights = new int[n];
        int sum = 0;
        for (int i = 0; i < n; i++) {
            taking[i] = takes(candidates, group, i);
            weights[i] = taking[i] ? candidates.servers[i].configuredWeight() : 0;
            sum += weights[i];
        }
        // A common divisor changes nothing but the length.
        int divisor = Arrays.stream(weights).reduce(0, WeightMap::gcd);
        Server[] places = new Server[divisor == 0 ? 0 : sum / divisor];
        int[] gained = new int[n];
        for (int place = 0; place < places.length; place++) {
            int best = -1;
            for (int i = 0; i < n; i++) {
                if (weights[i] > 0) {
                    gained[i] += weights[i];
                    if (best < 0 || Math.floorDiv(gained[i], sum) > Math.floorDiv(gained[best], sum)) {
                        best = i;
                    }
                }
            }
            gained[best] -= sum;
            places[place] = candidates.servers[best];
        }
        return new WeightMap(places, taking);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
