package net.lbd.core.session;

import net.lbd.core.sample.Variables;
import io.netty.channel.Channel;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.Listener;
import net.lbd.core.netns.Namespace;
import net.lbd.core.runtime.Worker;
import net.lbd.core.stick.Tracking;

/**
 * One client connection: who the client is, which snapshot of the configuration serves it, and what
 * lasts from one of its requests to the next. Event-loop confined.
 */
public final class Session {

    private final Worker worker;
    private final Listener listener;
    private Frontend frontend;
    private final Channel channel;
    private final long id;
    private final Peer realSource;
    private final Peer realDestination;
    private final String bindName;
    private final boolean bindNamed;
    private final int bindNumber;
    private BindRuntime.Http2 http2;
    private Peer source;
    private Peer destination;
    /** What {@link #source} and {@link #destination} are again for the next stream. */
    private Peer ownSource;
    private Peer ownDestination;
    private final Variables variables;
    private final Session root;
    private Optional<Namespace> namespace;
    private ReceivedProxy proxyHeader = ReceivedProxy.NONE;
    private boolean proxyHeaderExpected;
    private boolean netscalerHeaderExpected;
    private TlsInfo tls = TlsInfo.NONE;
    private TlsFaults tlsFaults = TlsFaults.NONE;
    private OfferedTls offeredTls = OfferedTls.NONE;
    /** What this connection counts for in stick-tables. */
    private Tracking tracking = Tracking.NONE;
    private Server lastServer = Server.NONE;
    private long requests;
    private ConnectionError error = ConnectionError.NONE;
    private ClientProtocol protocol = ClientProtocol.HTTP_1;

    /** @param listener what accepted the connection */
    public Session(Worker worker, Listener listener, Channel channel, long id) {
        this.worker = Objects.requireNonNull(worker, "worker");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.frontend = listener.bind().frontend();
        this.channel = Objects.requireNonNull(channel, "channel");
        this.id = id;
        this.bindName = listener.bind().title();
        this.bindNamed = !listener.bind().name().isEmpty();
        this.bindNumber = listener.bind().number();
        this.http2 = listener.bind().http2();
        this.realSource = Peer.of(channel.remoteAddress());
        this.realDestination = Peer.of(channel.localAddress());
        this.source = realSource;
        this.destination = realDestination;
        this.ownSource = realSource;
        this.ownDestination = realDestination;
        this.namespace = listener.bind().socket().namespace();
        this.variables = new Variables();
        this.root = this;
    }

    private Session(Session root) {
        this.worker = root.worker;
        this.listener = root.listener;
        this.frontend = root.frontend;
        this.channel = root.channel;
        this.id = root.id;
        this.bindName = root.bindName;
        this.bindNamed = root.bindNamed;
        this.bindNumber = root.bindNumber;
        this.http2 = root.http2;
        this.realSource = root.realSource;
        this.realDestination = root.realDestination;
        this.source = root.ownSource;
        this.destination = root.ownDestination;
        this.ownSource = root.ownSource;
        this.ownDestination = root.ownDestination;
        this.namespace = root.namespace;
        this.variables = root.variables;
        this.tls = root.tls;
        this.tlsFaults = root.tlsFaults;
        this.offeredTls = root.offeredTls;
        this.proxyHeader = root.proxyHeader;
        this.proxyHeaderExpected = root.proxyHeaderExpected;
        this.root = root;
    }

    /**
     * The same session for one of several exchanges that go on at the same time: what a rule or a reload changes for an
     * exchange is its own, what lasts from one to the next is common.
     */
    public Session fork() {
        return new Session(root);
    }

    /** The session of the client's connection: what forks have in common. */
    public Session root() {
        return root;
    }

    public Worker worker() {
        return worker;
    }

    /** What accepted the connection. */
    public Listener listener() {
        return listener;
    }

    /** The frontend as it is configured for the exchange that is going on. */
    public Frontend frontend() {
        return frontend;
    }

    /**
     * Takes the configuration in force over, between two exchanges: a client that stays connected for
     * hours must not be served by a configuration of yesterday. A connection whose listener is gone keeps
     * what it had.
     *
     * @return whether it is another than before
     */
    public boolean adoptCurrent() {
        Frontend current = listener.bind().frontend();
        if (current == frontend || listener.isClosed() || current.mode() != frontend.mode()) {
            return false;
        }
        frontend = current;
        root.lastServer = Server.NONE;
        return true;
    }

    /** Whether no further exchange shall begin on this connection: its listener is gone. */
    public boolean isEnding() {
        return listener.isClosed();
    }

    public Channel channel() {
        return channel;
    }

    /** A number that no other connection of this process has. */
    public long id() {
        return id;
    }

