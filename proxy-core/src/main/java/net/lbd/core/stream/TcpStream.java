package net.lbd.core.stream;

import net.lbd.config.model.ProxyMode;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.rule.RuleList;
import net.lbd.core.sample.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Persistence;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.connect.ServerConnector;
import net.lbd.core.connect.Shortage;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.session.Session;

/**
 * One TCP connection carried to one server: chooses the server, connects, and lets the bytes flow both
 * ways until both sides are done. Each side may end its half alone. Silence is bounded by {@code timeout
 * client} and {@code timeout server}: whichever is shorter ends both. {@code timeout tunnel} replaces the two. Event-loop confined.
 */
public final class TcpStream extends Stream implements ServerConnector.Outcome, ServerConnection.User {

    private static final byte[] NO_BYTES = {};

    private final TcpClientConnection client;
    private final HttpMessage noMessage = new HttpMessage();
    private final Captures captures;
    /** What there is of HTTP before there is a server. */
    private final PeekedHead peeked;
    private Optional<ServerConnection> connection = Optional.empty();
    private Optional<Relay> up = Optional.empty();
    private Optional<Relay> down = Optional.empty();
    private Optional<ThrottledRelay> throttledUp = Optional.empty();
    private Optional<ThrottledRelay> throttledDown = Optional.empty();
    private boolean clientInputClosed;
    private boolean serverInputClosed;
    private boolean over;
    private boolean inspecting;
    /** Whether what goes before balancing has been looked at. */
    private boolean persistenceKnown;
    private RuleList inspected = RuleList.EMPTY;
    /** While the server's first bytes are looked at. */
    private Optional<ResponseInspection> response = Optional.empty();

    TcpStream(Session session, TcpClientConnection client) {
        super(session);
        this.client = client;
        noMessage.reset();
        peeked = new PeekedHead(worker());
        captures = new Captures(session.frontend().requestCaptures());
    }

    // ---- choosing and connecting

    void begin(long acceptedNanos, long acceptedWallMillis) {
        beginStream(acceptedNanos, acceptedWallMillis);
        clock.handshakeDone = System.nanoTime();
        inspect(frontend().rules().tcpContent(), frontend().policy().inspectDelayMillis());
    }

    // ---- content rules

    private void inspect(RuleList rules, long delayMillis) {
        inspected = rules;
        if (rules.isEmpty()) {
            inspectionDone();
            return;
        }
        inspecting = true;
        inspection().setMayGrow(delayMillis > 0 && !client.isInputClosed());
        if (inspection().mayGrow()) {
            waitForContent(delayMillis);
        }
        runContentRules();
    }

