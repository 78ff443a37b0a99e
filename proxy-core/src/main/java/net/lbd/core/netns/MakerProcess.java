package net.lbd.core.netns;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One run of a {@link SocketMaker}. It connects to a Unix socket in a folder that only this user can enter and that is gone as soon as it
 * has; what connects is taken for it only if the kernel says that it is the process that was started. Confined to the loop of namespaces.
 */
final class MakerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(MakerProcess.class);
    /** How long one that is told to end may take before it is killed. */
    private static final long END_MILLIS = 2000;

    /** Told on the loop. */
    interface Owner {
        /** A socket has come; those that were asked for come in order. */
        void made(int descriptor);

        /** The process is gone; told once. */
        void ended(String lastWords);
    }

    private final String namespace;
    private final EventLoop loop;
    private final Owner owner;
    private final Path folder;
    private Optional<Process> process = Optional.empty();
    private Optional<Channel> entry = Optional.empty();
    private Optional<Channel> connection = Optional.empty();
    /** Written on the loop; the reader only looks. */
    private volatile boolean ended;

    private MakerProcess(String namespace, EventLoop loop, Owner owner, Path folder) {
        this.namespace = Objects.requireNonNull(namespace, "namespace");
        this.loop = Objects.requireNonNull(loop, "loop");
        this.owner = Objects.requireNonNull(owner, "owner");
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /**
     * Starts one. It may be asked at once; what it is asked for comes when it runs.
     *
     * @throws IOException if it cannot be started
     */
    static MakerProcess start(String namespace, EventLoop loop, Owner owner) throws IOException {
        Path folder = Files.createTempDirectory("lbd-netns", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        MakerProcess maker = new MakerProcess(namespace, loop, owner, folder);
        try {
            maker.open();
        } catch (IOException | RuntimeException e) {
            maker.removeEntry();
            throw e;
        }
        return maker;
    }

    private Path socket() {
        return folder.resolve("sockets");
    }

    private void open() throws IOException {
        Channel listening = new ServerBootstrap().group(loop).channel(EpollServerDomainSocketChannel.class)
                .childOption(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Receiver());
                    }
                }).register().channel();
        entry = Optional.of(listening);
        listening.bind(new DomainSocketAddress(socket().toString())).addListener(bound -> {
            if (!bound.isSuccess()) {
                LOG.warn("namespace '{}': {} cannot be listened on: {}", namespace, socket(), bound.cause().toString());
                kill();
            }
        });
        ProcessBuilder builder = new ProcessBuilder(command(namespace, socket())).redirectErrorStream(true);
        // It needs nothing of what the daemon was given, which may be secret.
        builder.environment().keySet().retainAll(Set.of("PATH"));
        Process started = builder.start();
        process = Optional.of(started);
        Thread reader = new Thread(() -> listen(started), "lbd-netns-" + namespace);
        reader.setDaemon(true);
        reader.start();
    }

    /** The daemon's own Java and classes, as small as they go, in the namespace and without the rights that entering it took. */
    static List<String> command(String namespace, Path socket) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + NamespaceChecks.file(namespace), "--",
                "setpriv", "--no-new-privs", "--inh-caps=-all", "--ambient-caps=-all", "--",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms4m", "-Xmx16m", "-Xss256k", "-XX:ReservedCodeCacheSize=8m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable", "-Xlog:all=error:stderr", "-Dio.netty.leakDetection.level=disabled"));
        if (Runtime.version().feature() >= 24) {
            words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        for (String property : List.of("java.io.tmpdir", "io.netty.native.workdir")) {
            Optional.ofNullable(System.getProperty(property)).ifPresent(value -> words.add("-D" + property + "=" + value));
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), SocketMaker.class.getName(), socket.toString()));
        return words;
    }

    /** On a thread of its own: what the process says, until it ends. */
    private void listen(Process started) {
        String last = "";
        try (BufferedReader said = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                // One that is told to end while it starts finds nobody to connect to.
                LOG.atLevel(ended ? Level.DEBUG : Level.WARN).log("namespace '{}': {}", namespace, line);
                last = line;
            }
        } catch (IOException e) {
            last = e.toString();
        }
        String words = last;
        started.onExit().thenAccept(gone -> {
            try {
                loop.execute(() -> gone(words.isEmpty() ? "exit code " + gone.exitValue() : words));
            } catch (RejectedExecutionException e) {
                LOG.trace("the daemon has ended, and the process with it", e);
            }
        });
    }

    private void gone(String lastWords) {
        removeEntry();
        connection.ifPresent(Channel::close);
        if (!ended) {
            ended = true;
            owner.ended(lastWords);
        }
    }

    private void removeEntry() {
        entry.ifPresent(Channel::close);
        entry = Optional.empty();
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("namespace '{}': the folder {} stays behind: {}", namespace, folder, e.toString());
        }
    }

    long pid() {
        return process.map(Process::pid).orElse(-1L);
    }

    /** Asks for sockets of one kind. */
    void ask(int kind, int count) throws IOException {
        OutputStream requests = process.orElseThrow().getOutputStream();
        for (int i = 0; i < count; i++) {
            requests.write(kind);
        }
        requests.flush();
    }

    /** Has it end; the owner hears nothing more. */
    void end() {
        if (!ended) {
            ended = true;
            removeEntry();
            process.ifPresent(running -> {
                endInput(running);
                loop.schedule(running::destroyForcibly, END_MILLIS, TimeUnit.MILLISECONDS);
            });
        }
    }

    /** Kills it, and the owner hears of its end. */
    void kill() {
        process.ifPresent(Process::destroyForcibly);
    }

    /** At the end of the daemon, behind {@link #end}: returns when it is gone. */
    void awaitEnd() throws InterruptedException {
        if (process.isPresent() && !process.get().waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
            process.get().destroyForcibly().waitFor(END_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void endInput(Process running) {
        try {
            running.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("namespace '{}': the process {} has ended by itself", namespace, running.pid(), e);
        }
    }

    private final class Receiver extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws IOException {
            int pid = ((EpollDomainSocketChannel) ctx.channel()).peerCredentials().pid();
            if (pid != pid() || connection.isPresent()) {
                LOG.warn("namespace '{}': process {} is not the one that was started ({}), and is sent away", namespace, pid, pid());
                ctx.close();
                return;
            }
            connection = Optional.of(ctx.channel());
            removeEntry();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            if (!(message instanceof FileDescriptor received)) {
                ReferenceCountUtil.release(message);
            } else if (ended || connection.filter(ctx.channel()::equals).isEmpty()) {
                received.close();
            } else {
                owner.made(received.intValue());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("namespace '{}': sockets cannot be received: {}", namespace, cause.toString());
            kill();
        }
    }
}
