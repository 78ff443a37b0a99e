package net.lbd.core.stream;

import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;

/**
 * Decides what becomes of a stream whose connection could not be made, or died before any answer. It is
 * the only place that does. Pure decisions on the stream's state. Source: HAProxy manual, "retries",
 * "option redispatch"; RFC 9110 §9.2.2.
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
        stream.server().state().counters().connectErrors.increment();
        stream.server().state().traffic().saw(TrafficWatch.Seen.NOT_CONNECTED);
        stream.backend().counters().connectErrors.increment();
        BackendPolicy policy = stream.backend().policy();
        if (stream.retries() >= policy.retries()) {
            return Next.GIVE_UP;
        }
        boolean elsewhere = isRedispatch(policy, stream.retries() + 1)
                || policy.redispatchEvery() != 0 && !stream.server().isUsable();
        stream.countRetry(elsewhere);
        if (elsewhere) {
            return Next.ELSEWHERE;
        }
        // The same server may be about to come back: asking at once would find it gone again.
        stream.waitForTurnaround(turnaround(policy));
        return Next.SAME_SERVER_LATER;
    }

    private static boolean isRedispatch(BackendPolicy policy, int attempt) {
        int every = policy.redispatchEvery();
        return every < 0 ? attempt == policy.retries() : every > 0 && attempt % every == 0;
    }

    private static long turnaround(BackendPolicy policy) {
        long connect = policy.connectTimeoutMillis();
        return connect > 0 ? Math.min(TURNAROUND_MILLIS, connect) : TURNAROUND_MILLIS;
    }

    /**
     * Whether a request may be sent again whose connection ended before a byte of the answer: an idle
     * connection that the server had just closed, and a request that does no harm twice.
     */
    static boolean mayReplay(HttpStream stream) {
        return stream.isConnectionReused() && stream.isReplayable() && !stream.responseSide().hasAnyByte()
                && stream.retries() < Math.max(1, stream.backend().policy().retries())
                && isIdempotent(stream.request());
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
