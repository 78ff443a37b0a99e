package net.lbd.core.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.core.runtime.Transport;
import net.lbd.core.runtime.Worker;
import net.lbd.core.runtime.Workers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address that is listened on, with a socket for each worker where the kernel can share the port. A
 * reload leaves the sockets alone and replaces {@link BindRuntime}: connections accepted from then on
 * are served by the new configuration. Thread-safe.
 */
public final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final SocketAddress address;
    private static final AttributeKey<Boolean> WAITS_FOR_RATE = AttributeKey.valueOf(Listener.class, "waitsForRate");

    /** How long a socket rests that could not accept; milliseconds. */
    static final int REST_MILLIS = 100;
    private static final AttributeKey<Boolean> RESTS = AttributeKey.valueOf(Listener.class, "rests");

    private volatile List<Admission> admissions;
    private volatile List<RateLimit> rates;
    /** Replaced as a whole; a worker that counts a client must not wait for the lock under which sockets open and close. */
    private volatile List<Channel> sockets = List.of();
    private volatile BindRuntime bind;
    /** The process's, from {@link #open} on. */
    private volatile AcceptBrake brake = new AcceptBrake();
    private volatile boolean closed;
    /** How the sockets were opened, to open them again behind a pause. */
    private Optional<Opening> opening = Optional.empty();

    private record Opening(Workers workers, int backlog) { }

    /** Which file is ours. */
    private Optional<Object> placed = Optional.empty();

    /**
     * @param admissions the limits that count its connections: its own, those of the frontend and of the process
     * @param rates the limits that count what comes in a second
     */
    public Listener(SocketAddress address, BindRuntime bind, List<Admission> admissions, List<RateLimit> rates) {
        this.address = Objects.requireNonNull(address, "address");
        this.bind = Objects.requireNonNull(bind, "bind");
        this.admissions = List.copyOf(admissions);
        this.rates = List.copyOf(rates);
    }

    /** One that nothing limits. */
    public Listener(SocketAddress address, BindRuntime bind, List<Admission> admissions) {
        this(address, bind, admissions, List.of());
    }

    public SocketAddress address() {
        return address;
    }

    /** The address in use, with the real port where port 0 was asked for. */
    public SocketAddress boundAddress() {
        List<Channel> open = sockets;
        // Netty does not know the path of a Unix socket that is inherited.
        return open.isEmpty() || address instanceof DomainSocketAddress || open.get(0).localAddress() == null ? address : open.get(0).localAddress();
    }

    public BindRuntime bind() {
        return bind;
    }

    /**
     * Gives connections accepted from now on another configuration.
     *
     * @param newAdmissions what counts them; those accepted before leave the limits that they entered
     * @param newRates what counts them in a second
     */
    public synchronized void replace(BindRuntime newBind, List<Admission> newAdmissions, List<RateLimit> newRates) {
        UnixSocketFile fileBefore = bind.file();
        bind = Objects.requireNonNull(newBind, "newBind");
        if (!fileBefore.equals(newBind.file())) {
            changeFile(newBind.file());
        }
        List<Admission> before = admissions;
        if (!before.equals(newAdmissions)) {
            admissions = List.copyOf(newAdmissions);
            before.stream().filter(a -> !newAdmissions.contains(a)).forEach(a -> a.detach(this));
            newAdmissions.stream().filter(a -> !before.contains(a)).forEach(a -> a.attach(this));
            adjust();
        }
        List<RateLimit> ratesBefore = rates;
        if (!ratesBefore.equals(newRates)) {
            rates = List.copyOf(newRates);
            ratesBefore.stream().filter(r -> !newRates.contains(r)).forEach(r -> r.detach(this));
            newRates.stream().filter(r -> !ratesBefore.contains(r)).forEach(r -> r.attach(this));
            adjust();
        }
    }

    private void changeFile(UnixSocketFile wanted) {
        Optional<Path> file = file();
        try {
            if (file.isPresent()) {
                wanted.apply(file.get());
            }
        } catch (IOException e) {
            LOG.warn("the socket {} keeps the owner and permissions that it has: {}", address, e.toString());
        }
    }

    /** The path of a Unix socket that has one. */
    private Optional<Path> file() {
        return address instanceof DomainSocketAddress unix && !unix.path().startsWith("\0")
                ? Optional.of(Path.of(unix.path())) : Optional.empty();
    }

    /** Whether it accepts no more. */
    public boolean isClosed() {
        return closed;
    }

    List<Admission> admissions() {
        return admissions;
    }

    /**
     * Opens the sockets. If one cannot be opened, none is.
     *
     * @param backlog connections that may wait in the kernel
     * @throws IOException with the kernel's reason
     */
    public synchronized void open(Workers workers, int backlog) throws IOException {
        brake = workers.brake();
        try {
            bindAll(workers, backlog);
        } catch (IOException e) {
            closed = true;
            throw e;
        }
        opening = Optional.of(new Opening(workers, backlog));
        admissions.forEach(a -> a.attach(this));
        rates.forEach(r -> r.attach(this));
        brake.attach(this);
        adjust();
    }

    /** Closes the sockets, so that nobody is accepted and the address is free; connections that are open go on. */
    public synchronized void pause() {
        List<Channel> open = sockets;
        sockets = List.of();
        open.forEach(socket -> socket.close().awaitUninterruptibly());
        removeFile();
    }

    /**
     * Opens the sockets of a {@linkplain #pause paused} listener again.
     *
     * @throws IOException if one cannot be opened: it stays paused
     */
    public synchronized void resume() throws IOException {
        if (!closed && sockets.isEmpty() && opening.isPresent()) {
            bindAll(opening.get().workers(), opening.get().backlog());
            adjust();
        }
    }

    private void bindAll(Workers workers, int backlog) throws IOException {
        if (address instanceof InheritedAddress inherited) {
            sockets = List.of(inherit(workers, inherited, backlog));
            return;
        }
        boolean unix = address instanceof DomainSocketAddress;
        Optional<Path> file = file();
        boolean shared = workers.transport().sharesPorts() && !unix && workers.all().size() > 1;
        SocketAddress at = address;
        if (file.isPresent()) {
            UnixSocketFile.refuseOtherFiles(file.get());
            Path beside = UnixSocketFile.beside(file.get());
            Files.deleteIfExists(beside);
            at = new DomainSocketAddress(beside.toString());
        }
        List<Channel> opened = new ArrayList<>();
        try {
            for (Worker worker : shared ? workers.all() : workers.all().subList(0, 1)) {
                EventLoopGroup children = shared ? worker.loop() : workers.group();
                Channel socket = bindOne(workers, worker, children, at, shared, backlog);
                opened.add(socket);
                // With port 0 the first socket learns the port that the others share.
                at = socket.localAddress();
            }
            if (file.isPresent()) {
                bind.file().place(UnixSocketFile.beside(file.get()), file.get());
                placed = UnixSocketFile.identity(file.get());
            }
        } catch (IOException e) {
            opened.forEach(socket -> socket.close().awaitUninterruptibly());
            throw e;
        }
        sockets = List.copyOf(opened);
    }

    /** One socket for all workers, as there is one descriptor; the backlog is that of who has opened it. */
    private Channel inherit(Workers workers, InheritedAddress inherited, int backlog) throws IOException {
        if (workers.transport() != Transport.EPOLL) {
            throw new IOException("sockets that are inherited want the transport epoll: the others listen only on sockets that they make themselves");
        }
        // It listens already: nobody is accepted before there is somebody to serve them, see adjust().
        ServerBootstrap bootstrap = bootstrap(InheritedSocket.open(inherited), workers, workers.all().get(0), workers.group())
                .option(ChannelOption.AUTO_READ, false);
        ChannelFuture future = bootstrap.register().awaitUninterruptibly();
        Channel socket = future.channel();
        try {
            if (!future.isSuccess()) {
                throw new IOException(future.cause().getMessage(), future.cause());
            }
            bind.socket().prepare(socket, socket.localAddress(), backlog);
        } catch (IOException e) {
            socket.close().awaitUninterruptibly();
            throw e;
        }
        return socket;
    }

    private ServerBootstrap bootstrap(ServerChannel listening, Workers workers, Worker worker, EventLoopGroup children) {
        BindSocket options = bind.socket();
        return new ServerBootstrap()
                .group(worker.loop(), children)
                .channelFactory(() -> listening)
                .handler(new AcceptFaults(this))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        brake.accepted();
                        options.accepted(channel);
                        PipelineAssembler.assemble(channel, workers.of(channel.eventLoop()), Listener.this);
                    }
                });
    }

    private Channel bindOne(Workers workers, Worker worker, EventLoopGroup children, SocketAddress at,
            boolean shared, int backlog) throws IOException {
        BindSocket options = bind.socket();
        ServerChannel listening = options.namespace().isPresent() ? workers.newListener(options.namespace().get(), at) : workers.newListener(at);
        ServerBootstrap bootstrap = bootstrap(listening, workers, worker, children).option(ChannelOption.SO_BACKLOG, backlog);
        workers.transport().prepare(bootstrap);
        if (shared) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        if (!(at instanceof DomainSocketAddress)) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        ChannelFuture future = bootstrap.register().awaitUninterruptibly();
        Channel socket = future.channel();
        if (future.isSuccess()) {
            try {
                options.prepare(socket, at, backlog);
            } catch (IOException e) {
                socket.close().awaitUninterruptibly();
                throw e;
            }
            future = socket.bind(at).awaitUninterruptibly();
        }
        if (!future.isSuccess()) {
            socket.close().awaitUninterruptibly();
            throw future.cause() instanceof IOException io ? io : new IOException(future.cause().getMessage(), future.cause());
        }
        return socket;
    }

    /** Accepts or pauses, as the admissions have it; each socket on its own loop, which keeps the wishes in order. */
    void adjust() {
        for (Channel socket : sockets) {
            if (socket.eventLoop().inEventLoop()) {
                adjust(socket);
            } else {
                socket.eventLoop().execute(() -> adjust(socket));
            }
        }
    }

    private void adjust(Channel socket) {
        int waitMillis = waitMillis();
        if (waitMillis > 0 && socket.isOpen() && !Boolean.TRUE.equals(socket.attr(WAITS_FOR_RATE).get())) {
            // A rate comes down by itself: nobody else would wake this socket.
            socket.attr(WAITS_FOR_RATE).set(true);
            socket.eventLoop().schedule(() -> {
                socket.attr(WAITS_FOR_RATE).set(false);
                adjust(socket);
            }, waitMillis, TimeUnit.MILLISECONDS);
        }
        boolean accept = waitMillis == 0 && !Boolean.TRUE.equals(socket.attr(RESTS).get()) && !brake.isOn()
                && admissions.stream().noneMatch(Admission::isFull);
        if (socket.config().isAutoRead() != accept) {
            socket.config().setAutoRead(accept);
        }
    }

    /** The kernel gives a socket no client, most likely for want of descriptors; on the socket's loop. */
    void acceptFailed(Channel socket, Throwable cause) {
        if (!socket.isOpen()) {
            return;
        }
        brake.refused(this, cause);
        if (Boolean.TRUE.equals(socket.attr(RESTS).getAndSet(true))) {
            return;
        }
        adjust(socket);
        socket.eventLoop().schedule(() -> {
            socket.attr(RESTS).set(false);
            adjust(socket);
        }, REST_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How long a rate keeps the sockets paused; 0: none does. */
    private int waitMillis() {
        long now = System.nanoTime();
        int longest = 0;
        for (RateLimit rate : rates) {
            longest = Math.max(longest, rate.waitMillis(now));
        }
        return longest;
    }

    /** Counts what has happened in the rates of the frontend and of the process; on the connection's loop. */
    void count(RateLimit.Event event) {
        List<RateLimit> counting = rates;
        if (!counting.isEmpty()) {
            long now = System.nanoTime();
            counting.forEach(rate -> rate.count(event, now));
        }
    }

    /** Whether no socket is paused. */
    boolean isAccepting() {
        return sockets.stream().allMatch(socket -> socket.config().isAutoRead());
    }

    /** Accepts no more; connections that were accepted go on. Returns when the sockets are closed. */
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        admissions.forEach(a -> a.detach(this));
        rates.forEach(r -> r.detach(this));
        brake.detach(this);
        sockets.forEach(socket -> socket.close().awaitUninterruptibly());
        removeFile();
    }

    /** Unless another process has put its own in this place. */
    private void removeFile() {
        Optional<Path> file = file();
        try {
            if (file.isPresent() && placed.isPresent() && placed.equals(UnixSocketFile.identity(file.get()))) {
                Files.delete(file.get());
            }
        } catch (IOException e) {
            LOG.warn("the socket {} stays behind: {}", address, e.toString());
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
