package net.lbd.core.stream;

import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Persistence;
import net.lbd.core.backend.Server;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.CachePlan;
import net.lbd.core.http.CachedResponse;
import net.lbd.core.http.HttpCache;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Optional;
import net.lbd.config.model.ConnectionMode;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.connect.ServerConnector;
import net.lbd.core.connect.Shortage;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.session.Session;

/**
 * The state of one HTTP exchange; used again for the next exchange of its client connection. What
 * happens is decided by the phases ({@link HttpPhases}), {@link ResponseSide} and {@link Ending}; this
 * class holds what they share. Event-loop confined.
 *
 * <p>Long because the exchange begins, waits, is tried again and ends here, and each of these undoes what another
 * has done.
 */
public final class HttpStream extends Stream implements ServerConnector.Outcome {

    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");

    /** Progress of the request's body. */
    enum RequestBody { INCOMPLETE, COMPLETE }

    private final ClientSide client;
    private final HttpMessage request = new HttpMessage();
    private final HttpMessage response = new HttpMessage();
    private final ResponseSide responseSide;
    private Captures requestCaptures;
    private Captures responseCaptures;
    private CookieCaptures cookieCaptures;
    /** Index of the phase that runs or waits; of {@link HttpPhases}. */
    int phase;
    /** As {@link #phase}; of {@link ResponseRules}. */
    int responseStep;
    private boolean active;
    private boolean loginChecked;
    /** What the connection had come to before it went over to HTTP: its content rules are done, and its backend may be chosen. */
    private boolean contentInspected;
    private Optional<CachePlan> cachePlan = Optional.empty();
    private String answeringCache = "";
    private Backend chosenBackend = Backend.NONE;
    /** Counts the exchanges, for what comes back from another thread. */
    private long exchange;
    private int status;
    private int connectionTokens;
    private boolean clientKeepAlive;
    private RequestBody requestBody = RequestBody.COMPLETE;
    /** As {@code MessageFraming} has it. */
    private long requestBodyLength;
    private boolean headPrepared;
    private boolean forwarding;
    private boolean bodyForwarded;
    private boolean bindConnection;
    private boolean connectionReused;
    private boolean freshConnectionWanted;
    private final SentBody sentBody = new SentBody();
    /** Whether what goes before balancing has been looked at. */
    private boolean persistenceKnown;
    private Optional<CookiePersistence> cookie = Optional.empty();
    private Optional<ServerConnection> connection = Optional.empty();
    private Optional<Relay> up = Optional.empty();
    /** What a client is answered that is being kept waiting. */
    private Optional<Verdict.Tarpit> tarpit = Optional.empty();

    HttpStream(Session session, ClientSide client) {
        super(session);
        this.client = client;
        this.responseSide = new ResponseSide(this, client.newOutput(this));
        this.requestCaptures = new Captures(session.frontend().requestCaptures());
        this.responseCaptures = new Captures(session.frontend().responseCaptures());
        this.cookieCaptures = new CookieCaptures(session.frontend().log().formats().cookie());
        request.reset();
        response.reset();
    }

    // ---- what rules, logs and statistics ask

    @Override
    public boolean isHttp() {
        return true;
    }

    @Override
    public HttpMessage request() {
        return request;
    }

