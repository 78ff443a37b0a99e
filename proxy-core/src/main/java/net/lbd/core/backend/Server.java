package net.lbd.core.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.StartTls;
import net.lbd.core.connect.LocalAddress;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ProxyHeaderTemplate;
import net.lbd.core.connect.SocketPolicy;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.session.Peer;
import net.lbd.core.stream.Stream;
import net.lbd.core.tls.ServerTls;

/**
 * A server as one snapshot of the configuration has it. Immutable, but for {@link #state()}, which all
 * snapshots share that have this server.
 */
public final class Server {

    /** Parts of one unit of weight, in which a server takes its load up. */
    public static final int WEIGHT_PARTS = 16;

    /** Stands for "no server": of a stream before its choice, and of one that needs none. */
    public static final Server NONE = new Server();

    private final String name;
    private final byte[] nameBytes;
    private final int id;
    private final Target target;
    private final int weight;
    private final int hashBase;
    private final ConnectionLimit limit;
    private final int maxQueue;
    private final boolean backup;
    private final Ways ways;
    private final Hello hello;
    private final Optional<Opening> fixedOpening;
    private final Limits limits;
    private final ServerState state;
    private final Optional<byte[]> redirect;

    /**
     * How many idle connections are kept, and for how long, and what is asked of their sockets.
     *
     * @param poolMax idle connections of one worker; -1: without limit
     * @param maxReuse how often one is used again; -1: without limit
     */
    public record Limits(int poolMax, long poolPurgeDelayMillis, boolean shutdownSessionsOnDown, SocketPolicy sockets,
            int maxReuse) {
        public Limits {
            Objects.requireNonNull(sockets, "sockets");
        }
    }

    /**
     * What a connection to the server is: two servers with equal targets could take each other's.
     *
     * @param address empty: the name could not be resolved
     * @param portFromClient connect to the port that the client connected to, plus {@code portOffset}
     * @param settings what else shapes a connection, such as TLS, by the name of the parameter
     */
    public record Target(Optional<SocketAddress> address, boolean portFromClient, int portOffset,
            Map<String, Object> settings) {
        public Target {
            Objects.requireNonNull(address, "address");
            settings = Map.copyOf(settings);
        }
    }