    /** The {@code name} of the bind line, or its address. */
    public String bindName() {
        return bindName;
    }

    /** Whether {@link #bindName} is a name that the configuration gives. */
    public boolean isBindNamed() {
        return bindNamed;
    }

    /** The number of the listening socket in its proxy, as it was when the connection came. */
    public int bindNumber() {
        return bindNumber;
    }

    /** When the client speaks HTTP/2. */
    public BindRuntime.Http2 http2() {
        return http2;
    }

    /** A rule has chosen what a connection speaks that goes over to HTTP. */
    public void setHttp2(BindRuntime.Http2 chosen) {
        http2 = chosen;
    }

    /** The client: from the connection, or what a PROXY header says. */
    public Peer source() {
        return source;
    }

    /** What the client connected to. */
    public Peer destination() {
        return destination;
    }

    public Peer realSource() {
        return realSource;
    }

    public Peer realDestination() {
        return realDestination;
    }

    /** Takes the addresses of a PROXY header. */
    public void setAddresses(Peer newSource, Peer newDestination) {
        source = newSource;
        destination = newDestination;
        ownSource = newSource;
        ownDestination = newDestination;
    }

    /** The network namespace that the client is in: that of the bind line, or what a PROXY header says; empty: the daemon's. */
    public Optional<Namespace> namespace() {
        return root.namespace;
    }

    /** A PROXY header says so. */
    public void setNamespace(Namespace told) {
        namespace = Optional.of(told);
    }

    /** Whether the connection must begin with a PROXY header. */
    public boolean isProxyHeaderExpected() {
        return proxyHeaderExpected;
    }

    /** A bind line or a connection rule wants a PROXY header. */
    public void expectProxyHeader() {
        proxyHeaderExpected = true;
    }

    /** Whether a connection rule wants the header of a NetScaler. */
    public boolean isNetscalerHeaderExpected() {
        return netscalerHeaderExpected;
    }

    /** A connection rule wants the header of a NetScaler. */
    public void expectNetscalerHeader() {
        netscalerHeaderExpected = true;
    }

    /** {@link ReceivedProxy#NONE} for a connection that had no PROXY header. */
    public ReceivedProxy proxyHeader() {
        return proxyHeader;
    }

    public void setProxyHeader(ReceivedProxy header) {
        proxyHeader = header;
    }

    /** Takes addresses that a rule has chosen for the stream at hand. */
    public void setStreamAddresses(Peer newSource, Peer newDestination) {
        source = newSource;
        destination = newDestination;
    }

    /** Forgets what rules have chosen for a stream. */
    public void resetStreamAddresses() {
        source = ownSource;
        destination = ownDestination;
    }

    /** The variables of scope {@code sess}. */
    public Variables variables() {
        return variables;
    }

    /** What tcp-request connection and session rules track. */
    public Tracking tracking() {
        return root.tracking;
    }

    /** That of this connection, to track with: it ends with the connection. */
    public Tracking ownTracking() {
        if (root.tracking == Tracking.NONE) {
            Tracking begun = new Tracking();
            root.tracking = begun;
            channel.closeFuture().addListener(closed -> begun.end());
        }
        return root.tracking;
    }

    /** {@link TlsInfo#NONE} for a connection in the clear. */
    public TlsInfo tls() {
        return tls;
    }

    public boolean isTls() {
        return tls != TlsInfo.NONE;
    }

    public void setTls(TlsInfo info) {
        tls = info;
    }

    /** What went wrong in the client's TLS handshake, also if it did not end it. */
    public TlsFaults tlsFaults() {
        return tlsFaults;
    }

    public void setTlsFaults(TlsFaults faults) {
        tlsFaults = faults;
    }

    /** What the client's TLS hello offered; {@link OfferedTls#NONE} unless it is kept. */
    public OfferedTls offeredTls() {
        return offeredTls;
    }

    public void setOfferedTls(OfferedTls offered) {
        offeredTls = offered;
    }

    /** The server of the previous request; {@link Server#NONE} before there is one. */
    public Server lastServer() {
        return root.lastServer;
    }

    public void setLastServer(Server server) {
        root.lastServer = server;
    }

    /** What the client speaks. */
    public ClientProtocol protocol() {
        return root.protocol;
    }

    public void setProtocol(ClientProtocol spoken) {
        root.protocol = spoken;
    }

    /** What kept the connection from carrying traffic. */
    public ConnectionError error() {
        return error;
    }

    public void setError(ConnectionError newError) {
        error = newError;
    }

    /** Requests begun on this connection. */
    public long requests() {
        return root.requests;
    }

    public void countRequest() {
        root.requests++;
    }
}