    @Override
    public HttpMessage response() {
        return response;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public byte[] requestCapture(int n) {
        return requestCaptures.bytes(n);
    }

    @Override
    public int requestCaptureLength(int n) {
        return requestCaptures.length(n);
    }

    @Override
    public byte[] responseCapture(int n) {
        return responseCaptures.bytes(n);
    }

    @Override
    public int responseCaptureLength(int n) {
        return responseCaptures.length(n);
    }

    @Override
    public void capture(boolean ofRequest, int slot, Sample value) {
        (ofRequest ? requestCaptures : responseCaptures).put(slot, value);
    }

    @Override
    public void sendEarlyHint(byte[] name, ByteSink value) {
        if (request.isAtLeast11()) {
            client.earlyHint(name, value);
        }
    }

    @Override
    public Optional<Channel> serverChannel() {
        return connection.map(ServerConnection::channel);
    }

    // ---- the life of an exchange

    /** Makes ready for a request on a connection that is open since, or whose last exchange ended, now. */
    void prepare(long nowNanos, long nowWallMillis) {
        beginStream(nowNanos, nowWallMillis);
        status = -1;
        connectionTokens = 0;
        clientKeepAlive = false;
        requestBody = RequestBody.COMPLETE;
        headPrepared = false;
        forwarding = false;
        bodyForwarded = false;
        connectionReused = false;
        freshConnectionWanted = false;
        persistenceKnown = false;
        requestCaptures.clear();
        responseCaptures.clear();
        cookieCaptures.clear();
        responseSide.prepare();
        active = true;
        loginChecked = false;
        contentInspected = false;
        cachePlan = Optional.empty();
        answeringCache = "";
        chosenBackend = Backend.NONE;
        exchange++;
    }

    /** Which exchange of its connection this is. */
    long exchange() {
        return exchange;
    }

    /**
     * Goes on with what a TCP stream has found out about the connection.
     *
     * @param chosen {@link Backend#NONE}: it is to be chosen yet
     */
    void goOn(TcpStream before, Backend chosen) {
        takeOver(before);
        contentInspected = true;
        chosenBackend = chosen;
    }

    boolean isContentInspected() {
        return contentInspected;
    }

    /** {@link Backend#NONE} unless it was chosen before the connection went over to HTTP. */
    Backend chosenBackend() {
        return chosenBackend;
    }

    boolean isLoginChecked() {
        return loginChecked;
    }

    void setLoginChecked() {
        loginChecked = true;
    }

    /** The session has taken another configuration over. */
    void frontendChanged() {
        requestCaptures = new Captures(frontend().requestCaptures());
        responseCaptures = new Captures(frontend().responseCaptures());
        cookieCaptures = new CookieCaptures(frontend().log().formats().cookie());
        backend = frontend().withoutBackend();
        chosenBackend = Backend.NONE;
    }

    /** Gives the arrays of the messages back; the messages are empty behind it. */
    void releaseMessages() {
        worker().bytePool().give(request.takeBytes());
        worker().bytePool().give(response.takeBytes());
        request.reset();
        response.reset();
    }

    /** Whether an exchange is going on; false once it has ended and been logged. */
    boolean isActive() {
        return active;
    }

    void setInactive() {
        active = false;
        sentBody.release();
    }

    ClientSide client() {
        return client;
    }

    ResponseSide responseSide() {
        return responseSide;
    }

    Captures requestCaptures() {
        return requestCaptures;
    }

    Captures responseCaptures() {
        return responseCaptures;
    }

    @Override
    public String compressedWith() {
        return responseSide.compressedWith();
    }

    CookieCaptures cookieCaptures() {
        return cookieCaptures;
    }

    @Override
    public byte[] cookieCapture(boolean ofRequest) {
        return cookieCaptures.bytes(ofRequest);
    }

    @Override
    public int cookieCaptureLength(boolean ofRequest) {
        return cookieCaptures.length(ofRequest);
    }

    void setStatus(int newStatus) {
        status = newStatus;
    }

    int connectionTokens() {
        return connectionTokens;
    }

    /** Whether the request asks to switch to WebSocket. */
    boolean asksForWebSocket() {
        if ((connectionTokens & HopByHop.UPGRADE) == 0) {
            return false;
        }
        HttpMessage request = request();
        int at = request.find(KnownHeader.UPGRADE, 0);
        return at >= 0 && request.valueLength(at) == WEBSOCKET.length
                && Ascii.equalsIgnoreCase(request.bytes(), request.valueOffset(at), WEBSOCKET);
    }

    void setConnection(int tokens, boolean keepAlive) {
        connectionTokens = tokens;
        clientKeepAlive = keepAlive;
    }

    /** Whether the client's connection may stay open behind this exchange, as far as the client is concerned. */
    boolean clientWantsKeepAlive() {
        return clientKeepAlive && connectionMode() != ConnectionMode.CLOSE && !session.isEnding();
    }

    /** What frontend and backend together want: the stricter of the two. */
    ConnectionMode connectionMode() {
        ConnectionMode front = frontend().policy().connectionMode();
        ConnectionMode back = backend.policy().connectionMode();
        return front.compareTo(back) > 0 ? front : back;
    }

    void setRequestBody(RequestBody state) {
        requestBody = state;
    }

    boolean isRequestComplete() {
        return requestBody == RequestBody.COMPLETE;
    }

    void countFromClient(int bytes) {
        bytesFromClient += bytes;
    }

    void countToClient(int bytes) {
        bytesToClient += bytes;
    }

    /** Whether the next attempt must not take an idle connection: the last one it took was dead. */
    boolean isFreshConnectionWanted() {
        return freshConnectionWanted;
    }

    void wantFreshConnection() {
        freshConnectionWanted = true;
    }

    // ---- persistence

    /** The server that a rule or the client's cookie names, or {@link Server#NONE}. */
    Server persistentServer() {
        Persistence persistence = backend.rules().persistence();
        if (persistence == Persistence.NONE) {
            return Server.NONE;
        }
        if (!persistenceKnown) {
            persistenceKnown = true;
            evaluatePersistence(persistence);
            if (persistence.cookie().isPresent()) {
                if (cookie.isEmpty()) {
                    cookie = Optional.of(new CookiePersistence());
                }
                cookie.get().read(this, persistence.cookie().get());
            }
        }
        if (avoidedServer() != Server.NONE) {
            // A retry elsewhere: whoever named the server has had his turn.
            return Server.NONE;
        }
        Server wanted = askedFor() != Server.NONE || persistence.cookie().isEmpty() ? askedFor() : cookie.orElseThrow().server();
        if (wanted != Server.NONE && !wanted.acceptsPersistent() && !keepsServersThatAreDown()) {
            // It went down while the stream waited for it.
            leftItsServer();
            return Server.NONE;
        }
        return wanted;
    }

    /** The server could not be reached, and another is chosen. */
    void leftItsServer() {
        Persistence persistence = backend.rules().persistence();
        if (persistenceKnown && persistence.cookie().isPresent()) {
            cookie.orElseThrow().redispatched(this, persistence.cookie().get());
        }
    }

    /** Sets the cookie that brings the client back to its server. */
    void setCookie() {
        Persistence persistence = backend.rules().persistence();
        if (persistenceKnown && persistence.cookie().isPresent() && server.isListed()) {
            cookie.orElseThrow().answer(this, persistence.cookie().get());
        }
    }

    // ---- the connection to the server

    void connect(ServerConnector.Attempt started, boolean bind) {
        bindConnection = bind;
        waitForConnect(started);
    }

    @Override
    public void connected(ServerConnection made) {
        connectEnded();
        if (bindConnection) {
            made.bind();
        }
        useConnection(made, false);
        HttpPhases.next(this);
    }

    /** What ends the connection before an answer may have been another's doing. */
    @Override
    public void joined(ServerConnection place) {
        connectEnded();
        useConnection(place, true);
        HttpPhases.next(this);
    }

    @Override
    public void failed(Throwable cause) {
        noteConnectFailure(cause);
        connectEnded();
        if (cause instanceof Shortage) {
            LocalAnswer.error(this, 503, Termination.Cause.RESOURCE, Termination.Stage.CONNECT);
        } else {
            RetryPolicy.connectFailed(this, false);
        }
    }

    void useConnection(ServerConnection lent, boolean reused) {
        connection = lent.found();
        connectionReused = reused;
        lent.lend(responseSide, session().root());
        worker().pool().enter(lent.server());
        responseSide.begin(lent);
        up = Optional.of(new Relay(client.gate(), lent.channel(), worker().flushes()));
    }

    Optional<ServerConnection> connection() {
        return connection;
    }

    /** Whether the server connection has carried other exchanges before. */
    boolean isConnectionReused() {
        return connectionReused;
    }

    /** Takes the server connection from this stream; what becomes of it is the caller's business. */
    Optional<ServerConnection> detachConnection() {
        Optional<ServerConnection> had = connection;
        connection = Optional.empty();
        forwarding = false;
        // The connection may be closed next, which would lose what this turn has written to it; or it goes
        // to the pool with the end of a request that came behind its response.
        up.ifPresent(Relay::flush);
        up.ifPresent(Relay::detach);
        up = Optional.empty();
        responseSide.detach();
        had.ifPresent(ServerConnection::takeBack);
        return had;
    }

    // ---- the request on its way

    /** Whether head and body bytes go to a server. */
    boolean isForwarding() {
        return forwarding;
    }

    boolean isHeadPrepared() {
        return headPrepared;
    }

    void setHeadPrepared() {
        headPrepared = true;
    }

    /** Whether the request could be sent again: none of its body is gone. */
    boolean isReplayable() {
        return !bodyForwarded;
    }

    /** Whether the request can be sent again as it went. */
    boolean isRequestKept() {
        return sentBody.isWhole();
    }

    /** The request is not sent again any more. */
    void forgetSent() {
        sentBody.release();
    }

    /** Sends the head, what of the body was sent before, and whatever of it is there. */
    void beginForwarding(ByteBuf head) {
        forwarding = true;
        int length = head.readableBytes();
        up.orElseThrow().write(head);
        if (sentBody.isWhole()) {
            if (bodyForwarded) {
                up.orElseThrow().write(sentBody.again());
            }
        } else if (!bodyForwarded && backend.policy().retryOn().repeatsRequests()) {
            sentBody.begin(worker().limits().headBytes() - length);
        }
        waitForServer();
        client.bodyMayFlow();
    }

    /** Sends bytes of the body as its reader has found them, with or without trailers, as the backend wants it. */
    void forwardBody(BodyReader body, ByteBuf in, int length) {
        if (body.isDone() && body.trailerBytes() > 0 && backend.policy().http().dropTrailers()) {
            forwardBody(in.readRetainedSlice(length - body.trailerBytes() - 2));
            in.skipBytes(body.trailerBytes());
            forwardBody(in.readRetainedSlice(2));
        } else {
            forwardBody(in.readRetainedSlice(length));
        }
    }

    /** Sends bytes of the body. */
    void forwardBody(ByteBuf bytes) {
        bodyForwarded = true;
        sentBody.add(bytes, worker().allocator());
        StreamAccounting.report(this);
        up.orElseThrow().write(bytes);
        waitForServer();
    }

    Optional<Relay> up() {
        return up;
    }

    // ---- timers

    /**
     * Gives the server its time anew, if the next step is its own: to answer a request that it has, or to take
     * the rest of one. While the client keeps us waiting, for the rest of its request or by not taking
     * the response, the client's time runs and not the server's.
     */
    void waitForServer() {
        if (isWaitingForResponseBody()) {
            // A rule has set its own limit.
            return;
        }
        if (responseSide.isThrottled()) {
            stopWaiting();
            return;
        }
        if (responseSide.isTunnel()) {
            long tunnel = tunnelTimeoutMillis();
            long fin = client.isTunnelHalfClosed() ? backend.policy().serverFinTimeoutMillis() : 0;
            waitForServer(fin > 0 ? fin : tunnel > 0 ? tunnel : serverTimeoutMillis());
        } else if (responseSide.isClientSlow() || !isRequestComplete() && up.filter(Relay::isBlocked).isEmpty()) {
            stopWaiting();
        } else {
            waitForServer(serverTimeoutMillis());
        }
    }

    // ---- the request's body before there is a server

    void setRequestBodyLength(long framing) {
        requestBodyLength = framing;
    }

    @Override
    public long requestBodyLength() {
        return requestBodyLength;
    }

    @Override
    public void copyRequestBody(ByteSink out) {
        client.copyBody(out);
    }

    @Override
    public boolean awaitRequestBody(int atLeastBytes, long millis) {
        if (client.hasBody(atLeastBytes)) {
            if (isWaitingForBody()) {
                stopWaiting();
            }
            return true;
        }
        if (!isWaitingForBody()) {
            client.invite();
            waitForBody(millis);
        }
        return false;
    }

    @Override
    public long responseBodyLength() {
        return responseSide.bodyLength();
    }

    @Override
    public void copyResponseBody(ByteSink out) {
        responseSide.copyBody(out);
    }

    @Override
    public boolean awaitResponseBody(int atLeastBytes, long millis) {
        if (responseSide.hasBody(atLeastBytes)) {
            if (isWaitingForResponseBody()) {
                stopWaiting();
            }
            return true;
        }
        if (!isWaitingForResponseBody()) {
            waitForResponseBody(millis);
        }
        return false;
    }

    // ---- caches

    @Override
    public Verdict useCache(HttpCache cache) {
        CachePlan plan = CachePlan.of(cache, request);
        cachePlan = Optional.of(plan);
        Optional<CachedResponse> found = plan.answer(request);
        return found.isPresent() ? new Verdict.FromCache(found.get(), cache) : Verdict.CONTINUE;
    }

    /** What speaks for one client only is not for others: nor is what came over a connection that is logged in. */
    @Override
    public void storeInCache(HttpCache cache) {
        if (cachePlan.isPresent() && cachePlan.get().cache() == cache && connection.filter(c -> !c.isBound()).isPresent()) {
            responseSide.keepFor(cachePlan.get());
        }
    }

    @Override
    public String answeringCache() {
        return answeringCache;
    }

    void answeredBy(HttpCache cache) {
        answeringCache = cache.spec().name();
    }

    /** Keeps the client waiting before it is denied. */
    void enterTarpit(Verdict.Tarpit verdict) {
        tarpit = Optional.of(verdict);
        waitInTarpit(backend == frontend().withoutBackend()
                ? frontend().policy().tarpitTimeoutMillis() : backend.policy().tarpitTimeoutMillis());
    }

    @Override
    protected void queueTurn() {
        if (hasServer()) {
            HttpPhases.placeGiven(this);
        } else {
            HttpPhases.selectAgain(this);
        }
    }

    @Override
    protected void ruleTurn() {
        HttpPhases.nameResolved(this);
    }

    @Override
    protected void waitExpired(Wait what) {
        switch (what) {
            case QUEUE -> LocalAnswer.error(this, 503, Termination.Cause.SERVER_TIMEOUT, Termination.Stage.QUEUE);
            case TURNAROUND -> HttpPhases.connectAgain(this);
            case CONNECT -> RetryPolicy.connectFailed(this, true);
            case SERVER -> responseSide.timeout();
            case BODY -> LocalAnswer.error(this, 408, Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.REQUEST);
            case RESPONSE_BODY -> responseSide.bodyTimeout();
            case INSPECTION -> HttpPhases.contentIsWhatItIs(this);
            case TARPIT -> LocalAnswer.afterTarpit(this, tarpit.orElseThrow());
            case NOTHING -> { }
        }
    }

    /** What was being waited for, for the termination state of a stream that its client leaves. */
    Termination.Stage stage() {
        if (isInQueue()) {
            return Termination.Stage.QUEUE;
        }
        if (connection.isEmpty()) {
            return Termination.Stage.CONNECT;
        }
        return responseSide.isHeadSent() || !isRequestComplete() ? Termination.Stage.DATA : Termination.Stage.HEADERS;
    }
}
