package net.lbd.core.balance;

import java.util.Arrays;
import java.util.Comparator;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance roundrobin}: each server in turn, as often as its weight says, and spread out rather
 * than in a row. Thread-safe: a choice is made under the lock of this object, which is held for a walk
 * over the servers.
 *
 * <p>The order is HAProxy's, found by watching it. Time is counted in choices. Servers that have not had
 * a turn wait, the heaviest first; whoever has had one comes again after (sum of weights) / (own weight)
 * choices, fractions carried on. At each choice the one that is due goes first, of several the one that
 * was placed last; when nobody is due, the next one that waits gets the gap. A round is over when all
 * that were due in it have had their turns. Three servers of weights 1, 2 and 3 thus come as 323132, of
 * 5, 1 and 1 as 1112113, equal ones in the order of the file. Whenever a server comes or goes the order
 * begins anew with the servers that are left. <em>Difference:</em> weights whose quotients are all
 * uneven, such as 3, 5 and 7, are served as often but in part in another order.
 *
 * <p>A server that is full or to be avoided loses its turn.
 */
final class RoundRobin implements LoadBalancer {

    /** One server's place in the order. */
    private static final class Place {
        final Server server;
        final int weight;
        /** The choice at which it is due; it counts only once {@link #placed}. */
        long due;
        /** The fraction carried on, in parts of the weight. */
        int carried;
        boolean placed;
        long placedAt;
        boolean passedOver;

        Place(Server server, int weight) {
            this.server = server;
            this.weight = weight;
        }
    }

    private final Candidates candidates;
    /** The effective weights that {@link #places} was made of; 0 for who takes no part. */
    private final int[] taking;
    private Place[] places = {};
    private long weights;
    private long now;
    private long roundEnd;

    RoundRobin(Candidates candidates) {
        this.candidates = candidates;
        this.taking = new int[candidates.servers.length];
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        return group == Candidates.NOBODY ? Server.NONE : chooseFrom(group, avoid);
    }

    private synchronized Server chooseFrom(int group, Server avoid) {
        if (hasChanged(group)) {
            begin();
        }
        for (Place place : places) {
            place.passedOver = false;
        }
        Server last = Server.NONE;
        for (int left = places.length; left > 0; left--) {
            Place place = next();
            if (place.server.isFull()) {
                place.passedOver = true;
            } else if (place.server == avoid) {
                place.passedOver = true;
                last = avoid;
            } else {
                return place.server;
            }
        }
        return last;
    }

    private boolean hasChanged(int group) {
        boolean changed = false;
        for (int i = 0; i < taking.length; i++) {
            int weight = candidates.isIn(group, i) ? candidates.servers[i].effectiveWeight() : 0;
            if (weight != taking[i]) {
                taking[i] = weight;
                changed = true;
            }
        }
        return changed;
    }

    private void begin() {
        // Whole weights give HAProxy's order; parts of them count only while a server takes its load up slowly.
        int unit = 1;
        if (Arrays.stream(taking).allMatch(weight -> weight % Server.WEIGHT_PARTS == 0)) {
            unit = Server.WEIGHT_PARTS;
        }
        Place[] fresh = new Place[taking.length];
        int n = 0;
        weights = 0;
        for (int i = 0; i < taking.length; i++) {
            if (taking[i] > 0) {
                fresh[n++] = new Place(candidates.servers[i], taking[i] / unit);
                weights += taking[i] / unit;
            }
        }
        places = Arrays.copyOf(fresh, n);
        // Stable: equal weights stay in the order of the file.
        Arrays.sort(places, Comparator.comparingInt((Place p) -> -p.weight));
        now = 0;
        roundEnd = weights;
    }

    /** Whose turn it is among those not passed over; moves it to its next turn. */
    private Place next() {
        while (true) {
            Place due = null;
            Place first = null;
            boolean left = false;
            for (Place place : places) {
                if (!place.placed) {
                    if (!place.passedOver && first == null) {
                        first = place;
                    }
                } else if (place.due < roundEnd) {
                    left |= !place.passedOver;
                    if (!place.passedOver && (due == null || isBefore(place, due))) {
                        due = place;
                    }
                }
            }
            if (due != null && (due.due <= now || first == null)) {
                return advance(due);
            }
            if (first != null) {
                first.due = now;
                first.placed = true;
                return advance(first);
            }
            if (!left) {
                roundEnd += weights;
            }
        }
    }

    private static boolean isBefore(Place a, Place b) {
        return a.due != b.due ? a.due < b.due : a.placedAt > b.placedAt;
    }

    private Place advance(Place place) {
        int weight = place.weight;
        place.due += weights / weight;
        place.carried += (int) (weights % weight);
        if (place.carried >= weight) {
            place.carried -= weight;
            place.due++;
        }
        place.placedAt = ++now;
        return place;
    }
}
