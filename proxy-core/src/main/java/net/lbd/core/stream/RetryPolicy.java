package net.lbd.core.stream;

import net.lbd.config.model.RetryOn;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.ConnectionAuth;
import net.lbd.core.http.HttpMessage;

/**
 * Decides what becomes of a stream whose connection could not be made, or whose server failed it. It is
 * the only place that does. Pure decisions on the stream's state. Source: HAProxy manual, "retries",
 * "retry-on", "option redispatch"; RFC 9110 §9.2.2.
 */
final class RetryPolicy {

    private static final long TURNAROUND_MILLIS = 1000;
    private static final byte[][] IDEMPOTENT = {
        Ascii.bytes("GET"), Ascii.bytes("HEAD"), Ascii.bytes("OPTIONS"), Ascii.bytes("PUT"),
        Ascii.bytes("DELETE"), Ascii.bytes("TRACE"), Ascii.bytes("PROPFIND")
    };

    private RetryPolicy() { }

    /** What to do after a failed attempt to connect. */
    enum Next { SAME_SERVER_LATER, ELSEWHERE, GIVE_UP }

    /** The connection was refused, failed its TLS handshake, or took too long: nothing has been sent yet. */
    static void connectFailed(HttpStream stream, boolean timedOut) {
        switch (afterConnectFailure(stream)) {
            case SAME_SERVER_LATER -> { }
            case ELSEWHERE -> {
                stream.leftItsServer();
                HttpPhases.selectAgain(stream);
            }
            case GIVE_UP -> LocalAnswer.error(stream, 503,
                    timedOut ? Termination.Cause.SERVER_TIMEOUT : Termination.Cause.SERVER_ABORT,
                    Termination.Stage.CONNECT);
        }
    }

    /** Counts the failure and, if the same server is to be tried again, begins to wait for that. */
    static Next afterConnectFailure(Stream stream) {
        stream.server().state().traffic().saw(TrafficWatch.Seen.NOT_CONNECTED);
        BackendPolicy policy = stream.backend().policy();
        if (stream.retries() >= policy.retries() || !policy.retryOn().on(RetryOn.Event.CONN_FAILURE)) {
            stream.server().state().counters().connectErrors.increment();
            stream.backend().counters().connectErrors.increment();
            return Next.GIVE_UP;
        }
        boolean elsewhere = goesElsewhere(stream);
        stream.countRetry(elsewhere);
        if (elsewhere) {
            return Next.ELSEWHERE;
        }
        // The same server may be about to come back: asking at once would find it gone again.
        stream.waitForTurnaround(turnaround(policy));
        return Next.SAME_SERVER_LATER;
    }

    /**
     * {@code option redispatch}: on the retries that it names, when the server has gone down, and at once where the balancing
     * chose the server and has others, as HAProxy does.
     */
    private static boolean goesElsewhere(Stream stream) {
        BackendPolicy policy = stream.backend().policy();
        return policy.redispatchEvery() != 0 && (isRedispatch(policy, stream.retries() + 1) || !stream.server().isUsable()
                || !stream.isDirect() && !stream.backend().balancer().isKeyed() && stream.backend().usableServers() > 1);
    }

    private static boolean isRedispatch(BackendPolicy policy, int attempt) {
        int every = policy.redispatchEvery();
        return every < 0 ? attempt == policy.retries() : every > 0 && attempt % every == 0;
    }

    private static long turnaround(BackendPolicy policy) {
        long connect = policy.connectTimeoutMillis();
        return connect > 0 ? Math.min(TURNAROUND_MILLIS, connect) : TURNAROUND_MILLIS;
    }

    /** Whether a request that a server has got is to be sent again after this event. */
    static boolean repeatsOn(RetryOn.Event event, HttpStream stream) {
        return stream.backend().policy().retryOn().on(event) && mayRepeat(stream);
    }

    /** Whether a request is to be sent again that was answered with this status. */
    static boolean repeatsOn(int status, HttpStream stream) {
        return stream.backend().policy().retryOn().onStatus(status) && mayRepeat(stream);
    }

    private static boolean mayRepeat(HttpStream stream) {
        return stream.retries() < stream.backend().policy().retries() && !stream.isRetryDisabled() && stream.isRequestComplete()
                && stream.isRequestKept() && isFree(stream);
    }

    /**
     * Whether the request can go on any connection: it brings its own credentials, or none, and its connection speaks for nobody. To be asked
     * before a response that asks for a login binds the connection.
     */
    private static boolean isFree(HttpStream stream) {
        return stream.connection().filter(ServerConnection::isBound).isEmpty() || ConnectionAuth.speaksForItself(stream.request());
    }

    /** Sends the request again, at once: to the same server, or to another. */
    static void repeat(HttpStream stream) {
        stream.stopWaiting();
        boolean elsewhere = goesElsewhere(stream);
        Ending.dropConnection(stream);
        stream.response().reset();
        stream.countRetry(elsewhere);
        stream.wantFreshConnection();
        if (elsewhere) {
            stream.leftItsServer();
            HttpPhases.selectAgain(stream);
        } else {
            HttpPhases.connectAgain(stream);
        }
    }

    /**
     * Whether a request may be sent again whose connection ended before a byte of the answer: an idle
     * connection that the server had just closed, and a request that does no harm twice.
     */
    static boolean mayReplay(HttpStream stream) {
        return stream.isConnectionReused() && stream.isReplayable() && !stream.responseSide().hasAnyByte()
                && stream.retries() < Math.max(1, stream.backend().policy().retries())
                && isIdempotent(stream.request()) && isFree(stream);
    }

    private static boolean isIdempotent(HttpMessage request) {
        for (byte[] method : IDEMPOTENT) {
            if (request.methodIs(method)) {
                return true;
            }
        }
        return false;
    }
}
