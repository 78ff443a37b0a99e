package net.lbd.core.handover;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Listening sockets of the process before this one, until somebody takes them. Used by one thread at a time.
 */
public final class ReceivedSockets {

    private final Map<String, List<Integer>> waiting = new LinkedHashMap<>();

    /** One socket: the text of its {@link net.lbd.core.listen.ListenKey}, and its descriptor. */
    public record Held(String key, int descriptor) { }

    public ReceivedSockets(List<Held> held) {
        held.forEach(socket -> waiting.computeIfAbsent(socket.key(), key -> new ArrayList<>()).add(socket.descriptor()));
    }

    /** None: an ordinary start. */
    public ReceivedSockets() {
        this(List.of());
    }

    /** The sockets of an address, of which there may be several; whoever takes them owns them. */
    public List<Integer> take(String key) {
        List<Integer> taken = waiting.remove(key);
        return taken == null ? List.of() : List.copyOf(taken);
    }

    /** Closes those that nobody has taken. */
    public void closeRest() {
        waiting.values().forEach(DescriptorPass::closeAll);
        waiting.clear();
    }
}
