package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.FakeDaemon;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.testkit.Await;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands on maps and ACL files answer as HAProxy's do: the same lines through both sockets. */
@Timeout(60)
class PatternCommandsTest {

    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    private static final List<String> COMMANDS = List.of(
            "show map M1", "show map nope", "get map M1 a.example", "get map M1 zzz", "get map M2 10.1.1.1", "get map M2 11.1.1.1",
            "get map M2 10.2.3.4", "add map M1 c.example 3", "add map M1 c.example 4", "show map M1", "get map M1 c.example",
            "set map M1 c.example 9", "show map M1", "set map M1 nokey 9", "del map M1 c.example", "del map M1 c.example", "show map M1",
            "prepare map M1", "add map @1 M1 n.example 1", "show map @1 M1", "show map M1", "get map M1 n.example", "commit map @1 M1",
            "show map M1", "get map M1 n.example", "get map M1 a.example", "add map M1 <<\nk1 v1\nk2 v2 v3\n", "show map M1", "clear map M1",
            "show map M1", "add map M2 bad v", "show map M2", "show acl L1", "get acl L1 x", "add acl L1 z", "get acl L1 z", "get acl L1 q",
            "show acl L1", "del acl L1 z", "del acl L1 z", "add map", "add map M1", "add map M1 k", "del map nope k", "set map",
            "commit map @9 M1", "commit map M1", "clear map nope", "get map", "add acl @7 L1 z", "prepare acl L1", "add acl @1 L1 q",
            "commit acl @1 L1", "show acl L1", "get acl L1 x", "get acl L1 r");

    @TempDir
    private Path folder;

    @Test
    void answersAreHaproxys() throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed; on Debian: apt-get install haproxy");
        Files.writeString(folder.resolve("m1"), "a.example 1\nb.example two words\n");
        Files.writeString(folder.resolve("m2"), "10.0.0.0/8 net\n10.2.0.0/16 smaller\n");
        Files.writeString(folder.resolve("l1"), "x\ny\n");
        String configuration = """
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 3s
                  timeout server 3s
                frontend f
                  bind 127.0.0.1:PORT
                  acl l path -f %1$s/l1
                  http-request set-header X %%[hdr(host),map(%1$s/m1)]%%[src,map_ip(%1$s/m2)]%%[path,map_beg(%1$s/m1,d)]
                  http-request deny if l
                """.formatted(folder);
        List<String> expected = haproxy(configuration);
        List<String> actual = daemon(configuration);

        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < COMMANDS.size(); i++) {
                all.assertThat(actual.get(i)).as(COMMANDS.get(i)).isEqualTo(expected.get(i));
            }
        });
    }

    private List<String> haproxy(String configuration) throws Exception {
        Path socket = folder.resolve("h");
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, "global\n  stats socket " + socket + " level admin\n"
                + configuration.replace("PORT", Integer.toString(net.lbd.testkit.Ports.free())));
        Process process = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("haproxy.log").toFile()).start();
        try {
            Await.until("haproxy's socket", () -> Files.exists(socket) || !process.isAlive());
            return ask(UnixDomainSocketAddress.of(socket));
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private List<String> daemon(String configuration) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("d"));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(address);
        try (CommandServer server = new CommandServer(socket, Level.ADMIN, new CommandTable(),
                new FakeDaemon(configuration.replace("PORT", "18998")), new CommandServer.Limits(4096, 5, Duration.ofSeconds(5)), timer)) {
            server.start();
            return ask(address);
        } finally {
            timer.shutdownNow();
        }
    }

    /** The numbers of entries are each program's own. */
    private List<String> ask(UnixDomainSocketAddress address) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String command : COMMANDS) {
            String line = command.replace("M1", folder + "/m1").replace("M2", folder + "/m2").replace("L1", folder + "/l1");
            try (UnixClient client = new UnixClient(address)) {
                client.send(line + "\n");
                answers.add(client.readAll().replaceAll("0x[0-9a-f]+ ", "0x "));
            }
        }
        return answers;
    }
}
