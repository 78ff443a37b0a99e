package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.ExchangeService;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of section 5.1.5 notice when a server behind it ends. */
class ServerDeathIT {

    private static final int LARGE = 32_000_000;

    @TempDir
    private Path dir;

    private ExchangeFarm farm;
    private SyslogSink log;
    private Daemon lbd;
    private ClientTls tls;
    private int port;

    @BeforeEach
    void start() throws Exception {
        FarmCertificates certificates = FarmCertificates.in(dir);
        tls = certificates.client();
        List<Integer> ports = Ports.free(2);
        port = ports.get(1);
        farm = ExchangeFarm.tls(dir, 2);
        log = SyslogSink.udp();
        lbd = Daemon.start(dir.resolve("lbd"), GuideText.bridging()
                .binds(ports.get(0), port)
                .servers(farm.server(0).port(), farm.server(1).port())
                .certificates(certificates)
                .quickChecks()
                .log("127.0.0.1:" + log.port()).text(), port);
        lbd.awaitServersUp(GuideText.BRIDGED_SERVERS);
    }

    @AfterEach
    void stop() throws Exception {
        try (AutoCloseable a = farm; AutoCloseable b = log) {
            lbd.close();
        }
    }

    @Test
    void noRequestIsLostOnceTheServerIsDownNorWhenItReturns() {
        try (LoadClients load = LoadClients.start(4, () -> RawClient.connectTls(port, tls))) {
            load.awaitMore(50);
            farm.server(0).kill();
            awaitState("2013xchange1", "DOWN");
            // what was under way when the server ended may have failed; from here on nothing may
            load.awaitMore(20);
            int lostBefore = load.failures().size();
            long servedByDead = farm.server(0).requests();
            load.awaitMore(200);
            assertThat(load.failures().subList(lostBefore, load.failures().size())).isEmpty();
            assertThat(farm.server(0).requests()).isEqualTo(servedByDead);

            farm.server(0).start();
            awaitState("2013xchange1", "UP");
            Await.until("requests at the server that came back", () -> farm.server(0).requests() > servedByDead);
            load.awaitMore(200);
            assertThat(load.failures().subList(lostBefore, load.failures().size())).isEmpty();
        }
    }

    @Test
    void sickServiceTakesTheServerOutOfItsOwnBackendOnly() {
        farm.server(0).setHealthy(ExchangeService.OWA, false);
        log.await("owa's server down", Duration.ofSeconds(40),
                m -> m.contains("bk_XCHANGE2013_https_owa/2013xchange1 is DOWN"));
        for (int i = 0; i < 4; i++) {
            assertThat(serverOf("/owa/")).isEqualTo("EX2");
        }
        assertThat(List.of(serverOf("/ecp/"), serverOf("/ecp/"))).containsExactlyInAnyOrder("EX1", "EX2");
    }

    @Test
    void serverThatDiesInMidResponseEndsThatStreamOnly() {
        try (RawClient one = RawClient.connectTls(port, tls); RawClient other = RawClient.connectTls(port, tls)) {
            String serverOfOne = beginLarge(one);
            String serverOfOther = beginLarge(other);
            assertThat(serverOfOne).isNotEqualTo(serverOfOther);
            farm.servers().stream().filter(s -> s.name().equals(serverOfOne)).findFirst().orElseThrow().kill();

            other.skip(LARGE);
            assertThat(one.readToEnd().length).as("the cut body").isLessThan(LARGE);
            other.send("GET /owa/?s=10 HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
            assertThat(other.readResponse().bodyText()).isEqualTo("abcdefghij");
        }
        assertThat(serverOf("/mapi/")).isNotEmpty();
    }

    private String serverOf(String path) {
        try (RawClient client = RawClient.connectTls(port, tls)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
            return client.readResponse().header("X-FEServer").orElseThrow();
        }
    }

    private static String beginLarge(RawClient client) {
        client.send("GET /owa/?s=" + LARGE + " HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
        String head = client.readHead();
        return head.replaceAll("(?si).*X-FEServer: (\\w+)\r\n.*", "$1");
    }

    private void awaitState(String server, String state) {
        log.await(server + " " + state, Duration.ofSeconds(40),
                m -> m.contains("bk_XCHANGE2013_https_owa/" + server + " is " + state));
    }
}
