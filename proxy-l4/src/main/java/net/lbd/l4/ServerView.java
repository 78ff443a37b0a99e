package net.lbd.l4;

import net.lbd.l4.rules.ServerPlan;

/**
 * A server as whoever checks and administers it sees it; asked by the control thread, ten times a second. Implementations are
 * thread-safe.
 */
public interface ServerView {

    String name();

    /** The share of new connections, in any unit that all servers of the director have in common. */
    int weight();

    ServerPlan.Standing standing();

    /** The weight and the state as people know them, such as {@code 10} and {@code MAINT}. */
    int shownWeight();

    String shownState();

    /** Whether it takes connections only when no other does. */
    boolean isSorry();

    /** Learns what the kernel has counted since the last call, and how many connections there are now. */
    void count(Traffic traffic);
}
