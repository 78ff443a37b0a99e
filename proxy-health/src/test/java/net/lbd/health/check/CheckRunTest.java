package net.lbd.health.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.lbd.health.HaproxyLines;
import net.lbd.health.NoLeaks;
import net.lbd.health.ScriptedServer;
import net.lbd.health.ScriptedServer.End;
import net.lbd.health.TestTls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class CheckRunTest {

    private static MultiThreadIoEventLoopGroup loops;
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final String HTTP = "option httpchk";
    private static final String OK = "send:HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello";

    @BeforeAll
    static void openLoops() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void closeLoops() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "option httpchk ; read | send:HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello | hold",
        "option httpchk ; read | send:HTTP/1.1 200 OK\\r\\n\\r\\n | send:*60000{x} | hold",
        "option httpchk ; read | send:HTTP/1.1 503 No\\r\\nContent-Length: 60000\\r\\n\\r\\n*60000{x} | hold",
    })
    void leavesWithFinAndWithoutReset(String check, String script) throws Exception {
        try (ScriptedServer server = new ScriptedServer(script, Optional.empty())) {
            run(check, Optional.empty(), server::address);

            assertThat(server.nextEnd()).isEqualTo(End.FIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp-check connect linger", "tcp-check expect string 220"})
    void leavesTcpWithFinIfItLingersOrHasTalked(String step) throws Exception {
        try (ScriptedServer server = new ScriptedServer("send:220 ready\\r\\n | hold", Optional.empty())) {
            run("option tcp-check ; " + step, Optional.empty(), server::address);

            assertThat(server.nextEnd()).isEqualTo(End.FIN);
        }
    }

    @Test
    void resetsAConnectionOnWhichNothingWasSaid() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            run("-", Optional.empty(), server::address);

            assertThat(server.nextEnd()).isEqualTo(End.RST);
        }
    }

    @Test
    void leavesTlsWithCloseNotify() throws Exception {
        SslContext tls = SslContextBuilder.forServer(TestTls.CERTIFICATE.toKeyManagerFactory()).build();
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        Channel server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new TlsOrigin(ends));
                    }
                }).bind(InetAddress.getLoopbackAddress(), 0).sync().channel();

        CheckResult plain = run("-", Optional.of(TestTls.trustingAll()), server::localAddress);
        Object endOfPlain = ends.poll(10, TimeUnit.SECONDS);
        CheckResult http = run(HTTP, Optional.of(TestTls.trustingAll()), server::localAddress);
        Object endOfHttp = ends.poll(10, TimeUnit.SECONDS);
        server.close().sync();

        assertThat(plain.status()).isEqualTo(CheckStatus.L6OK);
        assertThat(endOfPlain).isEqualTo(SslCloseCompletionEvent.SUCCESS);
        assertThat(http.status()).isEqualTo(CheckStatus.L7OK);
        assertThat(endOfHttp).isEqualTo(SslCloseCompletionEvent.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "option httpchk ; http-check expect string hello",
        "option httpchk ; http-check expect rstring ^hel+o$",
        "option httpchk ; http-check expect status 200 ; http-check expect ! string world",
    })
    void verdictDoesNotDependOnHowTheAnswerIsSplit(String check) throws Exception {
        String chunked = "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nhel\\r\\n2\\r\\nlo\\r\\n0\\r\\n\\r\\n";
        try (ScriptedServer server = new ScriptedServer("read | bytes:" + chunked + " | hold", Optional.empty())) {
            CheckResult result = run(check, Optional.empty(), server::address);

            assertThat(result).isInstanceOf(CheckResult.Passed.class);
            assertThat(result.code()).hasValue(200);
        }
    }

    @Test
    void connectTimeoutDoesNotBoundTheAnswer() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer("read | pause | pause | pause | pause | " + OK + " | hold", Optional.empty())) {
            CheckResult result = run(HTTP, Optional.empty(), server::address,
                    new CheckRunner.Deadlines(Duration.ofMillis(60), Optional.of(LONG)));

            assertThat(result.status()).isEqualTo(CheckStatus.L7OK);
            assertThat(result.duration()).isGreaterThan(Duration.ofMillis(60));
        }
    }

    @Test
    void checkTimeoutBoundsTheAnswer() throws Exception {
        try (ScriptedServer server = new ScriptedServer("read | hold", Optional.empty())) {
            CheckResult result = run(HTTP, Optional.empty(), server::address,
                    new CheckRunner.Deadlines(LONG, Optional.of(Duration.ofMillis(80))));

            assertThat(result).isInstanceOf(CheckResult.TimedOut.class);
            assertThat(result.status()).isEqualTo(CheckStatus.L7TOUT);
            assertThat(result.duration()).isBetween(Duration.ofMillis(80), Duration.ofSeconds(4));
        }
    }

    @Test
    void connectTimeoutBoundsTheHandshake() throws Exception {
        try (ScriptedServer server = new ScriptedServer("read | hold", Optional.empty())) {
            CheckResult result = run(HTTP, Optional.of(TestTls.trustingAll()), server::address,
                    new CheckRunner.Deadlines(Duration.ofMillis(80), Optional.of(LONG)));

            assertThat(result.status()).isEqualTo(CheckStatus.L6TOUT);
            assertThat(result.duration()).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void tellsWhyACertificateWasRefused() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.of(TestTls.server()))) {
            CheckResult result = run(HTTP, Optional.of(TestTls.trustingNone()), server::address);

            assertThat(result.reason()).startsWith("Layer6 invalid response, info: \"SSL handshake failure\", check duration: ");
            assertThat(((CheckResult.Failed) result).detail()).contains("certification path")
                    .endsWith("; its certificate is not signed by an authority of 'ca-file', or it does not send those in between");
        }
    }

    @Test
    void anUnresolvedAddressIsAFailedCheck() throws Exception {
        CheckResult result = run("-", Optional.empty(), () -> InetSocketAddress.createUnresolved("ex1.invalid", 443));

        assertThat(result.reason())
                .isEqualTo("Socket error, info: \"server name 'ex1.invalid' is not resolved\", check duration: 0ms");
    }

    @Test
    void anAddressThatCannotBeToldIsAFailedCheck() throws Exception {
        CheckResult result = run("-", Optional.empty(), () -> {
            throw new IllegalStateException("a bug, thrown on purpose");
        });

        assertThat(result.status()).isEqualTo(CheckStatus.SOCKERR);
        assertThat(((CheckResult.Failed) result).detail()).contains("a bug, thrown on purpose");
    }

    @Test
    void aTlsClientThatThrowsIsAFailedCheck() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            CheckResult result = run("-", Optional.of((allocator, host, port) -> {
                throw new IllegalStateException("no keys, on purpose");
            }), server::address);

            assertThat(result.info()).isEqualTo("TLS cannot be set up");
        }
    }

    @Test
    void aCatastrophicPatternFailsTheCheckInsteadOfHoldingUpTheLoop() throws Exception {
        String script = "read | send:HTTP/1.0 200 OK\\r\\n\\r\\n*60{a}b | fin | hold";
        try (ScriptedServer server = new ScriptedServer(script, Optional.empty())) {
            CheckResult result = run("option httpchk ; http-check expect rstring (.*a){25}$", Optional.empty(), server::address);

            assertThat(result.status()).isEqualTo(CheckStatus.L7RSP);
            assertThat(result.info()).isEqualTo("HTTP content check gave up: the regular expression needs too many steps");
        }
    }

    @Test
    void aCancelledCheckClosesItsConnectionAndSaysNothing() throws Exception {
        try (ScriptedServer server = new ScriptedServer("read | hold", Optional.empty())) {
            CompletableFuture<CheckResult> done = new CompletableFuture<>();
            CompletableFuture<CheckRunner.Running> running = new CompletableFuture<>();
            EventLoop loop = loops.next();
            loop.execute(() -> running.complete(
                    runner(HTTP, Optional.empty(), new CheckRunner.Deadlines(LONG, Optional.empty()))
                            .start(loop, CheckRunner.Subject.of(server::address), done::complete)));
            server.nextRequest();

            loop.submit(running.get()::cancel).sync();

            assertThat(server.nextEnd()).isEqualTo(End.FIN);
            assertThat(done).isNotDone();
        }
    }

    private static CheckResult run(String check, Optional<TlsClient> tls, Supplier<SocketAddress> address) throws Exception {
        return run(check, tls, address, new CheckRunner.Deadlines(LONG, Optional.empty()));
    }

    private static CheckResult run(
            String check, Optional<TlsClient> tls, Supplier<SocketAddress> address, CheckRunner.Deadlines deadlines)
            throws Exception {
        CompletableFuture<CheckResult> done = new CompletableFuture<>();
        CheckRunner runner = runner(check, tls, deadlines);
        EventLoop loop = loops.next();
        loop.execute(() -> runner.start(loop, CheckRunner.Subject.of(address), done::complete));
        return done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void waitsForASocketThatIsMadeElsewhere() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            LocalEnd.Sockets late = loop -> {
                Promise<Channel> coming = loop.newPromise();
                loop.schedule(() -> coming.setSuccess(new NioSocketChannel()), 20, TimeUnit.MILLISECONDS);
                return coming;
            };

            assertThat(runFrom(late, server, LONG).status()).isEqualTo(CheckStatus.L4OK);
        }
    }

    @Test
    void aSocketThatCannotBeMadeFailsTheCheckWithTheReason() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            CheckResult result = runFrom(loop -> loop.newFailedFuture(new IOException("no namespace")), server, LONG);

            assertThat(result.status()).isEqualTo(CheckStatus.SOCKERR);
            assertThat(result.reason()).contains("no socket can be made");
        }
    }

    @Test
    void aSocketThatDoesNotComeIsNotWaitedForLongerThanAConnection() throws Exception {
        try (ScriptedServer server = new ScriptedServer("hold", Optional.empty())) {
            CompletableFuture<Promise<Channel>> asked = new CompletableFuture<>();
            CheckResult result = runFrom(loop -> {
                Promise<Channel> coming = loop.newPromise();
                asked.complete(coming);
                return coming;
            }, server, Duration.ofMillis(50));

            assertThat(result.status()).isEqualTo(CheckStatus.L4TOUT);
            assertThat(asked.get().await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(asked.get().isCancelled()).as("whoever makes it is told").isTrue();
        }
    }

    private static CheckResult runFrom(LocalEnd.Sockets sockets, ScriptedServer server, Duration connect) throws Exception {
        LocalEnd local = new LocalEnd(Optional.empty(), LocalEnd.ANY.options(), Optional.of(sockets));
        CheckRunner runner = new CheckRunner(() -> {
            throw new IllegalStateException("the sockets come from elsewhere");
        }, CheckPlan.of(HaproxyLines.check("-"), new CheckPlan.Connections(Optional.empty(), false, false, 1, Optional.empty(), local)),
                new CheckRunner.Deadlines(connect, Optional.empty()), InstantSource.system());
        CompletableFuture<CheckResult> done = new CompletableFuture<>();
        EventLoop loop = loops.next();
        loop.execute(() -> runner.start(loop, CheckRunner.Subject.of(server::address), done::complete));
        return done.get(10, TimeUnit.SECONDS);
    }

    private static CheckRunner runner(String check, Optional<TlsClient> tls, CheckRunner.Deadlines deadlines) {
        return new CheckRunner(NioSocketChannel::new, CheckPlan.of(HaproxyLines.check(check), CheckPlan.Connections.of(tls)),
                deadlines, InstantSource.system());
    }

    /** Answers any request and notes how the client closes TLS. */
    private static final class TlsOrigin extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> ends;

        TlsOrigin(BlockingQueue<Object> ends) {
            this.ends = ends;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            ByteBuf answer = ctx.alloc().buffer().writeBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
            ctx.writeAndFlush(answer);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent) {
                ends.add(event);
            }
        }
    }
}
