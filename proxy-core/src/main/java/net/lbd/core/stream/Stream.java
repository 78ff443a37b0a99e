package net.lbd.core.stream;

import net.lbd.core.sample.Variables;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.ByteSink;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.model.StickDataType;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Persistence;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.backend.ServerState;
import net.lbd.core.connect.ServerConnector;
import net.lbd.core.dns.DnsAnswer;
import net.lbd.core.dns.DnsQuestion;
import net.lbd.core.dns.Resolvers;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpCache;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.listen.Frontend;
import net.lbd.core.log.LogFormat;
import net.lbd.core.rule.RuleList;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.Session;
import net.lbd.core.session.TlsFaults;
import net.lbd.core.tls.HandshakeFault;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stick.StickMarks;
import net.lbd.core.stick.Tracking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one exchange, as rules, balancing and logs see it; HTTP and TCP streams add what is
 * theirs. What happens to it is decided by the phases; this class keeps the parts consistent: a server
 * that is taken is given back, a timer that is armed belongs to what is being waited for. Event-loop
 * confined but for {@link #wake}.
 *
 * <p>Long because it is what others read and write of one exchange, in one place: fields with their few rules, and
 * nothing that decides.
 */
public abstract class Stream implements ServerQueue.Waiter {

    private static final Logger LOG = LoggerFactory.getLogger(Stream.class);

    /** What is being waited for with a limit of time. */
    public enum Wait { NOTHING, BODY, RESPONSE_BODY, QUEUE, TURNAROUND, CONNECT, SERVER, TARPIT, INSPECTION }

    private static final byte[] NO_BYTES = {};
    private static final byte[] CACHE = Ascii.bytes("<CACHE>");

    /** The log level of a stream that leaves the choice to the log. */
    public static final int USUAL_LEVEL = -1;
    /** The log level of a stream that leaves no line. */
    public static final int UNLOGGED = 8;

    protected final Session session;
    protected final StreamClock clock = new StreamClock();
    protected final Termination termination = new Termination();
    protected Backend backend;
    protected Server server = Server.NONE;
    private TlsFaults serverFaults = TlsFaults.NONE;
    protected int retries;
    protected boolean redispatched;
    protected long bytesFromClient;
    protected long bytesToClient;
    /** What the counters of the proxies know of already. */
    private final Reported reportedToFrontend = new Reported();
    private final Reported reportedToBackend = new Reported();
    private final Reported reportedToServer = new Reported();
    /** Its place in the queue when it was queued, from 1; 0: it has not waited. HAProxy counts so, whatever its manual says. */
    protected int serverQueuePosition;
    protected int backendQueuePosition;
    private final TimerWheel.Timer timer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            timerExpired();
        }
    };
    private int logLevel = USUAL_LEVEL;
    /** Of scopes {@code txn}, {@code req} and {@code res}. */
    private Variables variables = new Variables();
    private final Inspection inspection = new Inspection();
    /** What this stream counts for in stick-tables; its connection has such a thing as well. */
    private Tracking tracking = Tracking.NONE;
    /** Made for the first stream of a backend with stick lines. */
    private Optional<StickMarks> stickMarks = Optional.empty();
    private final Reported reportedToTracked = new Reported();
    /** Chosen by a rule for this stream; 0: the backend's counts. */
    private long ownServerTimeoutMillis;
    private long ownTunnelTimeoutMillis;
    private Throttle requestThrottle = Throttle.NONE;
    private Throttle responseThrottle = Throttle.NONE;
    /** Named by a {@code use-server} line. */
    private Server askedFor = Server.NONE;
    private boolean persistenceIgnored;
    private boolean persistenceForced;
    private byte[] uniqueId = NO_BYTES;
    private int uniqueIdLength = -1;
    private SourceLocation lastRule = SourceLocation.BUILT_IN;
    private Wait wait = Wait.NOTHING;
    /** The list and the rule in it whose action waits. */
    private RuleList waitingList = RuleList.EMPTY;
    private int waitingRule;
    /** Counts the look-ups of names, for answers that come when nobody waits for them any more. */
    private long lookUp;
    private boolean resolving;
    private Optional<DnsAnswer> resolved = Optional.empty();
    private boolean queued;
    /** When it first went to the queue; counts once {@link #queued}. */
    private long queuedSinceNanos;
    private boolean inQueue;
    private Optional<ServerQueue.Ticket> ticket = Optional.empty();
    private Server waitingFor = Server.NONE;
    private int priorityClass;
    private int priorityOffsetMillis;
    private boolean serverTaken;
    /** Whether something that goes before balancing has named the server. */
    private boolean direct;
    private boolean retryDisabled;
    private boolean inBackend;
    private Server avoided = Server.NONE;
    /** Those that failed before {@link #avoided}. */
    private List<Server> failedBefore = List.of();
    private Optional<ServerConnector.Attempt> attempt = Optional.empty();

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

    /** The server chosen, or {@link Server#NONE}. */
    public final Server server() {
        return server;
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

    /** The level that a rule has chosen for the line of this stream: of syslog, {@link #UNLOGGED} or {@link #USUAL_LEVEL}. */
    public final int logLevel() {
        return logLevel;
    }

    public final void setLogLevel(int level) {
        logLevel = level;
    }

    /** What content rules see. */
    public final Inspection inspection() {
        return inspection;
    }

    /** That of the stream or of its connection that has the counter; one without any if neither does. */
    public final Tracking tracking(int counter) {
        return tracking.has(counter) ? tracking : session.tracking();
    }

    /** That of this stream, to track with. */
    public final Tracking ownTracking() {
        if (tracking == Tracking.NONE) {
            tracking = new Tracking();
        }
        return tracking;
    }

    /** The keys to bind to the server. */
    public final StickMarks stickMarks() {
        if (stickMarks.isEmpty()) {
            stickMarks = Optional.of(new StickMarks());
        }
        return stickMarks.get();
    }

    /** Counts an event for whatever is tracked. */
    public final void countTracked(StickDataType total, StickDataType rate, long amount) {
        tracking.count(total, rate, amount);
        session.tracking().count(total, rate, amount);
    }

    /** What the server's response means for those that are tracked. */
    public final void countResponse() {
        if (isClientsError(response().status())) {
            countTracked(StickDataType.HTTP_ERR_CNT, StickDataType.HTTP_ERR_RATE, 1);
        } else if (isServersFailure(response().status())) {
            countTracked(StickDataType.HTTP_FAIL_CNT, StickDataType.HTTP_FAIL_RATE, 1);
        }
    }

    /** As {@link #countResponse()}, for one that has begun to be tracked with the response. */
    public final void countResponse(Tracking begun, int counter) {
        if (isClientsError(response().status())) {
            begun.count(counter, StickDataType.HTTP_ERR_CNT, StickDataType.HTTP_ERR_RATE, 1);
        } else if (isServersFailure(response().status())) {
            begun.count(counter, StickDataType.HTTP_FAIL_CNT, StickDataType.HTTP_FAIL_RATE, 1);
        }
    }

    private static boolean isClientsError(int status) {
        return status >= 400 && status < 500;
    }

    /** 501 and 505 tell of what the client asked. */
    private static boolean isServersFailure(int status) {
        return status >= 500 && status < 600 && status != 501 && status != 505;
    }

    /**
     * A request that did not become one: only the connection can have been tracked for it.
     *
     * @param error whether the client is to blame
     */
    final void countNoRequest(boolean error) {
        session.tracking().count(StickDataType.HTTP_REQ_CNT, StickDataType.HTTP_REQ_RATE, 1);
        if (error) {
            session.tracking().count(StickDataType.HTTP_ERR_CNT, StickDataType.HTTP_ERR_RATE, 1);
        }
    }

    /** The stream is over and logged: it is counted nowhere any more, and nothing limits it. */
    protected final void stopTracking() {
        tracking.end();
        endThrottles();
    }

    /** The variables of scopes {@code txn}, {@code req} and {@code res}. */
    public final Variables variables() {
        return variables;
    }

    /** {@code set-bandwidth-limit}. */
    public final void limitBandwidth(boolean ofResponse, BandwidthBudget budget, int minSizeBytes) {
        if (ofResponse && responseThrottle == Throttle.NONE) {
            responseThrottle = new Throttle(worker().timers());
        } else if (!ofResponse && requestThrottle == Throttle.NONE) {
            requestThrottle = new Throttle(worker().timers());
        }
        (ofResponse ? responseThrottle : requestThrottle).add(budget, minSizeBytes);
    }

    /** {@link Throttle#NONE} for the client's bytes of a stream without a limit. */
    final Throttle requestThrottle() {
        return requestThrottle;
    }

    /** As {@link #requestThrottle}, of the server's bytes. */
    final Throttle responseThrottle() {
        return responseThrottle;
    }

    private void endThrottles() {
        requestThrottle.end();
        responseThrottle.end();
        requestThrottle = Throttle.NONE;
        responseThrottle = Throttle.NONE;
    }

    /** {@code set-timeout server}: replaces that of the backend for this stream. */
    public final void setServerTimeoutMillis(long millis) {
        ownServerTimeoutMillis = millis;
    }

    /** {@code set-timeout tunnel}. */
    public final void setTunnelTimeoutMillis(long millis) {
        ownTunnelTimeoutMillis = millis;
    }

    /** In force for this stream; 0: without limit. */
    public final long serverTimeoutMillis() {
        return ownServerTimeoutMillis > 0 ? ownServerTimeoutMillis : backend.policy().serverTimeoutMillis();
    }

    /** 0: those of client and server count. */
    public final long tunnelTimeoutMillis() {
        return ownTunnelTimeoutMillis > 0 ? ownTunnelTimeoutMillis : backend.policy().tunnelTimeoutMillis();
    }

    /** What the response was compressed with here, as {@code Content-Encoding} says it; empty if it was not. */
    public String compressedWith() {
        return "";
    }

    /** {@code cache-use}: an answer of the cache, or {@link Verdict#CONTINUE}. */
    public Verdict useCache(HttpCache cache) {
        return Verdict.CONTINUE;
    }

    /** {@code cache-store}: keeps the response if that may be. */
    public void storeInCache(HttpCache cache) {
        // Only an exchange of HTTP has one.
    }

    /** The cache that answered; empty if none did. */
    public String answeringCache() {
        return "";
    }

    /** Who answers, as the log writes it: the server, or a cache. */
    public final byte[] answeringName() {
        return answeringCache().isEmpty() ? server.nameBytes() : CACHE;
    }

    /** Where the rule stands that ended a list last; {@link SourceLocation#BUILT_IN} if none has. */
    public final SourceLocation lastRule() {
        return lastRule;
    }

    public final void setLastRule(SourceLocation location) {
        lastRule = location;
    }

    /**
     * The length of the identifier that {@code unique-id-format} makes, which is made when it is first asked for; -1 if the
     * frontend has no such format.
     */
    public final int uniqueIdLength() {
        Optional<LogFormat> format = frontend().log().formats().uniqueId();
        if (format.isEmpty()) {
            return -1;
        }
        if (uniqueIdLength < 0) {
            // A format that holds the identifier itself finds it empty.
            uniqueIdLength = 0;
            ByteSink sink = worker().scratch().takeSink();
            format.get().render(this, sink);
            if (uniqueId.length < sink.length()) {
                uniqueId = new byte[sink.length()];
            }
            System.arraycopy(sink.bytes(), 0, uniqueId, 0, sink.length());
            uniqueIdLength = sink.length();
            worker().scratch().giveSink(sink);
        }
        return uniqueIdLength;
    }

    /** The identifier, up to {@link #uniqueIdLength}; reused by the next stream of the session. */
    public final byte[] uniqueId() {
        return uniqueId;
    }

    /** What {@code capture cookie} kept, up to {@link #cookieCaptureLength}. */
    public byte[] cookieCapture(boolean ofRequest) {
        return NO_BYTES;
    }

    /** -1: there was no such cookie. */
    public int cookieCaptureLength(boolean ofRequest) {
        return -1;
    }

    /** Keeps a sample for the log, in a slot of the frontend; one that the frontend has not is left out. */
    public abstract void capture(boolean ofRequest, int slot, Sample value);

    /** Sends the client a 103 answer with one header. */
    public void sendEarlyHint(byte[] name, ByteSink value) {
        // Only an exchange of HTTP has a client that could understand one.
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

    /** What went wrong in the last TLS handshake with a server. */
    public final TlsFaults serverFaults() {
        return serverFaults;
    }

    /** A connection to a server could not be made. */
    final void noteConnectFailure(Throwable cause) {
        serverFaults = HandshakeFault.of(cause);
    }

    /** The connection to the server, if there is one: for {@code %bi} and {@code bc_src}. */
    public abstract Optional<Channel> serverChannel();

    // ---- the life of a stream, for the phases

    /** How many bytes of a stream a set of counters has been told of. */
    static final class Reported {
        private long in;
        private long out;

        void reset() {
            in = 0;
            out = 0;
        }

        void reportToTracked(Stream stream) {
            if (stream.bytesFromClient != in) {
                stream.countTracked(StickDataType.BYTES_IN_CNT, StickDataType.BYTES_IN_RATE, stream.bytesFromClient - in);
                in = stream.bytesFromClient;
            }
            if (stream.bytesToClient != out) {
                stream.countTracked(StickDataType.BYTES_OUT_CNT, StickDataType.BYTES_OUT_RATE, stream.bytesToClient - out);
                out = stream.bytesToClient;
            }
        }

        void report(Stream stream, ProxyCounters counters) {
            if (stream.bytesFromClient != in) {
                counters.bytesIn.add(stream.bytesFromClient - in);
                in = stream.bytesFromClient;
            }
            if (stream.bytesToClient != out) {
                counters.bytesOut.add(stream.bytesToClient - out);
                out = stream.bytesToClient;
            }
        }
    }

    /** Tells the counters of frontend, backend and server what has passed since they were last told. */
    final void reportBytes() {
        reportedToFrontend.report(this, frontend().counters());
        if (backend != frontend().withoutBackend()) {
            reportedToBackend.report(this, backend.counters());
        }
        if (server != Server.NONE) {
            reportedToServer.report(this, server.state().counters());
        }
        if (!tracking.isEmpty() || !session.tracking().isEmpty()) {
            reportedToTracked.reportToTracked(this);
        }
    }

    /** Goes on where a stream of the same connection has come to, which is over without having ended. */
    protected final void takeOver(Stream before) {
        variables = before.variables;
        before.variables = new Variables();
        tracking = before.tracking;
        before.tracking = Tracking.NONE;
        logLevel = before.logLevel;
        requestThrottle = before.requestThrottle;
        responseThrottle = before.responseThrottle;
        before.requestThrottle = Throttle.NONE;
        before.responseThrottle = Throttle.NONE;
        priorityClass = before.priorityClass;
        priorityOffsetMillis = before.priorityOffsetMillis;
        lastRule = before.lastRule;
    }

    /** Makes ready for an exchange that begins now. */
    protected final void beginStream(long nowNanos, long nowWallMillis) {
        clock.begin(nowNanos, nowWallMillis);
        termination.reset();
        backend = session.frontend().withoutBackend();
        server = Server.NONE;
        retries = 0;
        redispatched = false;
        bytesFromClient = 0;
        bytesToClient = 0;
        serverQueuePosition = 0;
        backendQueuePosition = 0;
        queued = false;
        logLevel = USUAL_LEVEL;
        waitingList = RuleList.EMPTY;
        stopResolving();
        variables.clear();
        uniqueIdLength = -1;
        lastRule = SourceLocation.BUILT_IN;
        session.resetStreamAddresses();
        ownServerTimeoutMillis = 0;
        ownTunnelTimeoutMillis = 0;
        avoided = Server.NONE;
        failedBefore = List.of();
        askedFor = Server.NONE;
        waitingFor = Server.NONE;
        priorityClass = 0;
        priorityOffsetMillis = 0;
        persistenceIgnored = false;
        persistenceForced = false;
        direct = false;
        retryDisabled = false;
        reportedToFrontend.reset();
        reportedToBackend.reset();
        reportedToServer.reset();
        reportedToTracked.reset();
    }

    public final void enterBackend(Backend chosen) {
        backend = Objects.requireNonNull(chosen, "chosen");
        backend.counters().enter(worker().nanos());
        backend.counters().requests.increment();
        inBackend = true;
        if (chosen.rules().persistence().cookie().filter(cookie -> cookie.spec().isManaged()).isPresent()) {
            termination.setCookies('N', 'N');
        }
    }

    /** The server whose place {@link Server#acquire} has taken for this stream. */
    public final void takeServer(Server chosen) {
        server = Objects.requireNonNull(chosen, "chosen");
        serverTaken = true;
    }

    /** Whether the stream has a place on a server. */
    public final boolean hasServer() {
        return serverTaken;
    }

    /** Gives the place on the server back, if one was taken; the server stays known for the log. */
    public final void releaseServer() {
        if (serverTaken) {
            serverTaken = false;
            if (backend.release(server)) {
                // Later, as HAProxy does: the log of this stream still counts the place as free.
                Backend left = backend;
                Server freed = server;
                worker().loop().execute(() -> left.serve(freed));
            }
        }
    }

    /** Leaves backend and server, for good. */
    public final void leaveBackend() {
        releaseServer();
        if (inBackend) {
            inBackend = false;
            backend.counters().leave();
        }
    }

    /** Looks at the lines that go before balancing; once for each stream. */
    final void evaluatePersistence(Persistence persistence) {
        persistenceForced = persistence.always() || persistence.force().evaluate(this) != Verdict.CONTINUE;
        persistenceIgnored = persistence.ignore().evaluate(this) != Verdict.CONTINUE;
        persistence.useServer().evaluate(this);
    }

    /** A {@code use-server} line names a server; false if the stream cannot go there. */
    public final boolean askFor(Server wanted) {
        if (!wanted.acceptsPersistent() && !persistenceForced) {
            return false;
        }
        askedFor = wanted;
        // As HAProxy does: the client is not told of a server that it would not have come to.
        persistenceIgnored = true;
        return true;
    }

    final Server askedFor() {
        return askedFor;
    }

    /** Whether cookies count for nothing. */
    final boolean isPersistenceIgnored() {
        return persistenceIgnored;
    }

    /** {@code option persist} or {@code force-persist}: the stream goes to its server even if that is down. */
    public final boolean keepsServersThatAreDown() {
        return persistenceForced;
    }

    /** A server that just failed; {@link Server#NONE} for none. */
    public final Server avoidedServer() {
        return avoided;
    }

    /** Whether a server failed before the one that just did: there may be others that have not been tried. */
    public final boolean hasFailedOn(Server candidate) {
        return !failedBefore.isEmpty() && failedBefore.contains(candidate);
    }

    /** Counts another attempt: a retry with the same server, or a redispatch {@code elsewhere}. */
    public final void countRetry(boolean elsewhere) {
        retries++;
        if (elsewhere) {
            redispatched = true;
            if (avoided != Server.NONE && avoided != server) {
                failedBefore = failedBefore.isEmpty() ? new ArrayList<>() : failedBefore;
                failedBefore.add(avoided);
                failedBefore.remove(server);
            }
            avoided = server;
            server.state().counters().redispatches.increment();
            backend.counters().redispatches.increment();
        } else {
            server.state().counters().retries.increment();
            backend.counters().retries.increment();
        }
    }

    /** Whether a cookie, a stick line, a rule or the client's own connection named the server, and not the balancing. */
    final boolean isDirect() {
        return direct;
    }

    final void setDirect(boolean named) {
        direct = named;
    }

    /** {@code disable-l7-retry}. */
    public final void disableRetry() {
        retryDisabled = true;
    }

    final boolean isRetryDisabled() {
        return retryDisabled;
    }

    /** Whether the stream has waited in the queue: it then goes before those that have not. */
    public final boolean hasQueued() {
        return queued;
    }

    public final boolean isInQueue() {
        return inQueue;
    }

    /** The server that the stream must wait for; {@link Server#NONE}: whichever has room. */
    final void setWaitingFor(Server wanted) {
        waitingFor = wanted;
    }

    public final int priorityClass() {
        return priorityClass;
    }

    /** {@code set-priority-class}: lower ones are served first. */
    public final void setPriorityClass(int value) {
        priorityClass = value;
    }

    public final int priorityOffsetMillis() {
        return priorityOffsetMillis;
    }

    /** {@code set-priority-offset}: as if the stream had come later, or earlier. */
    public final void setPriorityOffset(int millis) {
        priorityOffsetMillis = millis;
    }

    /** Waits for a place on a server. */
    public final void enqueue() {
        if (!queued) {
            queued = true;
            queuedSinceNanos = System.nanoTime();
        }
        inQueue = true;
        server = Server.NONE;
        ServerQueue.Ticket mine = new ServerQueue.Ticket(
                this, backend, waitingFor, priorityClass, queuedSinceNanos + priorityOffsetMillis * 1_000_000L);
        ticket = Optional.of(mine);
        int place = backend.queue().add(mine);
        if (waitingFor == Server.NONE) {
            backendQueuePosition = place;
        } else {
            serverQueuePosition = place;
        }
        waitFor(Wait.QUEUE, leftInQueueMillis());
        backend.serveWaiting();
    }

    /** A stream whose turn came to nothing and that waits again does not get {@code timeout queue} anew. */
    private long leftInQueueMillis() {
        long limit = backend.policy().queueTimeoutMillis();
        return limit <= 0 ? limit : Math.max(1, limit - (System.nanoTime() - queuedSinceNanos) / 1_000_000);
    }

    @Override
    public final void wake(ServerQueue.Ticket used) {
        worker().loop().execute(() -> {
            if (endsWait(used)) {
                queueTurn();
            }
        });
    }

    @Override
    public final void give(ServerQueue.Ticket used, ServerState place) {
        worker().loop().execute(() -> {
            if (!endsWait(used)) {
                // Gave up meanwhile: the next in the queue must not miss the place.
                used.backend().giveBack(place);
                return;
            }
            Server mine = backend.serverOf(place);
            if (mine != Server.NONE && (mine.acceptsPersistent() || persistenceForced)) {
                takeServer(mine);
            } else {
                backend.giveBack(place);
            }
            queueTurn();
        });
    }

    private boolean endsWait(ServerQueue.Ticket used) {
        if (!inQueue || ticket.isEmpty() || ticket.get() != used) {
            return false;
        }
        inQueue = false;
        ticket = Optional.empty();
        stopWaiting();
        return true;
    }

    /** The wait is over: the stream {@linkplain #hasServer has a server} now, or must choose again. */
    protected abstract void queueTurn();

    /** A wait took longer than its limit. */
    protected abstract void waitExpired(Wait what);

    public final void waitForConnect(ServerConnector.Attempt started) {
        attempt = Optional.of(started);
        waitFor(Wait.CONNECT, backend.policy().connectTimeoutMillis());
    }

    /** The attempt to connect is over, well or not. */
    public final void connectEnded() {
        attempt = Optional.empty();
        stopWaiting();
    }

    /** Waits before connecting to the same server again. */
    public final void waitForTurnaround(long millis) {
        waitFor(Wait.TURNAROUND, millis);
    }

    // ---- rules that wait

    /** Whether an action of this list waits: what comes before the list has been done. */
    public final boolean isWaitingIn(RuleList list) {
        return waitingList == list && list != RuleList.EMPTY;
    }

    public final void waitInRule(RuleList list, int rule) {
        waitingList = list;
        waitingRule = rule;
    }

    /** The rule that has waited; it does not any more. */
    public final int takeWaitingRule() {
        waitingList = RuleList.EMPTY;
        return waitingRule;
    }

    /** Whether rules may look names up: not where they are only shown. */
    public boolean mayResolve() {
        return true;
    }

    /** Whether a rule waits for a name. */
    public final boolean isResolving() {
        return resolving;
    }

    /** Looks a name up; the rule that asks yields, and is asked again when the answer is there. */
    public final void resolve(Resolvers section, DnsQuestion question) {
        resolving = true;
        resolved = Optional.empty();
        long mine = ++lookUp;
        section.ask(question, answer -> {
            try {
                worker().loop().execute(() -> resolved(mine, answer));
            } catch (RejectedExecutionException e) {
                LOG.trace("the engine has stopped, and the stream with it", e);
            }
        });
    }

    private void resolved(long which, DnsAnswer answer) {
        if (resolving && which == lookUp) {
            resolving = false;
            resolved = Optional.of(answer);
            ruleTurn();
        }
    }

    /** The answer that a rule has waited for; once. */
    public final Optional<DnsAnswer> takeResolved() {
        Optional<DnsAnswer> answer = resolved;
        resolved = Optional.empty();
        return answer;
    }

    private void stopResolving() {
        resolving = false;
        resolved = Optional.empty();
    }

    /** The rule that has waited is to be asked again. */
    protected abstract void ruleTurn();

    /**
     * {@code wait-for-body}.
     *
     * @param atLeastBytes 0: all of it
     * @return whether there is nothing to wait for, now or any more
     */
    public boolean awaitRequestBody(int atLeastBytes, long millis) {
        return true;
    }

    /** Writes as much of the request's body as is there, chunks taken apart. */
    public void copyRequestBody(ByteSink out) {
        // Only an exchange of HTTP has one.
    }

    /** The length that the request's body is declared to have; -1 if it comes in chunks. */
    public long requestBodyLength() {
        return 0;
    }

    /**
     * {@code http-response wait-for-body}; as {@link #awaitRequestBody}. A server that is slower than the time is taken for one that does
     * not answer.
     */
    public boolean awaitResponseBody(int atLeastBytes, long millis) {
        return true;
    }

    /** Writes as much of the response's body as is there, chunks taken apart. */
    public void copyResponseBody(ByteSink out) {
        // Only an exchange of HTTP has one.
    }

    /** The length that the response's body is declared to have; -1 if it comes in chunks or ends with its connection. */
    public long responseBodyLength() {
        return 0;
    }

    /** Waits for the server's body. */
    public final void waitForResponseBody(long millis) {
        waitFor(Wait.RESPONSE_BODY, Math.max(1, millis));
    }

    public final boolean isWaitingForResponseBody() {
        return wait == Wait.RESPONSE_BODY;
    }

    /** Waits for the client's body. */
    public final void waitForBody(long millis) {
        waitFor(Wait.BODY, Math.max(1, millis));
    }

    public final boolean isWaitingForBody() {
        return wait == Wait.BODY;
    }

    /** Lets the client wait. */
    public final void waitInTarpit(long millis) {
        waitFor(Wait.TARPIT, Math.max(1, millis));
    }

    /** Waits for what content rules want to see. */
    public final void waitForContent(long millis) {
        waitFor(Wait.INSPECTION, Math.max(1, millis));
    }

    /** Waits for the server, 0 without limit. */
    public final void waitForServer(long millis) {
        waitFor(Wait.SERVER, millis);
    }

    public final void stopWaiting() {
        wait = Wait.NOTHING;
        worker().timers().disarm(timer);
    }

    private void waitFor(Wait what, long millis) {
        wait = what;
        worker().timers().arm(timer, millis);
    }

    private void timerExpired() {
        Wait expired = wait;
        wait = Wait.NOTHING;
        leaveQueue();
        if (expired == Wait.CONNECT) {
            attempt.ifPresent(ServerConnector.Attempt::expire);
            attempt = Optional.empty();
        }
        waitExpired(expired);
    }

    private void leaveQueue() {
        if (inQueue) {
            inQueue = false;
            // Gave up: the time in the queue is known all the same, as HAProxy logs it.
            clock.assigned = System.nanoTime();
            ticket.ifPresent(backend.queue()::remove);
            ticket = Optional.empty();
        }
    }

    private void cancelConnect() {
        attempt.ifPresent(ServerConnector.Attempt::cancel);
        attempt = Optional.empty();
    }

    /** Stops whatever the stream waits for: queue, connect, timers. */
    public final void abandonWaits() {
        stopWaiting();
        stopResolving();
        cancelConnect();
        leaveQueue();
    }

    /** The stream is over for good: no timer refers to it any more. */
    public final void removeTimers() {
        worker().timers().remove(timer);
    }
}
