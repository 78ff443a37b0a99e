package net.lbd.core.runtime;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.core.connect.ConnectionPool;
import net.lbd.core.connect.FlushQueue;
import net.lbd.core.connect.LiveServers;
import net.lbd.core.connect.ReadQueue;
import net.lbd.core.connect.TurnClock;
import net.lbd.core.h2.H2Limits;
import net.lbd.core.h2.TextCache;
import net.lbd.core.http.BytePool;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.AcceptBrake;
import net.lbd.core.listen.ClientConnection;
import net.lbd.core.report.SessionFacts;
import net.lbd.core.sample.Scratch;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.StreamClock;

/**
 * One event loop and all that belongs to it alone: nothing here is shared, so nothing here is locked.
 * The client and the server connection of a session live on the same worker. Event-loop confined but
 * for {@link #loop}, {@link #index} and {@link #limits}.
 */
public final class Worker {

    /** What a stream may hold. Immutable; of the configuration that is in force. */
    public record Limits(int headBytes, int maxHeaders, H2Limits http2Clients, H2Limits http2Servers) { }

    private static final AtomicLong SESSION_IDS = new AtomicLong();

    private final int index;
    private final EventLoop loop;
    private final Transport transport;
    private final ByteBufAllocator allocator;
    private final AcceptBrake brake;
    private final Scratch scratch = new Scratch();
    private final BytePool bytePool = new BytePool();
    private final TextCache fieldTexts = new TextCache();
    private final LiveServers servers = new LiveServers();
    private final ConnectionPool pool = new ConnectionPool(servers);
    private final FlushQueue flushes;
    private final TurnClock clock = new TurnClock();
    private final ReadQueue reads;
    private final TimerWheel timers;
    private final Set<ClientConnection> clients = Collections.newSetFromMap(new IdentityHashMap<>());
    private int openChannels;
    private volatile Limits limits = new Limits(16384 - 1024, 101, H2Limits.DEFAULT, H2Limits.DEFAULT);

    /** One that no brake counts for, for rules that are tried and for tests. */
    public Worker(int index, EventLoop loop, Transport transport, ByteBufAllocator allocator) {
        this(index, loop, transport, allocator, new AcceptBrake());
    }

    /** @param brake counts the connections of all workers */
    public Worker(int index, EventLoop loop, Transport transport, ByteBufAllocator allocator, AcceptBrake brake) {
        this.brake = Objects.requireNonNull(brake, "brake");
        this.index = index;
        this.loop = Objects.requireNonNull(loop, "loop");
        this.transport = Objects.requireNonNull(transport, "transport");
        this.allocator = new SmallBuffers(allocator, loop);
        this.flushes = new FlushQueue(loop);
        this.reads = new ReadQueue(loop, clock);
        this.timers = new TimerWheel(loop::schedule, clock::nanos);
    }

    /** From 0; what is kept for each worker stands under this index. */
    public int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    public Transport transport() {
        return transport;
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Reusable samples. */
    public Scratch scratch() {
        return scratch;
    }

    /** Arrays for message heads. */
    public BytePool bytePool() {
        return bytePool;
    }

    /** Names and values of HTTP/2 header fields. */
    public TextCache fieldTexts() {
        return fieldTexts;
    }

    /** Idle server connections. */
    public ConnectionPool pool() {
        return pool;
    }

    /** Of which servers connections may rest. */
    public LiveServers servers() {
        return servers;
    }

    /** Another configuration is in force: idle connections to servers that it does not have are closed. */
    void serversChanged(Collection<Server> now) {
        servers.replace(now);
        pool.serversChanged();
        clients.forEach(ClientConnection::serversChanged);
    }

    /** What is to be sent at the end of the loop's turn. */
    public FlushQueue flushes() {
        return flushes;
    }

    /** What was read in the loop's turn and is handled at its end. */
    public ReadQueue reads() {
        return reads;
    }

    /** The time, as {@link System#nanoTime}; one and the same while one read is handled. */
    public long nanos() {
        return clock.nanos();
    }

    public TimerWheel timers() {
        return timers;
    }

    /** Remembers a client's connection until it ends, so that it can be closed at a stop. */
    public void enter(ClientConnection connection) {
        clients.add(connection);
    }

    public void leave(ClientConnection connection) {
        clients.remove(connection);
    }

    /** Closes the client connections on which nothing goes on. */
    void closeIdleClients() {
        List.copyOf(clients).forEach(ClientConnection::closeIfIdle);
    }

    /** Ends the exchanges that have this server. */
    void closeClientsServedBy(Server server) {
        List.copyOf(clients).forEach(client -> client.closeIfServedBy(server));
    }

    /** Requests that have been open for so long, by their backends. */
    Map<String, Integer> openFor(long millis) {
        Map<String, Integer> counts = new HashMap<>();
        long now = System.nanoTime();
        for (ClientConnection client : clients) {
            for (Stream stream : client.streams()) {
                long began = stream.clock().requestBegin;
                boolean chosen = stream.backend() != stream.frontend().withoutBackend();
                if (chosen && stream.isHttp() && began != StreamClock.NEVER && now - began >= millis * 1_000_000) {
                    counts.merge(stream.backend().name(), 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    /** What goes on. */
    List<SessionFacts> sessions() {
        return clients.stream().flatMap(client -> client.streams().stream()).map(SessionFacts::of).toList();
    }

    WorkerFacts facts() {
        int pending = loop instanceof SingleThreadEventExecutor one ? one.pendingTasks() : 0;
        return new WorkerFacts(pending, clients.size(), openChannels, pool.sizes());
    }

    /** Ends the connection of this number, if it is one of this loop. */
    boolean cutClient(long id) {
        for (ClientConnection client : clients) {
            if (client.stream().session().id() == id) {
                client.cut();
                return true;
            }
        }
        return false;
    }

    /** Ends the connections with an exchange under way that began with this load of the configuration; tells how many. */
    int cutGeneration(int number) {
        List<ClientConnection> wanted = clients.stream().filter(client -> client.streams().stream().anyMatch(stream ->
                stream.frontend().generation().number() == number
                        && !(stream.isHttp() && stream.clock().requestBegin == StreamClock.NEVER))).toList();
        wanted.forEach(ClientConnection::cut);
        return wanted.size();
    }

    /** Closes every connection. */
    void closeAll() {
        List.copyOf(clients).forEach(ClientConnection::cut);
        pool.close();
    }

    /** Counts a channel of this loop until it is closed. */
    public void opened(Channel channel) {
        openChannels++;
        brake.opened();
        channel.closeFuture().addListener(closed -> {
            openChannels--;
            brake.closed();
        });
    }

    /** What keeps all listeners from accepting. */
    public AcceptBrake brake() {
        return brake;
    }

    /** Whether no connection is open, to clients or servers. */
    boolean isEmpty() {
        return openChannels == 0;
    }

    public Limits limits() {
        return limits;
    }

    void setLimits(Limits newLimits) {
        limits = newLimits;
    }

    /** A number that no other session of this process has. */
    public static long nextSessionId() {
        return SESSION_IDS.incrementAndGet();
    }
}
