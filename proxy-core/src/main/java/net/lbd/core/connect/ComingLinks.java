package net.lbd.core.connect;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.Ways;

/**
 * The connections of one worker that are being made and that streams wait for together, and what is known of the servers
 * from those made before. Event-loop confined.
 */
final class ComingLinks {

    /** What a server did when it was last connected to. */
    private record Habit(boolean prefersHttp1, int streams) { }

    private final Map<ServerState, List<ComingLink>> byState = new IdentityHashMap<>();
    private final Map<ServerState, Habit> habits = new IdentityHashMap<>();

    /** One for which the stream may wait. */
    Optional<ComingLink> find(ComingLink.Waiter waiter) {
        List<ComingLink> links = byState.getOrDefault(waiter.route().server().state(), List.of());
        for (int i = 0; i < links.size(); i++) {
            if (links.get(i).takes(waiter)) {
                return Optional.of(links.get(i));
            }
        }
        return Optional.empty();
    }

    void add(ComingLink link) {
        byState.computeIfAbsent(link.server().state(), s -> new ArrayList<>(1)).add(link);
    }

    /** It takes nobody any more; removing it again does nothing. */
    void remove(ComingLink link) {
        byState.computeIfPresent(link.server().state(), (s, links) -> {
            links.remove(link);
            return links.isEmpty() ? null : links;
        });
    }

    /** Whether a new connection may come to carry several streams, by all that is known of the server. */
    boolean mayCarryStreams(Server server, Ways.Way way) {
        return switch (way.version()) {
            case HTTP_1 -> false;
            case HTTP_2 -> true;
            case AGREED -> {
                Habit habit = habits.get(server.state());
                yield habit == null || !habit.prefersHttp1;
            }
        };
    }

    /** How many streams a new connection of this server will probably carry, {@code most} if that is not known. */
    int streamsOf(Server server, int most) {
        Habit habit = habits.get(server.state());
        return habit == null || habit.prefersHttp1 ? most : habit.streams;
    }

    /** TLS agreed on HTTP/1 with a server that was offered HTTP/2. */
    void learnHttp1(Server server) {
        habits.put(server.state(), new Habit(true, 0));
    }

    /** A server speaks HTTP/2, and takes so many streams on a connection. */
    void learnHttp2(Server server, int streams) {
        habits.put(server.state(), new Habit(false, Math.max(1, streams)));
    }

    /** The servers may have changed, and some may be gone. */
    void forgetHabits() {
        habits.clear();
    }
}
