package net.lbd.core.stream;

import io.netty.channel.Channel;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.Session;

/**
 * The state of one exchange, as rules, balancing and logs see it; HTTP and TCP streams add what is
 * theirs. State only: what happens to it is decided by the phases. Event-loop confined.
 */
public abstract class Stream {

    protected final Session session;
    protected final StreamClock clock = new StreamClock();
    protected final Termination termination = new Termination();
    protected Backend backend;
    protected Server server = Server.NONE;
    protected int retries;
    protected boolean redispatched;
    protected long bytesFromClient;
    protected long bytesToClient;
    /** Streams waiting before this one when it was queued. */
    protected int serverQueuePosition;
    protected int backendQueuePosition;

    protected Stream(Session session) {
        this.session = Objects.requireNonNull(session, "session");
        this.backend = session.frontend().withoutBackend();
    }

    public final Session session() {
        return session;
    }

    public final Worker worker() {
        return session.worker();
    }

    public final Frontend frontend() {
        return session.frontend();
    }

    /** The backend chosen; before that a stand-in with the frontend's name. */
    public final Backend backend() {
        return backend;
    }

    public final void setBackend(Backend chosen) {
        backend = Objects.requireNonNull(chosen, "chosen");
    }

    /** The server chosen, or {@link Server#NONE}. */
    public final Server server() {
        return server;
    }

    public final void setServer(Server chosen) {
        server = Objects.requireNonNull(chosen, "chosen");
    }

    public final StreamClock clock() {
        return clock;
    }

    public final Termination termination() {
        return termination;
    }

    /** Attempts to connect after the first. */
    public final int retries() {
        return retries;
    }

    /** Whether a retry went to another server than the one first chosen. */
    public final boolean isRedispatched() {
        return redispatched;
    }

    /** Bytes read from the client, heads included. */
    public final long bytesFromClient() {
        return bytesFromClient;
    }

    /** Bytes sent to the client, heads included. */
    public final long bytesToClient() {
        return bytesToClient;
    }

    public final int serverQueuePosition() {
        return serverQueuePosition;
    }

    public final int backendQueuePosition() {
        return backendQueuePosition;
    }

    /** Whether this is an HTTP exchange. */
    public abstract boolean isHttp();

    /** The request; one that is not {@linkplain HttpMessage#isPresent present} if none was read, or for TCP. */
    public abstract HttpMessage request();

    /** The response; one that is not {@linkplain HttpMessage#isPresent present} if none was read, or for TCP. */
    public abstract HttpMessage response();

    /** The status sent to the client; -1 for none. */
    public abstract int status();

    /**
     * What the n-th {@code capture request header} line of the frontend kept: the array is reused by the
     * next stream of the session. Its length is in {@link #requestCaptureLength}.
     */
    public abstract byte[] requestCapture(int n);

    /** -1: the request had no such header. */
    public abstract int requestCaptureLength(int n);

    public abstract byte[] responseCapture(int n);

    public abstract int responseCaptureLength(int n);

    /** The connection to the server, if there is one: for {@code %bi} and {@code bc_src}. */
    public abstract Optional<Channel> serverChannel();
}
