package net.lbd.testkit;

import java.util.function.Function;

/** What a {@link ScriptedOrigin} does with one connection. Runs on a thread of its own. */
@FunctionalInterface
public interface Script {

    /**
     * Talks to the peer. The connection is closed when this returns.
     *
     * @throws Exception any failure is reported by {@link ScriptedOrigin#close()}
     */
    void run(OriginConnection connection) throws Exception;

    /** Answers every request with the same bytes until the peer closes. */
    static Script answering(String response) {
        return answering(request -> response);
    }

    /** Answers every request with what {@code answer} makes of it until the peer closes. */
    static Script answering(Function<ReceivedMessage, String> answer) {
        return connection -> {
            while (connection.hasMore()) {
                connection.send(answer.apply(connection.readRequest()));
            }
        };
    }

    /** Reads and says nothing until the peer closes: an origin that hangs. */
    static Script silent() {
        return OriginConnection::readToEnd;
    }

    /** Returns every byte to the peer until it closes: a TCP echo. */
    static Script echo() {
        return connection -> {
            while (connection.hasMore()) {
                connection.send(connection.readAvailable());
            }
        };
    }
}
