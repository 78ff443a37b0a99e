package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code bind fd@N}: listening sockets that somebody else has opened. */
@EnabledIf("isNative")
class InheritedSocketTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path dir;

    private final ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    private Socket inherited;

    static boolean isNative() {
        return Epoll.isAvailable();
    }

    @BeforeEach
    void open() throws IOException {
        inherited = Socket.newSocketStream();
        inherited.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        inherited.listen(100);
    }

    @AfterEach
    void close() throws IOException {
        inherited.close();
        origin.close();
    }

    private String text(String binds) {
        return EngineHarness.httpText(binds, EngineHarness.server("s", origin.port())).replace("nbthread 1", "nbthread 2");
    }

    private String text(FileDescriptor descriptor) {
        return text("bind fd@" + descriptor.intValue());
    }

    private int status(RawClient client) {
        client.send(GET);
        return client.readResponse().status();
    }

    private static String refusal(String text) {
        try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", "server s 127.0.0.1:9"))) {
            ApplyResult result = proxy.apply(text);
            assertThat(result.applied()).isFalse();
            return result.problems().toString();
        }
    }

    @Test
    void servesClientsAndKeepsTheSocketOverReloads() {
        try (EngineHarness proxy = EngineHarness.start(text(inherited))) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = RawClient.connect(inherited.localAddress())) {
                    assertThat(status(client)).isEqualTo(200);
                    proxy.reload(text(inherited) + "# " + i);
                    assertThat(status(client)).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void clientsWaitWhileNoLineNamesIt() {
        try (EngineHarness proxy = EngineHarness.start(text(inherited))) {
            proxy.reload(text(""));
            try (RawClient waiting = RawClient.connect(inherited.localAddress())) {
                waiting.send(GET);
                proxy.reload(text(inherited));
                assertThat(waiting.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void clientsThatCameBeforeTheStartAreServed() {
        try (RawClient early = RawClient.connect(inherited.localAddress())) {
            early.send(GET);
            try (EngineHarness proxy = EngineHarness.start(text(inherited))) {
                assertThat(early.readResponse().status()).isEqualTo(200);
                proxy.awaitAccepted();
            }
        }
    }

    @Test
    void unixSocketsAreServedAndTheirFilesLeftAlone() throws IOException {
        Path path = dir.resolve("given.sock");
        Socket unix = Socket.newSocketDomain();
        unix.bind(new DomainSocketAddress(path.toString()));
        unix.listen(10);
        try (EngineHarness proxy = EngineHarness.start(text(unix));
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap(GET.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1000);
            Await.until("an answer", () -> {
                try {
                    client.read(answer);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII).endsWith("ok");
            });
            proxy.reload(text(""));
        } finally {
            unix.close();
        }
        assertThat(Files.exists(path)).isTrue();
    }

    @Test
    void refusesWhatDoesNotListen() throws IOException {
        Socket silent = Socket.newSocketStream();
        Socket datagrams = Socket.newSocketDgram();
        FileDescriptor file = FileDescriptor.from(Files.createFile(dir.resolve("plain")).toString());
        try {
            assertThat(refusal(text(silent))).contains("cannot listen on fd@" + silent.intValue(), "does not listen", "must call listen()");
            assertThat(refusal(text(datagrams))).contains("a socket of family", "type 2");
            assertThat(refusal(text(file))).contains("is not a socket but " + dir.resolve("plain"));
        } finally {
            silent.close();
            datagrams.close();
            file.close();
        }
        assertThat(refusal(text("bind fd@999999"))).contains("no open descriptor 999999");
    }
}
