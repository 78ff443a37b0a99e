package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.Await;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statistics page in a real browser: an administrator logs in, drains a server by the form, and lets it in again. */
class StatsPageIT {

    @TempDir
    private Path dir;

    private static String row(Browser browser, String server, String script) throws Exception {
        return browser.script("const row = [...document.querySelectorAll('tr')].find(r => r.querySelector('input[value=" + server + "]')); " + script);
    }

    private static void apply(Browser browser, String server, String action) throws Exception {
        row(browser, server, "row.querySelector('input').click(); const form = row.closest('form'); form.querySelector('select').value = '" + action
                + "'; form.querySelector('button').click(); return 'clicked';");
    }

    @Test
    void aServerIsDrainedByTheFormAndLetInAgain() throws Exception {
        List<Integer> ports = Ports.free(2);
        try (ExchangeFarm farm = ExchangeFarm.plain(2);
                Daemon lbd = Daemon.start(dir.resolve("lbd"), """
                        defaults
                          mode http
                          timeout connect 5s
                          timeout client 30s
                          timeout server 30s
                        frontend web
                          bind 127.0.0.1:%d
                          default_backend owa
                        backend owa
                          balance leastconn
                          server ex1 127.0.0.1:%d check inter 1s
                          server ex2 127.0.0.1:%d check inter 1s
                        listen stats
                          bind 127.0.0.1:%d
                          stats enable
                          stats uri /stats
                          stats auth admin:secret
                          stats admin if TRUE
                        """.formatted(ports.get(0), farm.server(0).port(), farm.server(1).port(), ports.get(1)), ports.get(0), ports.get(1));
                Browser browser = Browser.open(dir, 1400, 700)) {
            lbd.awaitServersUp(2);
            browser.go("http://admin:secret@127.0.0.1:" + ports.get(1) + "/stats");
            assertThat(row(browser, "ex1", "return row.innerText")).contains("ex1", "UP");
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth || getComputedStyle(document.querySelector('table').parentElement).overflowX"))
                    .as("wide tables scroll in their own place").isIn("true", "auto", "scroll");

            apply(browser, "ex1", "drain");

            Await.until("the page behind the form", () -> page(browser).contains("DRAIN"));
            assertThat(lbd.command("show stat owa 4 -1")).containsPattern("(?m)^owa,ex1,.*,DRAIN,");
            assertThat(row(browser, "ex2", "return row.innerText")).contains("UP");
            Path picture = Path.of("target", "stats-page.png").toAbsolutePath();
            browser.screenshot(picture);
            assertThat(Files.size(picture)).isGreaterThan(10_000);

            apply(browser, "ex1", "ready");

            Await.until("the server is in again", () -> lbd.command("show stat owa 4 -1").lines().anyMatch(l -> l.startsWith("owa,ex1,") && l.contains(",UP,")));
            try (RawClient forger = RawClient.connect(ports.get(1))) {
                String body = "s=ex2&action=maint&b=owa&token=guessed";
                forger.send("POST /stats HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YWRtaW46c2VjcmV0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
                assertThat(forger.readResponse().head()).as("a form without the page's token").contains("st=DENY");
            }
            assertThat(lbd.command("show stat owa 4 -1")).containsPattern("(?m)^owa,ex2,.*,UP,");
        }
    }

    private static String page(Browser browser) {
        try {
            return browser.script("return document.body.innerText");
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
