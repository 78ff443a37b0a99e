package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control socket that a supervisor hands on ({@code stats socket fd@NUMBER}), beside a listening socket of a frontend. */
class InheritedControlIT {

    /** Listens on a TCP port and a Unix path, and becomes the program: what systemd does with {@code .socket} units. */
    private static final String SUPERVISOR = """
            use Socket; $^F = 100;
            my ($port, $path, @program) = @ARGV;
            socket(my $tcp, PF_INET, SOCK_STREAM, 0) or die; setsockopt($tcp, SOL_SOCKET, SO_REUSEADDR, 1);
            bind($tcp, sockaddr_in($port, INADDR_LOOPBACK)) or die; listen($tcp, 100) or die;
            socket(my $unix, PF_UNIX, SOCK_STREAM, 0) or die; bind($unix, sockaddr_un($path)) or die; listen($unix, 100) or die;
            $ENV{WEB} = fileno($tcp); $ENV{ADMIN} = fileno($unix); $ENV{LISTEN_FDS} = 2; $ENV{LISTEN_PID} = $$;
            exec @program or die;
            """;

    @TempDir
    private Path dir;

    private static String configuration(String web, int origin) {
        return """
                global
                  nbthread 2
                  stats socket "fd@${ADMIN}" level admin
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend web
                  bind "%s"
                  default_backend owa
                backend owa
                  server ex1 127.0.0.1:%d
                """.formatted(web, origin);
    }

    private static int status(int port) {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /owa/?s=10 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            return client.readResponse().status();
        }
    }

    @Test
    void whatASupervisorListensOnIsServedOverReloadsAndAnUpgrade() {
        List<Integer> ports = Ports.free(2);
        int port = ports.get(0);
        Path admin = dir.resolve("admin.sock");
        List<String> supervisor = List.of("perl", "-e", SUPERVISOR, Integer.toString(port), admin.toString());
        try (ExchangeFarm farm = ExchangeFarm.plain(1)) {
            String text = configuration("fd@${WEB}", farm.server(0).port());
            try (Daemon lbd = Daemon.startUnder(supervisor, dir.resolve("lbd"), Map.of(), text, port)) {
                assertThat(status(port)).isEqualTo(200);
                CommandResult asked = CommandResult.of(dir, List.of(SourceTree.TOP.resolve("lbctl").toString(), "-s", admin.toString(), "command", "show cli level"));
                assertThat(asked.output()).as("by the socket of the supervisor").contains("admin");
                CommandResult sockets = lbd.lbctl("command", "show cli sockets");
                assertThat(sockets.output()).contains("fd@");

                assertThat(lbd.reload().exitCode()).isZero();
                assertThat(status(port)).isEqualTo(200);

                lbd.configure(configuration("127.0.0.1:" + ports.get(1), farm.server(0).port()));
                assertThat(lbd.reload().exitCode()).isZero();
                assertThat(status(ports.get(1))).as("the descriptor is left out").isEqualTo(200);
                lbd.configure(text);
                CommandResult again = lbd.reload();
                assertThat(again.exitCode()).as(again.output()).isZero();
                assertThat(status(port)).as("and is back").isEqualTo(200);
            }
        }
    }
}