    private void runContentRules() {
        Verdict verdict = inspected.evaluateContent(this);
        if (verdict == Verdict.YIELD) {
            if (isResolving()) {
                client.gate().close(ReadGate.NOT_YET);
            } else {
                client.gate().open(ReadGate.NOT_YET);
            }
            return;
        }
        inspecting = false;
        stopWaiting();
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP) {
            client.gate().close(ReadGate.NOT_YET);
            inspectionDone();
            return;
        }
        if (verdict instanceof Verdict.SwitchMode mode) {
            mode.http2().ifPresent(session::setHttp2);
            becomeHttp(Backend.NONE);
            return;
        }
        frontend().counters().deniedRequests.increment();
        if (verdict == Verdict.SILENT_DROP) {
            termination.set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
            SilentDrop.close(session.channel());
        }
        fail(Termination.Cause.DENIED, Termination.Stage.REQUEST);
    }

    /** The connection goes over to HTTP with what is known of it: this stream is over, and leaves no trace. */
    private void becomeHttp(Backend chosen) {
        over = true;
        abandonWaits();
        peeked.release();
        client.becomeHttp(chosen);
    }

    /** Whether the client is read although there is no server yet. */
    boolean isInspecting() {
        return inspecting;
    }

    /** The client has sent something that content rules wait for. */
    void inspectMore(ByteBuf bytes) {
        inspection().add(bytes);
        if (inspection().length() >= worker().limits().headBytes()) {
            inspection().setMayGrow(false);
        }
        runContentRules();
    }

    /** Nothing will change what the rules see any more. */
    private void inspectAsItIs() {
        inspection().setMayGrow(false);
        runContentRules();
    }

    private void inspectionDone() {
        if (backend != frontend().withoutBackend()) {
            select();
            return;
        }
        Backend chosen = frontend().rules().switching().choose(this);
        if (chosen == Backend.NONE) {
            fail(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
            return;
        }
        if (chosen.mode() == ProxyMode.HTTP) {
            // Without a byte of the request the rules have seen nothing of it: they are asked again.
            becomeHttp(inspection().length() == 0 ? Backend.NONE : chosen);
            return;
        }
        enterBackend(chosen);
        inspect(chosen.isOf(frontend()) ? RuleList.EMPTY : chosen.rules().tcpContent(), chosen.policy().inspectDelayMillis());
    }

    private void select() {
        Server wanted = persistentServer();
        Server stuck = backend.rules().stick().match(this);
        switch (ServerChoice.make(this, wanted != Server.NONE ? wanted : stuck)) {
            case TAKEN -> {
                clock.assigned = System.nanoTime();
                connect();
            }
            case ALL_FULL -> enqueue();
            case NO_SERVER -> fail(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
        }
    }

    /** The one that a {@code use-server} line or the RDP cookie names, unless it just failed. */
    private Server persistentServer() {
        Persistence persistence = backend.rules().persistence();
        if (persistence == Persistence.NONE) {
            return Server.NONE;
        }
        if (!persistenceKnown) {
            persistenceKnown = true;
            evaluatePersistence(persistence);
        }
        Server wanted = askedFor() != Server.NONE || persistence.rdpCookie().isEmpty() || isPersistenceIgnored()
                ? askedFor() : persistence.rdpCookie().get().find(this);
        boolean possible = avoidedServer() == Server.NONE && (wanted.acceptsPersistent() || keepsServersThatAreDown());
        return possible ? wanted : Server.NONE;
    }

    private void connect() {
        Optional<SocketAddress> address = server.address(session.destination());
        if (address.isEmpty()) {
            fail(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
            return;
        }
        waitForConnect(ServerConnector.connect(worker(), server, server.ways().usual(), address.get(), server.opening(this), this));
    }

    @Override
    protected void queueTurn() {
        if (hasServer()) {
            clock.assigned = System.nanoTime();
            connect();
        } else {
            select();
        }
    }

    @Override
    public void connected(ServerConnection made) {
        connectEnded();
        clock.connected = System.nanoTime();
        backend.rules().stick().store(this);
        connection = Optional.of(made);
        server.state().traffic().saw(TrafficWatch.Seen.CONNECTED);
        made.lend(this, session);
        inspection().forget();
        peeked.release();
        up = Optional.of(new Relay(client.gate(), made.channel(), worker().flushes()));
        down = Optional.of(new Relay(made.gate(), session.channel(), worker().flushes()));
        throttledUp = requestThrottle() == Throttle.NONE ? Optional.empty()
                : Optional.of(new ThrottledRelay(worker(), client.gate(), up.get(), requestThrottle(), this::touch));
        throttledDown = responseThrottle() == Throttle.NONE ? Optional.empty()
                : Optional.of(new ThrottledRelay(worker(), made.gate(), down.get(), responseThrottle(), this::touch));
        client.serverConnected();
        touch();
        frontend().log().writeEarly(this);
        RuleList rules = backend.rules().tcpResponse();
        if (!rules.isEmpty() && !over) {
            ResponseInspection inspection = new ResponseInspection(this, rules);
            response = Optional.of(inspection);
            inspection.begin(backend.policy().responseInspectDelayMillis());
        }
    }

    /**
     * The {@code tcp-response content} rules are done.
     *
     * @param bytes what was held back; handed over
     */
    void responseInspected(Verdict verdict, ByteBuf bytes) {
        response = Optional.empty();
        if (verdict == Verdict.CONTINUE || verdict == Verdict.STOP || verdict == Verdict.CLOSE) {
            writeDown(bytes);
            if (verdict == Verdict.CLOSE) {
                end();
            }
            return;
        }
        bytes.release();
        backend.counters().deniedResponses.increment();
        server.state().counters().deniedResponses.increment();
        if (verdict == Verdict.SILENT_DROP) {
            termination.set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
            SilentDrop.close(session.channel());
        }
        fail(Termination.Cause.DENIED, Termination.Stage.DATA);
    }

    @Override
    public void failed(Throwable cause) {
        noteConnectFailure(cause);
        connectEnded();
        if (cause instanceof Shortage) {
            fail(Termination.Cause.RESOURCE, Termination.Stage.CONNECT);
        } else {
            connectFailed(false);
        }
    }

    private void connectFailed(boolean timedOut) {
        switch (RetryPolicy.afterConnectFailure(this)) {
            case SAME_SERVER_LATER -> { }
            case ELSEWHERE -> select();
            case GIVE_UP -> fail(timedOut ? Termination.Cause.SERVER_TIMEOUT : Termination.Cause.SERVER_ABORT,
                    Termination.Stage.CONNECT);
        }
    }

    @Override
    protected void ruleTurn() {
        if (inspecting && !over) {
            runContentRules();
        }
    }

    @Override
    protected void waitExpired(Wait what) {
        switch (what) {
            case QUEUE -> fail(Termination.Cause.SERVER_TIMEOUT, Termination.Stage.QUEUE);
            case TURNAROUND -> connect();
            case CONNECT -> connectFailed(true);
            case SERVER -> fail(Termination.Cause.SERVER_TIMEOUT, Termination.Stage.DATA);
            case INSPECTION -> inspectAsItIs();
            case TARPIT, BODY, RESPONSE_BODY, NOTHING -> { }
        }
    }

    // ---- bytes

    /** Both sides have shown life: neither timeout is near any more. */
    private void touch() {
        StreamAccounting.report(this);
        long tunnel = tunnelTimeoutMillis();
        boolean halfClosed = clientInputClosed || serverInputClosed;
        long serverFin = halfClosed ? backend.policy().serverFinTimeoutMillis() : 0;
        long clientFin = halfClosed ? frontend().policy().clientFinTimeoutMillis() : 0;
        if (isThrottled()) {
            // Nobody is slow but we.
            stopWaiting();
            client.touch(0);
            return;
        }
        waitForServer(serverFin > 0 ? serverFin : tunnel > 0 ? tunnel : serverTimeoutMillis());
        client.touch(clientFin > 0 ? clientFin : tunnel);
    }

    private boolean isThrottled() {
        return throttledUp.isPresent() && throttledUp.get().isHolding() || throttledDown.isPresent() && throttledDown.get().isHolding();
    }

    void clientRead(ByteBuf bytes) {
        bytesFromClient += bytes.readableBytes();
        if (throttledUp.isPresent()) {
            throttledUp.get().write(bytes);
        } else {
            up.orElseThrow().write(bytes);
        }
        touch();
    }

    void clientWritabilityChanged() {
        down.ifPresent(Relay::sinkWritabilityChanged);
    }

    /** The server of this stream went down, and is configured to take its sessions with it. */
    void serverWentDown() {
        fail(Termination.Cause.SERVER_DOWN, connection.isPresent() ? Termination.Stage.DATA : Termination.Stage.CONNECT);
    }

    void clientTimeout() {
        if (!over && isThrottled()) {
            touch();
            return;
        }
        fail(Termination.Cause.CLIENT_TIMEOUT, inspecting ? Termination.Stage.REQUEST
                : connection.isPresent() ? Termination.Stage.DATA : Termination.Stage.CONNECT);
    }

    void clientInputClosed() {
        if (over || clientInputClosed) {
            // A close_notify and the FIN behind it are one end.
            return;
        }
        if (inspecting) {
            inspectAsItIs();
            return;
        }
        if (connection.isEmpty()) {
            // The client's connection remembers the end and tells it anew when the server is there.
            if (backend.policy().abortOnClose()) {
                clientClosed();
            }
            return;
        }
        if (throttledUp.isPresent() && throttledUp.get().isHolding()) {
            throttledUp.get().whenPassed(this::clientInputClosed);
            return;
        }
        clientInputClosed = true;
        up.ifPresent(Relay::flush);
        HalfClose.output(connection.get().channel());
        halfClosed();
    }

    /** The client's connection is gone. */
    void clientClosed() {
        if (!over) {
            termination.set(Termination.Cause.CLIENT_ABORT,
                    inspecting ? Termination.Stage.REQUEST : isInQueue() ? Termination.Stage.QUEUE
                            : connection.isPresent() ? Termination.Stage.DATA : Termination.Stage.CONNECT);
            StreamAccounting.clientAborted(this);
            end();
        }
    }

    @Override
    public void serverRead(ByteBuf bytes) {
        if (clock.responseHead == StreamClock.NEVER) {
            clock.responseHead = System.nanoTime();
        }
        bytesToClient += bytes.readableBytes();
        if (response.isPresent()) {
            touch();
            response.get().add(bytes);
            return;
        }
        writeDown(bytes);
        touch();
    }

    private void writeDown(ByteBuf bytes) {
        if (throttledDown.isEmpty() && responseThrottle() != Throttle.NONE) {
            // A rule about the response has set the limit.
            throttledDown = Optional.of(new ThrottledRelay(worker(), connection.orElseThrow().gate(), down.orElseThrow(), responseThrottle(), this::touch));
        }
        if (throttledDown.isPresent()) {
            throttledDown.get().write(bytes);
        } else {
            down.orElseThrow().write(bytes);
        }
    }

    @Override
    public void serverWritabilityChanged() {
        up.ifPresent(Relay::sinkWritabilityChanged);
    }

    @Override
    public void serverInputClosed() {
        response.ifPresent(ResponseInspection::asItIs);
        if (over) {
            return;
        }
        if (throttledDown.isPresent() && throttledDown.get().isHolding()) {
            throttledDown.get().whenPassed(this::serverInputClosed);
            return;
        }
        serverInputClosed = true;
        down.ifPresent(Relay::flush);
        HalfClose.output(session.channel());
        halfClosed();
    }

    @Override
    public void serverClosed() {
        if (!over) {
            response.ifPresent(ResponseInspection::asItIs);
        }
        if (over) {
            return;
        }
        if (throttledDown.isPresent() && throttledDown.get().isHolding()) {
            throttledDown.get().whenPassed(this::serverClosed);
            return;
        }
        if (serverInputClosed && clientInputClosed) {
            end();
            return;
        }
        termination.set(Termination.Cause.SERVER_ABORT, Termination.Stage.DATA);
        server.state().counters().serverAborts.increment();
        end();
    }

    private void halfClosed() {
        if (clientInputClosed && serverInputClosed) {
            end();
        } else {
            touch();
        }
    }

    // ---- the end

    private void fail(Termination.Cause cause, Termination.Stage stage) {
        if (!over) {
            termination.set(cause, stage);
            end();
        }
    }

    private void end() {
        over = true;
        peeked.release();
        abandonWaits();
        response.ifPresent(ResponseInspection::abandon);
        response = Optional.empty();
        throttledUp.ifPresent(ThrottledRelay::abandon);
        throttledDown.ifPresent(ThrottledRelay::abandon);
        up.ifPresent(Relay::flush);
        down.ifPresent(Relay::flush);
        connection.ifPresent(c -> {
            c.takeBack();
            c.closeBehindWrites();
        });
        leaveBackend();
        clock.end = System.nanoTime();
        StreamAccounting.count(this);
        frontend().log().write(this);
        stopTracking();
        client.streamEnded();
    }

    boolean isOver() {
        return over;
    }

    Optional<ServerConnection> connection() {
        return connection;
    }

    // ---- what rules and logs ask

    @Override
    public boolean isHttp() {
        return false;
    }

    @Override
    public HttpMessage request() {
        return over || connection.isPresent() ? noMessage : peeked.look(inspection());
    }

    @Override
    public HttpMessage response() {
        return noMessage;
    }

    @Override
    public int status() {
        return -1;
    }

    @Override
    public void capture(boolean ofRequest, int slot, Sample value) {
        if (ofRequest) {
            captures.put(slot, value);
        }
    }

    @Override
    public byte[] requestCapture(int n) {
        return captures.bytes(n);
    }

    @Override
    public int requestCaptureLength(int n) {
        return captures.length(n);
    }

    @Override
    public byte[] responseCapture(int n) {
        return NO_BYTES;
    }

    @Override
    public int responseCaptureLength(int n) {
        return -1;
    }

    @Override
    public Optional<Channel> serverChannel() {
        return connection.map(ServerConnection::channel);
    }
}