    /**
     * What a new connection tells the server before its traffic.
     *
     * @param sni the name to ask for by TLS
     * @param startTls the mail protocol in which TLS is asked for; empty: the connection begins with it
     * @param source where it comes from; empty: the kernel chooses
     */
    public record Hello(Optional<SampleExpression> sni, Optional<ProxyHeaderTemplate> proxyHeader, Optional<StartTls> startTls,
            Optional<SourceChoice> source) {

        /** Nothing. */
        public static final Hello NONE = new Hello(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public Hello {
            Objects.requireNonNull(sni, "sni");
            Objects.requireNonNull(proxyHeader, "proxyHeader");
            Objects.requireNonNull(startTls, "startTls");
            Objects.requireNonNull(source, "source");
        }

        /** What every connection begins with, whatever the stream; empty: it depends. */
        private Optional<Opening> fixed() {
            return sni.isPresent() || proxyHeader.isPresent() || source.filter(s -> !s.isFixed()).isPresent() ? Optional.empty()
                    : Optional.of(source.map(s -> new Opening("", ProxyHeaderTemplate.NONE, s.own(), 0)).orElse(Opening.PLAIN));
        }
    }

    /**
     * How much of the traffic a server takes.
     *
     * @param maxQueue streams that may wait for it; 0: any number
     * @param hashBase where its points begin that consistent hashing spreads over the ring
     */
    public record Share(int weight, ConnectionLimit limit, int maxQueue, boolean backup, int hashBase) {

        public Share {
            Objects.requireNonNull(limit, "limit");
        }

        public Share(int weight, int maxConnections, boolean backup, int hashBase) {
            this(weight, ConnectionLimit.of(maxConnections), 0, backup, hashBase);
        }
    }

    public Server(ServerSpec spec, Share share, Target target, Ways ways,
            Hello hello, Limits limits, ServerState state) {
        this.name = spec.name();
        this.nameBytes = Ascii.bytes(name);
        this.id = spec.id();
        this.weight = share.weight();
        this.hashBase = share.hashBase();
        this.limit = share.limit();
        this.maxQueue = share.maxQueue();
        this.backup = share.backup();
        this.target = Objects.requireNonNull(target, "target");
        this.ways = Objects.requireNonNull(ways, "ways");
        this.hello = Objects.requireNonNull(hello, "hello");
        this.fixedOpening = target.portFromClient() ? Optional.empty() : hello.fixed();
        this.limits = Objects.requireNonNull(limits, "limits");
        this.state = Objects.requireNonNull(state, "state");
        this.redirect = spec.settings().find(ServerSettings.REDIR).map(Ascii::bytes);
    }

    private Server() {
        this.name = "<NOSRV>";
        this.nameBytes = Ascii.bytes(name);
        this.id = 0;
        this.weight = 0;
        this.hashBase = 0;
        this.limit = ConnectionLimit.of(0);
        this.maxQueue = 0;
        this.backup = false;
        this.target = new Target(Optional.empty(), false, 0, Map.of());
        this.ways = Ways.PLAIN;
        this.hello = Hello.NONE;
        this.fixedOpening = Optional.of(Opening.PLAIN);
        this.limits = new Limits(0, 0, false, SocketPolicy.USUAL, -1);
        this.state = new ServerState();
        this.redirect = Optional.empty();
    }

    public String name() {
        return name;
    }

    /** {@code redir}: what clients are redirected to instead of being served, without the path; do not change it. */
    public Optional<byte[]> redirect() {
        return redirect;
    }

    /** The name as the log writes it; do not change it. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    public int id() {
        return id;
    }

    /** Whether a line of the backend names it; false for what {@code dispatch} names, which no cookie speaks of. */
    public boolean isListed() {
        return id > 0;
    }

    /** Where to connect for a client that came to this port; empty if the name is not resolved. */
    public Optional<SocketAddress> address(int clientDestinationPort) {
        Optional<SocketAddress> address = currentAddress();
        if (!target.portFromClient() || address.isEmpty() || !(address.get() instanceof InetSocketAddress inet)) {
            return address;
        }
        int port = portFor(clientDestinationPort);
        return port < 1 || port > 65535
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(inet.getAddress(), port));
    }

    private int portFor(int clientDestinationPort) {
        return clientDestinationPort + target.portOffset();
    }

    /** Where to connect for a client that wanted to go there; a server without an address of its own ({@code 0.0.0.0}) is there. */
    public Optional<SocketAddress> address(Peer destination) {
        Optional<SocketAddress> address = address(destination.port());
        if (address.isPresent() && isEverywhere(address.get()) && destination.isIp()) {
            return Optional.of(new InetSocketAddress(addressOf(destination), ((InetSocketAddress) address.get()).getPort()));
        }
        return address;
    }

    private static boolean isEverywhere(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved() && inet.getAddress().isAnyLocalAddress();
    }

