package net.lbd.core.balance;

import java.util.Arrays;
import net.lbd.core.backend.Server;
import net.lbd.core.sample.Hashes;

/**
 * The circle of {@code hash-type consistent}: each server has sixteen points on it for each unit of its weight, and a
 * hash belongs to the point that is nearest on either side. Immutable.
 *
 * <p>Found by watching HAProxy: point n of the server with id i lies at the avalanche of 4096 i + n; of two that are as
 * near, the lower one counts. Thus a server that comes or goes, or changes its weight, moves only its own share.
 */
final class Ring implements HashPlaces {

    private static final int POINTS_OF_A_SERVER = 4096;

    /** The effective weights that it was made of; 0 for who takes no part. */
    private final int[] weights;
    /** Sorted, without sign. */
    private final int[] points;
    private final Server[] owners;

    private Ring(int[] weights, int[] points, Server[] owners) {
        this.weights = weights;
        this.points = points;
        this.owners = owners;
    }

    @Override
    public Server[] owners() {
        return owners;
    }

    @Override
    public boolean isOf(Candidates candidates, int group) {
        if (weights.length != candidates.servers.length) {
            return false;
        }
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != (candidates.isIn(group, i) ? candidates.servers[i].effectiveWeight() : 0)) {
                return false;
            }
        }
        return true;
    }

    static Ring make(Candidates candidates, int group) {
        int n = candidates.servers.length;
        int[] weights = new int[n];
        int sum = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = candidates.isIn(group, i) ? candidates.servers[i].effectiveWeight() : 0;
            sum += Math.min(weights[i], POINTS_OF_A_SERVER);
        }
        long[] placed = new long[sum];
        int used = 0;
        for (int i = 0; i < n; i++) {
            int first = candidates.servers[i].hashBase();
            for (int point = 0; point < Math.min(weights[i], POINTS_OF_A_SERVER); point++) {
                placed[used++] = (Hashes.avalanche(first + point) & 0xffff_ffffL) << 20 | i;
            }
        }
        Arrays.sort(placed);
        int[] points = new int[sum];
        Server[] owners = new Server[sum];
        for (int i = 0; i < sum; i++) {
            points[i] = (int) (placed[i] >>> 20);
            owners[i] = candidates.servers[(int) (placed[i] & 0xfffff)];
        }
        return new Ring(weights, points, owners);
    }

    @Override
    public int find(int hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Integer.compareUnsigned(points[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int next = low == points.length ? 0 : low;
        int previous = low == 0 ? points.length - 1 : low - 1;
        return Integer.compareUnsigned(hash - points[previous], points[next] - hash) <= 0 ? previous : next;
    }
}
