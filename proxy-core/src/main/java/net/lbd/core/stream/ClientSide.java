package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ByteSink;

/**
 * Who asked: the client's side of one exchange, whichever version of HTTP it speaks. The stream, its phases and its
 * ends see the client through this and {@link ResponseOutput} alone. Event-loop confined (docs/decisions/0025).
 */
interface ClientSide {

    /** Where the response of a stream goes; asked for once, while the stream is made. */
    ResponseOutput newOutput(HttpStream stream);

    // ---- the request

    /** Puts into the head what the body needs on its way to a server; once for each request. */
    void prepareRequest(HttpMessage request);

    /** Whether a server's 101 is one that this client's request asked for. */
    boolean takesSwitch(HttpMessage response);

    /** Whether the connection may speak for the client: NTLM and Negotiate need one exchange at a time on it. */
    boolean carriesIdentity();

    /** Ends the exchange: the client must come with HTTP/1.1 for what it wants. */
    void requireVersion1();

    // ---- the request's body

    /** What a server closes that does not take the request's body as fast as it comes. */
    ReadGate gate();

    /**
     * Whether the body is there before there is a server: whole, as many bytes of it as are asked for, or as many as may be held. If
     * not, it is read on, and {@link HttpPhases#bodyCame} is called when more has come.
     *
     * @param atLeastBytes 0: all of it
     */
    boolean hasBody(int atLeastBytes);

    /** Writes as much of the body as is held, chunks taken apart. */
    void copyBody(ByteSink out);

    /** Lets a client that waits for it ({@code Expect}) send its body, where no server has said so. */
    void invite();

    /** A server is there: body bytes that were held may go. */
    void bodyMayFlow();

    /** The server takes bytes of the request again. */
    void serverWritable();

    // ---- the client's time

    /**
     * In an exchange: the client has {@code timeout client} anew if the next step is its own, to send
     * more of its request or to take what was sent. What it has sent and no server takes is not its fault.
     */
    void clientTurn();

    /** The client has {@code timeout client} to take what was sent: it does not take it as fast as it comes. */
    void clientMustTake();

    // ---- tunnels

    /** Behind this response head bytes pass both ways. */
    void becomeTunnel();

    /** Bytes have passed through the tunnel: the client has its time anew. */
    void tunnelActivity();

    /** Whether one side of a tunnel has ended its half. */
    boolean isTunnelHalfClosed();

    /** The server has shut its half of a tunnel: the client is told, and may still send. */
    void tunnelInputClosed();

    // ---- what else the client is sent

    /** A 103 with one header; the bytes of the value that would end a line are replaced. */
    void earlyHint(byte[] name, ByteSink value);

    /** Tells why a message was refused: the log line of the stream cannot. */
    void report(Defect defect, boolean response);

    // ---- ends; each exchange comes to exactly one of them

    /**
     * The exchange is over and logged; its response has been handed over whole.
     *
     * @param keepAlive whether a connection that can carry one exchange at a time may carry another
     */
    void exchangeEnded(boolean keepAlive);

    /** The response cannot be finished: the client must not take what it got for a whole one. */
    void closeAbruptly();

    /** The client is forgotten without a word. */
    void closeSilently();

    // ---- server connections of this client alone

    /** The server that this client's identity is bound to in a backend. */
    Server boundServer(Backend backend);

    /** The server of the previous request, if it is one of this backend and takes streams. */
    Server lastServer(Backend backend);

    /** An idle connection that belongs to this client. */
    Optional<ServerConnection> takeOwn(Server server, Ways.Way way, Opening opening);

    /** Keeps a connection that no other client may have. */
    void keepOwn(ServerConnection connection);
}
