package net.lbd.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that a {@link ScriptedOrigin} accepted. See {@link Wire} for what a script can say. */
public final class OriginConnection extends Wire {

    private final int index;
    private final List<ReceivedMessage> requests = new CopyOnWriteArrayList<>();

    OriginConnection(int index, WatchedSocket transport, Socket stream) throws IOException {
        super("origin connection " + index, transport, stream);
        this.index = index;
    }

    /** Which connection of its origin this is, from 0. */
    public int index() {
        return index;
    }

    @Override
    public ReceivedMessage readRequest() {
        ReceivedMessage request = super.readRequest();
        requests.add(request);
        return request;
    }

    /** The requests read so far; any thread. */
    public List<ReceivedMessage> requests() {
        return List.copyOf(requests);
    }

    /** Waits until the peer closes and throws away what it still sends: an origin that hangs. */
    public void hang() {
        while (hasMore()) {
            readAvailable();
        }
    }
}
