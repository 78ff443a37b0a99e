package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets in bind and server lines, by path and by abstract name. */
@EnabledIf("isNative")
class UnixSocketTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @TempDir
    Path dir;

    static boolean isNative() {
        return Epoll.isAvailable();
    }

    private String text(String global, String bind, int originPort) {
        return EngineHarness.httpText("bind " + bind, EngineHarness.server("s", originPort)).replace("nbthread 1", "nbthread 1\n  " + global);
    }

    private static String exchange(Path socket) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(GET.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(10_000);
            while (client.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void listensWithTheModeThatTheLineWants() throws IOException {
        Path socket = dir.resolve("a.sock");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                EngineHarness proxy = EngineHarness.start(text("unix-bind mode 600", socket + " mode 640", origin.port()))) {
            assertThat(exchange(socket)).startsWith("HTTP/1.1 200");
            assertThat(mode(socket)).isEqualTo("rw-r-----");

            proxy.reload(text("unix-bind mode 600", socket.toString(), origin.port()));

            assertThat(exchange(socket)).startsWith("HTTP/1.1 200");
            assertThat(mode(socket)).as("a reload changes it").isEqualTo("rw-------");
        }
        assertThat(socket).as("behind the end").doesNotExist();
        try (var left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void replacesASocketThatAnotherProcessLeft() throws IOException {
        Path socket = dir.resolve("stale.sock");
        try (ServerSocketChannel before = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            before.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                EngineHarness proxy = EngineHarness.start(text("unix-bind prefix " + dir, "/stale.sock", origin.port()))) {
            assertThat(exchange(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void leavesASocketThatAnotherProcessHasPutInItsPlace() throws IOException {
        Path socket = dir.resolve("taken.sock");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent())) {
            EngineHarness proxy = EngineHarness.start(text("", socket.toString(), origin.port()));
            Path other = dir.resolve("other.sock");
            try (ServerSocketChannel next = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                next.bind(UnixDomainSocketAddress.of(other));
                Files.move(other, socket, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                proxy.close();
                assertThat(socket).exists();
            }
        }
    }

    @Test
    void refusesToReplaceAFileAndToGiveASocketToNobody() throws IOException {
        Path file = Files.writeString(dir.resolve("precious"), "data");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.start(text("", dir.resolve("x.sock").toString(), origin.port()))) {
            ApplyResult overFile = proxy.apply(text("", file.toString(), origin.port()));
            assertThat(overFile.applied()).isFalse();
            assertThat(overFile.problems().toString()).contains("there is a file of another kind; only a socket is replaced");
            assertThat(file).hasContent("data");

            ApplyResult nobody = proxy.apply(text("", dir.resolve("y.sock") + " user no-such-user", origin.port()));
            assertThat(nobody.applied()).isFalse();
            assertThat(nobody.problems().toString()).contains("there is no user 'no-such-user'");
            try (var left = Files.list(dir)) {
                assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("precious", "x.sock");
            }
        }
    }

    /** {@code unix@}, TLS, the PROXY header before it, and mode, user and group in one line. */
    @Test
    void aSocketWithOwnersSpeaksTlsBehindAProxyHeader() throws Exception {
        Path socket = dir.resolve("tls.sock");
        TestCertificates authority = TestCertificates.create();
        authority.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("a.pem"));
        String user = Files.getOwner(dir).getName();
        String group = Files.readAttributes(dir, PosixFileAttributes.class).group().getName();
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp", "mode tcp\nserver in unix@" + socket + " send-proxy-v2") + """
                        listen inner
                          bind unix@%s ssl crt %s/a.pem accept-proxy mode 660 user %s group %s
                          http-request set-header X-Told "%%[src] %%[ssl_fc]"
                          %s
                        """.formatted(socket, dir, user, group, EngineHarness.server("s", origin.port())));
                RawClient client = proxy.tlsClient(ClientTls.of(authority.clientContext()).sni("a"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).headers("x-told")).containsExactly("127.0.0.1 1");
            PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rw-rw----");
            assertThat(attributes.owner().getName()).isEqualTo(user);
            assertThat(attributes.group().getName()).isEqualTo(group);
        }
    }

    /** Only root may give a socket away. */
    @Test
    void aSocketIsGivenToOthers() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give files away");
        Path socket = dir.resolve("given.sock");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.start(text("", "unix@" + socket + " user daemon group mail mode 600", origin.port()))) {
            PosixFileAttributes attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            assertThat(attributes.owner().getName() + ":" + attributes.group().getName()).isEqualTo("daemon:mail");
            proxy.reload(text("", "unix@" + socket + " uid 0 gid 0 mode 600", origin.port()));
            attributes = Files.readAttributes(socket, PosixFileAttributes.class);
            assertThat(attributes.owner().getName() + ":" + attributes.group().getName()).isEqualTo("root:root");
        }
    }

    @Test
    void serversAreReachedByPathAndByAbstractName() {
        String name = "lbd-test-" + ProcessHandle.current().pid();
        for (String address : new String[] {dir.resolve("inner.sock").toString(), "abns@" + name}) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                    EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", "server in " + address + " send-proxy") + """
                            listen inner
                              bind %s accept-proxy
                              %s
                            """.formatted(address, EngineHarness.server("s", origin.port())));
                    RawClient client = proxy.client()) {
                for (int i = 0; i < 3; i++) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readResponse().status()).as(address).isEqualTo(200);
                }
            }
        }
    }
}
