package net.lbd.core.stream;

import net.lbd.core.backend.TrafficWatch;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.RetryOn.Event;
import net.lbd.config.model.StickDataType;
import net.lbd.core.connect.ServerConnection;

/**
 * The ways in which an exchange ends: what becomes of the two connections, and the log line. Each
 * exchange ends once. Static steps on the stream's state.
 */
final class Ending {

    private Ending() { }

    /** The whole response has been handed to the client's socket; the request may still be on its way. */
    static void responseDone(HttpStream stream) {
        if (stream.isRequestComplete()) {
            complete(stream, stream.responseSide().staysClientOpen());
        } else {
            // The server may want the rest of the request: it goes on until one side has enough.
            stream.client().clientTurn();
        }
    }

    /** The rest of a request has been sent whose response had ended before. */
    static void requestDone(HttpStream stream) {
        if (stream.responseSide().isDone()) {
            complete(stream, stream.responseSide().staysClientOpen());
        }
    }

    /** The server closed after its response, while the client still sends the request: nobody wants the rest. */
    static void serverGoneBehindResponse(HttpStream stream) {
        complete(stream, false);
    }

    /** An exchange that ended in order. */
    static void complete(HttpStream stream, boolean keepAlive) {
        if (!stream.isActive()) {
            return;
        }
        stream.abandonWaits();
        boolean reusable = stream.responseSide().isServerReusable() && stream.isRequestComplete()
                && stream.connectionMode() == ConnectionMode.KEEP_ALIVE;
        settle(stream, reusable, true);
        log(stream);
        stream.client().exchangeEnded(keepAlive);
    }

    /** The client is gone: nothing can be sent to it any more. */
    static void clientLeft(HttpStream stream, Termination.Cause cause) {
        if (!stream.isActive()) {
            return;
        }
        stream.termination().set(cause, stream.stage());
        if (cause == Termination.Cause.CLIENT_ABORT) {
            StreamAccounting.clientAborted(stream);
        }
        stream.abandonWaits();
        // A tunnel's bytes that came before the client left are still the server's; a request in parts is of no use.
        settle(stream, false, stream.responseSide().isTunnel());
        log(stream);
    }

    /** The client is forgotten without a word. */
    static void drop(HttpStream stream) {
        if (!stream.isActive()) {
            return;
        }
        stream.abandonWaits();
        settle(stream, false, false);
        log(stream);
        stream.client().closeSilently();
    }

    /** The response cannot be finished: the client must see that it was cut, not take it for complete. */
    static void cut(HttpStream stream) {
        if (!stream.isActive()) {
            return;
        }
        stream.abandonWaits();
        settle(stream, false, false);
        log(stream);
        stream.client().closeAbruptly();
    }

    /** The server closed its connection without a whole response head. */
    static void noAnswer(HttpStream stream) {
        if (RetryPolicy.mayReplay(stream)) {
            stream.stopWaiting();
            dropConnection(stream);
            stream.response().reset();
            stream.countRetry(false);
            stream.wantFreshConnection();
            HttpPhases.connectAgain(stream);
            return;
        }
        if (RetryPolicy.repeatsOn(stream.responseSide().hasAnyByte() ? Event.JUNK_RESPONSE : Event.EMPTY_RESPONSE, stream)) {
            stream.server().state().traffic().saw(TrafficWatch.Seen.NO_ANSWER);
            RetryPolicy.repeat(stream);
            return;
        }
        stream.server().state().counters().responseErrors.increment();
        stream.server().state().traffic().saw(TrafficWatch.Seen.NO_ANSWER);
        boolean reused = stream.isConnectionReused() && !stream.responseSide().hasAnyByte();
        if (reused && stream.session().requests() > 1) {
            // As when the client's own idle connection is closed on it: it may try again, we must not.
            stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.HEADERS);
            cut(stream);
            return;
        }
        stream.countTracked(StickDataType.HTTP_FAIL_CNT, StickDataType.HTTP_FAIL_RATE, 1);
        LocalAnswer.error(stream, 502, Termination.Cause.SERVER_ABORT, Termination.Stage.HEADERS);
    }

    /** One side of a tunnel closed for good. */
    static void tunnelClosed(HttpStream stream) {
        complete(stream, false);
    }

    /**
     * Parts stream and server: the connection goes back to the pool, to its client, or is closed.
     *
     * @param inOrder the server still gets what was written to it
     */
    private static void settle(HttpStream stream, boolean reusable, boolean inOrder) {
        stream.detachConnection().ifPresent(connection -> {
            if (!reusable || !connection.isUsable()) {
                stream.worker().pool().leave(connection.server());
                if (inOrder) {
                    connection.closeBehindWrites();
                } else {
                    connection.close();
                }
            } else if (isWornOut(connection)) {
                stream.worker().pool().leave(connection.server());
                connection.close();
            } else if (connection.isBound() || stream.backend().policy().keepsConnectionsApart()) {
                stream.worker().pool().leave(connection.server());
                stream.client().keepOwn(connection);
            } else {
                stream.worker().pool().give(connection);
                stream.worker().pool().leave(connection.server());
            }
        });
        stream.leaveBackend();
    }

    /** {@code max-reuse}: not of a connection that speaks for its client, whose login would be lost with it. */
    private static boolean isWornOut(ServerConnection connection) {
        int max = connection.server().limits().maxReuse();
        return max >= 0 && connection.uses() > max && !connection.isBound();
    }

    /** Closes the server connection, if the stream has one. */
    static void dropConnection(HttpStream stream) {
        stream.detachConnection().ifPresent(connection -> {
            stream.worker().pool().leave(connection.server());
            connection.close();
        });
    }

    private static void log(HttpStream stream) {
        stream.clock().end = stream.worker().nanos();
        stream.setInactive();
        StreamAccounting.count(stream);
        stream.frontend().log().write(stream);
        stream.stopTracking();
    }
}
