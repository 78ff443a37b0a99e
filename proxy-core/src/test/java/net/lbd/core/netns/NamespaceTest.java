package net.lbd.core.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real processes, in the namespace that the test runs in: entering that wants the right all the same. */
class NamespaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Seen from /run/netns. */
    private static final String HERE = "../../proc/self/ns/net";

    private EventLoopGroup loops;
    private Namespace namespace;

    @BeforeEach
    void open() {
        assumeTrue(Epoll.isAvailable() && NamespaceChecks.of(List.of(HERE)).isEmpty(), "left out: no network namespace can be entered here");
        loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        namespace = new Namespace(HERE, Optional.empty(), loops.next());
    }

    @AfterEach
    void close() throws InterruptedException {
        if (loops != null) {
            closeNamespace();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private void closeNamespace() {
        Namespace closed = namespace;
        // The first loop is the namespace's: next() hands them out in turn.
        for (int i = 0; i < 2; i++) {
            loops.next().submit(() -> {
                closed.close();
                closed.awaitEnd();
                return true;
            }).awaitUninterruptibly();
        }
    }

    private static Set<Long> makers() {
        return ProcessHandle.current().children().filter(p -> p.isAlive() && p.info().command().filter(c -> c.endsWith("/java")).isPresent())
                .map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static Set<Path> folders() throws IOException {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "lbd-netns*")) {
            all.forEach(found::add);
        }
        return found;
    }

    private <T> T of(Future<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aSocketIsActiveWhenItIsConnectedAndNotBefore() throws Exception {
        of(namespace.start());
        Channel channel = of(namespace.next(loops.next()));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                told.add("active");
            }
        });
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            loops.register(channel).sync();
            assertThat(channel.isActive()).isFalse();
            assertThat(told).isEmpty();

            channel.connect(server.getLocalSocketAddress()).sync();
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("active");
            assertThat(channel.remoteAddress()).isEqualTo(server.getLocalSocketAddress());
        } finally {
            channel.close().sync();
        }
    }

    @Test
    void aListenerHasThePortThatItWasGiven() throws Exception {
        Channel listener = namespace.newListener(true);
        try {
            loops.register(listener).sync();
            listener.bind(new InetSocketAddress("127.0.0.1", 0)).sync();
            assertThat(((InetSocketAddress) listener.localAddress()).getPort()).isPositive();
        } finally {
            listener.close().sync();
        }
    }

    @Test
    void stockIsKeptOnceItIsUsedAndWhoWaitsNoMoreGetsNothing() throws Exception {
        assertThat(namespace.poll()).isEmpty();
        Future<Channel> given = namespace.next(loops.next());
        given.cancel(false);
        of(namespace.next(loops.next())).unsafe().closeForcibly();

        for (int i = 0; i < 3 * Namespace.STOCK; i++) {
            Optional<Channel> ready = namespace.poll();
            (ready.isPresent() ? ready.get() : of(namespace.next(loops.next()))).unsafe().closeForcibly();
        }
        Await.until("there is stock again", PATIENCE, () -> {
            Optional<Channel> ready = namespace.poll();
            ready.ifPresent(channel -> channel.unsafe().closeForcibly());
            return ready.isPresent();
        });
    }

    @Test
    void oneThatNoConfigurationHasRestsAndStillServesAConnectionThatIsLate() throws Exception {
        of(namespace.start());
        assertThat(makers()).hasSize(1);

        namespace.retire();
        Await.until("the process is gone", PATIENCE, () -> makers().isEmpty());
        assertThat(namespace.poll()).isEmpty();

        of(namespace.next(loops.next())).unsafe().closeForcibly();
        Await.until("it is gone again", PATIENCE, () -> makers().isEmpty());
    }

    @Test
    void whoWaitsAtTheEndIsTold() {
        Future<Channel> waiting = namespace.next(loops.next());
        closeNamespace();

        assertThatThrownBy(() -> of(waiting)).hasMessageContaining("lbd is stopping");
        assertThatThrownBy(() -> of(namespace.start())).hasMessageContaining("lbd is stopping");
        assertThat(makers()).isEmpty();
    }

    @Test
    void whatKeepsAProcessFromItsNamespaceIsTold() throws IOException {
        Set<Path> before = folders();
        Namespace nowhere = new Namespace("lbd-no-such-namespace", Optional.empty(), loops.next());

        assertThatThrownBy(() -> of(nowhere.start())).hasMessageContaining("No such file or directory");

        nowhere.retire();
        Await.until("nothing is left", PATIENCE, () -> folders().equals(before));
    }

    @Test
    void aStrangerIsSentAwayAndWhatItSendsIsNotTaken() throws Exception {
        Set<Path> before = folders();
        BlockingQueue<Integer> made = new LinkedBlockingQueue<>();
        EventLoop loop = loops.next();
        MakerProcess process = of(loop.submit(() -> MakerProcess.start(HERE, loop, new MakerProcess.Owner() {
            @Override
            public void made(int descriptor) {
                made.add(descriptor);
            }

            @Override
            public void ended(String lastWords) {
                made.add(-1);
            }
        })));
        signal("STOP", process.pid());
        try {
            assertStrangerIsSentAway(before);
        } finally {
            signal("CONT", process.pid());
        }
        assertThat(made).isEmpty();
        loop.submit(() -> {
            process.ask(SocketMaker.BOTH, 1);
            return true;
        }).sync();
        Integer descriptor = made.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(descriptor).isPositive();
        new Socket(descriptor).close();
        assertThat(folders()).isEqualTo(before);
        loop.submit(() -> {
            process.end();
            process.awaitEnd();
            return true;
        }).sync();
    }

    private static void assertStrangerIsSentAway(Set<Path> before) throws IOException {
        Path folder = folders().stream().filter(path -> !before.contains(path)).findFirst().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        Await.until("it listens", PATIENCE, () -> Files.exists(folder.resolve("sockets")));
        Socket stranger = Socket.newSocketDomain();
        stranger.connect(new DomainSocketAddress(folder.resolve("sockets").toString()));
        try {
            stranger.sendFd(stranger.intValue());
        } catch (IOException sentAway) {
            assertThat(sentAway).hasMessageContaining("Broken pipe");
        }
        Await.until("the stranger is sent away", PATIENCE, () -> isClosed(stranger));
        stranger.close();
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.recv(ByteBuffer.allocateDirect(1), 0, 1) == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor()).isZero();
    }
}
