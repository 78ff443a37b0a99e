package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.lbd.testkit.Await;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TERM and INT stop, USR1 stops softly, HUP and USR2 reload; {@code lbctl stop} is TERM by other means. */
class SignalsIT {

    private final ExchangeFarm farm = ExchangeFarm.plain(1);
    private final int port = Ports.free();

    @TempDir
    private Path dir;

    @AfterEach
    void close() {
        farm.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signalStopsAtOnceEvenWithARequestUnderWay(String signal) {
        Daemon lbd = Daemon.start(dir, text("/owa/"), port);
        try (RawClient client = RawClient.connect(port)) {
            ask(client, "/owa/?wait=60000");
            Await.until("the request at the server", () -> farm.server(0).requests() == 1);
            lbd.signal(signal);
            lbd.awaitCleanEnd();
            client.expectClosed();
        }
        assertThat(Ports.isListening(port)).isFalse();
    }

    @Test
    void commandStops() {
        Daemon lbd = Daemon.start(dir, text("/owa/"), port);
        CommandResult stop = lbd.lbctl("stop");
        assertThat(stop.exitCode()).as(stop.output()).isZero();
        lbd.awaitCleanEnd();
        assertThat(lbd.lbctl("status").exitCode()).as("status of a daemon that has ended").isNotZero();
    }

    @Test
    void softStopAcceptsNothingMoreButLetsRequestsEnd() {
        Daemon lbd = Daemon.start(dir, text("/owa/"), port);
        try (RawClient client = RawClient.connect(port)) {
            ask(client, "/owa/?wait=2000");
            Await.until("the request at the server", () -> farm.server(0).requests() == 1);
            lbd.signal("USR1");
            Await.until("the port to refuse", () -> !Ports.isListening(port));
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        lbd.awaitCleanEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR2"})
    void signalReloads(String signal) {
        try (Daemon lbd = Daemon.start(dir, text("/owa/"), port)) {
            assertThat(status("/ecp/")).isEqualTo(403);
            lbd.configure(text("/ecp/"));
            lbd.signal(signal);
            Await.until("the new configuration", () -> status("/ecp/") == 200);
            assertThat(status("/owa/")).isEqualTo(403);

            lbd.configure("this is no configuration\n");
            lbd.signal(signal);
            Await.until("the reason in the output", () -> lbd.output().contains("this"));
            assertThat(status("/ecp/")).isEqualTo(200);
        }
    }

    @Test
    void statusShowsTheServers() {
        try (Daemon lbd = Daemon.start(dir, text("/owa/"), port)) {
            CommandResult status = lbd.lbctl("status");
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output()).contains("farm").contains("ex1");
            Await.until("the server is shown up", () -> lbd.lbctl("status").output().contains("UP"));
        }
    }

    private int status(String path) {
        try (RawClient client = RawClient.connect(port)) {
            ask(client, path);
            return client.readResponse().status();
        }
    }

    private static void ask(RawClient client, String target) {
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    /** Denies whatever does not begin with a path. */
    private String text(String allowed) {
        return """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 1m
                    timeout server 1m

                frontend web
                    bind 127.0.0.1:%d
                    acl allowed path_beg %s
                    http-request deny unless allowed
                    default_backend farm

                backend farm
                    option httpchk GET /owa/HealthCheck.htm
                    timeout check 10s
                    server ex1 127.0.0.1:%d check inter 200ms
                """.formatted(port, allowed, farm.server(0).port());
    }
}
