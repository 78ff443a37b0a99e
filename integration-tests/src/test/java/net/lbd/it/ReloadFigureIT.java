package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many requests are lost over many reloads: none. {@code -Dlbd.reload.count=200} is the figure that docs/benchmarks.md has; without it
 * there are {@value #USUAL_COUNT}, which takes some seconds.
 */
class ReloadFigureIT {

    private static final int USUAL_COUNT = 40;
    private static final int COUNT = Integer.getInteger("lbd.reload.count", USUAL_COUNT);

    @TempDir
    private Path dir;

    private record Place(Path certificate, MixedLoad.Ports ports, int coming, ExchangeFarm farm, int echo) {

        /** One of four: servers, rules, listeners, timeouts and whole sections come and go; what the clients see stays. */
        String configuration(int turn) {
            int kind = turn % 4;
            return """
                    global
                      nbthread 2
                    defaults
                      mode http
                      timeout connect 5s
                      timeout client %ds
                      timeout server 30s
                    frontend web
                      bind 127.0.0.1:%d
                      bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
                    %s  use_backend sockets if { path /socket }
                    %s  default_backend owa
                    backend owa
                      balance %s
                    %s  server ex1 127.0.0.1:%d check inter 1s
                    %s
                    backend sockets
                      server echo 127.0.0.1:%d
                    listen mail
                      mode tcp
                      bind 127.0.0.1:%d
                      server echo 127.0.0.1:%d
                    %s""".formatted(30 + kind, ports.http(), ports.https(), certificate,
                    kind == 1 ? "  http-request set-header X-Turn " + turn + "\n" : "",
                    kind == 2 ? "  http-response set-header X-Turn " + turn + "\n" : "",
                    kind == 3 ? "leastconn" : "roundrobin",
                    kind == 2 ? "  cookie SRV insert indirect nocache\n" : "",
                    farm.server(0).port(),
                    kind == 1 ? "" : "  server ex2 127.0.0.1:" + farm.server(1).port() + " check inter 1s" + (kind == 2 ? " cookie two" : "") + "\n",
                    echo, ports.echo(), echo,
                    kind == 3 ? "listen coming\n  bind 127.0.0.1:" + coming + "\n  server ex1 127.0.0.1:" + farm.server(0).port() + "\n" : "");
        }
    }

    private static void upgradeOrEcho(OriginConnection connection) {
        boolean first = true;
        while (connection.hasMore()) {
            byte[] bytes = connection.readAvailable();
            if (first && bytes[0] == 'G') {
                connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
            } else {
                connection.send(bytes);
            }
            first = false;
        }
    }

    @Test
    void noRequestOfAnyKindIsLost() throws Exception {
        TestCertificates authority = TestCertificates.create();
        Path certificate = authority.server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        List<Integer> free = Ports.free(4);
        MixedLoad.Ports ports = new MixedLoad.Ports(free.get(0), free.get(1), free.get(2));
        try (ExchangeFarm farm = ExchangeFarm.plain(2);
                ScriptedOrigin echo = ScriptedOrigin.start(ReloadFigureIT::upgradeOrEcho).forgetful()) {
            Place place = new Place(certificate, ports, free.get(3), farm, echo.port());
            try (Daemon lbd = Daemon.start(dir.resolve("lbd"), place.configuration(0), ports.http(), ports.https(), ports.echo());
                    MixedLoad load = MixedLoad.start(ports, ClientTls.trustAll())) {
                load.awaitMore(5);
                for (int turn = 1; turn <= COUNT; turn++) {
                    lbd.configure(place.configuration(turn));
                    assertThat(lbd.command("reload")).contains("\nSuccess=1\n");
                    load.awaitMore(1);
                }
                load.awaitMore(5);
                assertThat(load.failures()).as("%s right answers", load.answered()).isEmpty();
                assertThat(lbd.command("show generations")).contains("generation=" + (COUNT + 1) + " state=in-force ");
                System.out.println("reload: " + COUNT + " reloads, right answers " + load.answered() + ", lost 0");
            }
        }
    }
}