    private static InetAddress addressOf(Peer peer) {
        try {
            return InetAddress.getByAddress(peer.address());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + peer.address().length + " bytes", e);
        }
    }

    /** Which of the places of the server an address is, for a connection that may be used again; -1: none that it is at now. */
    public int placeOf(SocketAddress connected) {
        ServerState.Place place = state.place();
        SocketAddress now = place.address().or(target::address).orElse(connected);
        boolean here = now instanceof InetSocketAddress inet && connected instanceof InetSocketAddress other
                ? Objects.equals(inet.getAddress(), other.getAddress()) : now.equals(connected);
        return here ? place.number() : -1;
    }

    private Optional<SocketAddress> currentAddress() {
        if (state.isUnresolved()) {
            return Optional.empty();
        }
        Optional<SocketAddress> found = state.place().address();
        return found.isPresent() ? found : target.address();
    }

    /**
     * Where checks and agents of the server connect; unresolved as long as its name is.
     *
     * @param port in place of the server's own
     */
    public SocketAddress checkAddress(Optional<Integer> port) {
        Optional<SocketAddress> address = currentAddress();
        if (address.isEmpty()) {
            return InetSocketAddress.createUnresolved(name, 0);
        }
        return port.isPresent() && address.get() instanceof InetSocketAddress inet
                ? new InetSocketAddress(inet.getAddress(), port.get()) : address.get();
    }

    /** As the configuration has it. */
    public int configuredWeight() {
        return weight;
    }

    /** As it is now: the administrator may have changed it. */
    public int weight() {
        return state.weight(weight);
    }

    /** The weight that dynamic algorithms go by, in {@link #WEIGHT_PARTS}. */
    public int effectiveWeight() {
        return state.ramped(weight() * WEIGHT_PARTS);
    }

    /** Where its points on the ring of consistent hashing begin. */
    public int hashBase() {
        return hashBase;
    }

    /**
     * Whether this is the same server of the same backend in another configuration, and reached in the same way: a
     * connection made under one serves the other.
     */
    public boolean takesConnectionsOf(Server other) {
        return this == other || state == other.state && target.equals(other.target);
    }

    /** Connections at a time; 0: without limit. */
    public int maxConnections() {
        return state.maxConnections(limit.now());
    }

    public boolean isBackup() {
        return backup;
    }

    /** What a connection that is made for this stream begins with. */
    public Opening opening(Stream stream) {
        if (fixedOpening.isPresent()) {
            return fixedOpening.get();
        }
        byte[] header = hello.proxyHeader.isEmpty() ? ProxyHeaderTemplate.NONE : hello.proxyHeader.get().make(stream);
        return new Opening(sni(stream), header, hello.source.isEmpty() ? LocalAddress.ANY : hello.source.get().of(stream),
                target.portFromClient() ? portFor(stream.session().destination().port()) : 0);
    }

    private String sni(Stream stream) {
        if (hello.sni.isEmpty()) {
            return "";
        }
        Scratch scratch = stream.worker().scratch();
        Sample name = scratch.take();
        String text = hello.sni.get().evaluate(stream, name) ? name.text() : "";
        scratch.give(name);
        return text;
    }

    /** The mail protocol in which TLS is asked for; empty: the connection begins with it. */
    public Optional<StartTls> startTls() {
        return hello.startTls;
    }

    /** TLS of usual streams; empty: in the clear. */
    public Optional<ServerTls> tls() {
        return ways.usual().tls();
    }

    public Ways ways() {
        return ways;
    }

    public Limits limits() {
        return limits;
    }

    public ServerState state() {
        return state;
    }

    /** Whether new streams may come here: it is up and takes some, and neither draining nor in maintenance. */
    public boolean isUsable() {
        return state.isUp() && !state.isStopping() && state.admin() == ServerState.Admin.READY && weight() > 0;
    }

    /** Whether a stream that belongs here may come: as {@link #isUsable}, but draining is no hindrance. */
    public boolean acceptsPersistent() {
        return state.isUp() && state.admin() != ServerState.Admin.MAINT;
    }

    /** Connections that use this server at this moment, over all workers. */
    public int load() {
        return state.counters().current.get();
    }

    /** Takes a place for one stream, unless the server is full. Safe against other workers. */
    public boolean acquire() {
        return state.counters().enterBelow(maxConnections());
    }

    /** Takes a place, unless the load is not what it was any more. Safe against other workers. */
    public boolean acquireAt(int load) {
        return hasRoom(load) && state.counters().enterAt(load);
    }

    /** Whether one more fits with this load. */
    public boolean hasRoom(int load) {
        int max = maxConnections();
        return max <= 0 || load < max;
    }

    /** Gives a place back. */
    void release() {
        state.counters().leave();
    }

    /** How many may wait for it; 0: any number. */
    public int maxQueue() {
        return maxQueue;
    }

    /** Gives a place back that nobody has used. */
    void takeBack() {
        state.counters().takeBack();
    }

    /** Whether no more may wait for it. */
    public boolean isQueueFull() {
        return maxQueue > 0 && state.queued() >= maxQueue;
    }

    public boolean isFull() {
        return !hasRoom(load());
    }

    @Override
    public String toString() {
        return name;
    }
}
