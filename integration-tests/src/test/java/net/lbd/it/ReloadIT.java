package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl reload} on section 5.1.5 while clients ask. */
class ReloadIT {

    @TempDir
    private Path dir;

    private ExchangeFarm farm;
    private GuideText text;
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
        text = GuideText.bridging()
                .binds(ports.get(0), port)
                .servers(farm.server(0).port(), farm.server(1).port())
                .certificates(certificates)
                .log("127.0.0.1:" + Ports.free());
        lbd = Daemon.start(dir.resolve("lbd"), text.text(), port);
        lbd.awaitServersUp(GuideText.BRIDGED_SERVERS);
    }

    @AfterEach
    void stop() throws Exception {
        try (AutoCloseable a = farm) {
            lbd.close();
        }
    }

    @Test
    void reloadsUnderLoadLoseNoRequest() {
        try (LoadClients load = LoadClients.start(6, () -> RawClient.connectTls(port, tls))) {
            load.awaitMore(50);
            for (int i = 0; i < 5; i++) {
                lbd.configure(text.replace("retries 3", "retries " + (2 + i % 2)).text());
                CommandResult reload = lbd.reload();
                assertThat(reload.exitCode()).as(reload.output()).isZero();
                load.awaitMore(50);
            }
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void newConfigurationServesTheNextConnection() {
        assertThat(statusOf("/owa/")).isEqualTo(200);
        lbd.configure(text.replace("path,url_dec -m end -i HealthCheck.htm", "path_beg -i /owa/").text());
        assertThat(lbd.reload().exitCode()).isZero();
        assertThat(statusOf("/owa/")).isEqualTo(403);
    }

    @Test
    void connectionThatWaitsForItsAnswerGetsItAfterTheReload() {
        try (RawClient client = RawClient.connectTls(port, tls)) {
            client.send("GET /owa/?wait=3000 HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
            Await.until("the request at a server",
                    () -> farm.server(0).requests() + farm.server(1).requests() == 1);
            lbd.configure(text.replace("retries 3", "retries 2").text());
            assertThat(lbd.reload().exitCode()).isZero();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void whatFollowsAnOldConfigurationEndsHardStopAfterTheReload() {
        lbd.configure(text.replace("    crt-base", "    hard-stop-after 1s\n    crt-base").text());
        assertThat(lbd.reload().exitCode()).isZero();
        try (RawClient poll = RawClient.connectTls(port, tls)) {
            poll.send("GET /owa/?wait=60000 HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
            Await.until("the request at a server", () -> farm.server(0).requests() + farm.server(1).requests() == 1);
            lbd.configure(text.text());
            assertThat(lbd.reload().exitCode()).isZero();
            assertThat(lbd.lbctl("generations").output()).contains("in force");

            assertThat(poll.hasMore()).as("it is ended").isFalse();
        }
        assertThat(lbd.output()).contains("of the configuration is ended: 1 connections were cut");
    }

    @Test
    void brokenFileLeavesTheOldConfigurationServingAndLbctlSaysWhy() {
        lbd.configure(text.replace("    timeout queue 30s", "    timeout queue 30x")
                .replace("balance roundrobin", "balance roundrobbin").text());
        CommandResult reload = lbd.reload();
        assertThat(reload.exitCode()).isNotZero();
        assertThat(reload.output()).contains("lbd.cfg:").contains("30x").contains("roundrobbin").contains("roundrobin")
                .doesNotContain("Exception");
        assertThat(statusOf("/owa/")).isEqualTo(200);

        lbd.configure(text.text());
        assertThat(lbd.reload().exitCode()).as("the reload after a failed one").isZero();
        assertThat(statusOf("/owa/")).isEqualTo(200);
    }

    @Test
    void emptyFileLeavesTheOldConfigurationServing() {
        for (String empty : List.of("", "\n\n", "# nothing but a comment\n", "backend unused\n")) {
            lbd.configure(empty);
            CommandResult reload = lbd.reload();
            assertThat(reload.exitCode()).as("%s with '%s'", reload.output(), empty).isNotZero();
            assertThat(statusOf("/owa/")).isEqualTo(200);
        }
    }

    @Test
    void portThatIsTakenLeavesTheOldConfigurationServing() {
        int taken = farm.server(0).port();
        lbd.configure(text.replace("    timeout client 60m", "    bind 127.0.0.1:" + taken + "\n    timeout client 60m").text());
        CommandResult reload = lbd.reload();
        assertThat(reload.exitCode()).isNotZero();
        assertThat(reload.output()).contains("127.0.0.1:" + taken);
        assertThat(statusOf("/owa/")).isEqualTo(200);
    }

    @Test
    void diffTellsWhatAReloadWouldChangeAndReloadsNothing() {
        assertThat(lbd.lbctl("reload", "--diff").output()).startsWith("nothing would change");

        lbd.configure(owaIsRefused());
        CommandResult diff = lbd.lbctl("reload", "--diff");

        assertThat(diff.exitCode()).as(diff.output()).isZero();
        assertThat(diff.output()).containsPattern("(?m)^-   .*path,url_dec -m end -i HealthCheck.htm$")
                .containsPattern("(?m)^\\+   .*path_beg -i /owa/$").contains("0 added, 0 removed");
        assertThat(statusOf("/owa/")).isEqualTo(200);
    }

    @Test
    void whatIsConfirmedInTimeStays() {
        lbd.configure(owaIsRefused());
        CommandResult trial = lbd.lbctl("reload", "--confirm", "10m");
        assertThat(trial.exitCode()).as(trial.output()).isZero();
        assertThat(statusOf("/owa/")).isEqualTo(403);
        assertThat(lbd.lbctl("status").output()).contains("on trial");
        CommandResult another = lbd.reload();
        assertThat(another.exitCode()).isEqualTo(1);
        assertThat(another.output()).contains("waits to be confirmed");

        assertThat(lbd.lbctl("reload", "--confirmed").exitCode()).isZero();

        assertThat(lbd.lbctl("status").output()).doesNotContain("on trial");
        assertThat(lbd.lbctl("reload", "--back").exitCode()).as("nothing is left to go back to").isEqualTo(1);
        assertThat(statusOf("/owa/")).isEqualTo(403);
    }

    @Test
    void whatIsNotConfirmedGoesBackByItselfAndNoRequestIsLost() {
        try (LoadClients load = LoadClients.start(4, () -> RawClient.connectTls(port, tls))) {
            load.awaitMore(50);
            lbd.configure(text.replace("retries 3", "retries 2").text());
            assertThat(lbd.lbctl("reload", "--confirm", "2s").exitCode()).isZero();
            Await.until("the way back", () -> lbd.output().contains("going back: configuration applied"));
            load.awaitMore(50);
            assertThat(load.failures()).isEmpty();
        }
        assertThat(lbd.output()).contains("was not confirmed in time", "the files stay as they are");
        assertThat(lbd.lbctl("reload", "--diff").output()).contains("-   retries 3", "+   retries 2");

        lbd.configure(owaIsRefused());
        assertThat(lbd.lbctl("reload", "--confirm", "10m").exitCode()).isZero();
        assertThat(statusOf("/owa/")).isEqualTo(403);
        assertThat(lbd.lbctl("reload", "--back").exitCode()).isZero();
        assertThat(statusOf("/owa/")).isEqualTo(200);
    }

    @Test
    void aReloadThatMakesServersDownGoesBackByItselfAndAHarmlessOneStays() {
        try (LoadClients load = LoadClients.start(4, () -> RawClient.connectTls(port, tls))) {
            lbd.configure(text.replace("retries 3", "retries 2").text());
            CommandResult harmless = lbd.lbctl("reload", "--if-healthy", "2s");
            assertThat(harmless.exitCode()).as(harmless.output()).isZero();
            assertThat(harmless.output()).contains("looking at the traffic for 5 s", "nothing has become worse in 2s: the new configuration stays");

            lbd.configure(text.replace("default-server inter 3s", "default-server inter 200ms").replace("expect string 200\\ OK", "expect string no\\ such\\ text").text());
            CommandResult harmful = lbd.lbctl("reload", "--if-healthy", "30s");
            assertThat(harmful.exitCode()).as(harmful.output()).isEqualTo(1);
            assertThat(harmful.output()).containsPattern("server \\S+ was up and is down: what served before serves again");
            assertThat(lbd.output()).contains("health is worse than before the reload");
            int failures = load.failures().size();
            load.awaitMore(200);
            assertThat(load.failures()).as("behind the way back every server is up at once").hasSize(failures);
        }
        assertThat(lbd.lbctl("reload", "--diff").output()).contains("+   http-check expect string");
    }

    private String owaIsRefused() {
        return text.replace("path,url_dec -m end -i HealthCheck.htm", "path_beg -i /owa/").text();
    }

    private int statusOf(String path) {
        try (RawClient client = RawClient.connectTls(port, tls)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: mail.2013.haproxylab.net\r\n\r\n");
            return client.readResponse().status();
        }
    }
}
