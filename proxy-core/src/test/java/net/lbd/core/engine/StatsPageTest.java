package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.report.StatField;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The statistics page, asked over HTTP. */
@Timeout(60)
class StatsPageTest {

    private ScriptedOrigin origin;
    private EngineHarness proxy;

    @BeforeEach
    void startOrigin() {
        origin = ScriptedOrigin.start(Messages.echoTarget());
    }

    private void start(String... lines) {
        proxy = EngineHarness.http(String.join("\n  ", lines),
                EngineHarness.server("s1", origin.port()) + "\n  " + EngineHarness.server("s2", origin.port(), "disabled")
                        + "\nbackend other\n  " + EngineHarness.server("s3", origin.port()));
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        origin.close();
    }

    private ReceivedMessage ask(String request) {
        try (RawClient client = proxy.client()) {
            client.send(request);
            return client.readResponse();
        }
    }

    private static String post(String target, String form) {
        return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length() + "\r\n\r\n" + form;
    }

    private static String token(String page) {
        Matcher matcher = Pattern.compile("name=\"token\" value=\"([^\"]+)\"").matcher(page);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void thePageShowsProxiesAndServersAndWhatIsNotItsPathGoesOn() {
        start("stats enable");

        ReceivedMessage page = ask(get("/haproxy?stats"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.head()).containsIgnoringCase("content-type: text/html; charset=utf-8").containsIgnoringCase("cache-control: no-cache")
                .containsIgnoringCase("frame-ancestors 'none'");
        assertThat(page.bodyText()).startsWith("<!DOCTYPE html>").endsWith("</html>\n").contains("<h2 id=\"fe\">", "<h2 id=\"be\">", ">s1<",
                "<tr class=\"maint\"", "<tr class=\"no-check\"", "Session rate", ">s2<").doesNotContain("<form", "http-equiv");
        assertThat(ask(get("/haproxy")).bodyText()).isEqualTo("/haproxy");
        assertThat(proxy.frontend("fe").counters().intercepted.sum()).isEqualTo(1);
    }

    @Test
    void otherFormsAreThoseOfShowStat() {
        start("stats uri /s", "stats show-modules", "stats show-legends");

        assertThat(ask(get("/s;csv")).bodyText()).startsWith(StatField.CSV_HEADER).contains("\nfe,FRONTEND,", "\nbe,s1,", "\nbe,BACKEND,");
        assertThat(ask(get("/s;csv;norefresh")).head()).containsIgnoringCase("content-type: text/csv");
        assertThat(ask(get("/s;json")).bodyText()).startsWith("[[{\"objType\":\"Frontend\"");
        assertThat(ask(get("/s;typed")).bodyText()).startsWith("F.2.0.0.pxname.1:KNS:str:fe\n");
        assertThat(ask(get("/s;csv;up")).bodyText()).contains("\nbe,s1,").doesNotContain("\nbe,s2,");
        assertThat(ask(get("/s")).bodyText()).contains(">TLS<", "balance ", "127.0.0.1:" + origin.port());
    }

    @Test
    void whatIsSaidOfTheProcessIsConfigured() {
        start("stats hide-version", "stats show-node <i>&box7", "stats show-desc The <front> door", "stats refresh 5s", "stats scope be");

        String page = ask(get("/haproxy?stats")).bodyText();

        assertThat(page).contains("Statistics of &lt;i&gt;&amp;box7", "The &lt;front&gt; door", "http-equiv=\"refresh\" content=\"5\"", "<h2 id=\"be\">",
                "<h1>lbd<small>").doesNotContain("<h2 id=\"fe\">", "<i>");
        assertThat(ask(get("/haproxy?stats;norefresh")).bodyText()).doesNotContain("http-equiv");
    }

    @Test
    void whoIsNotKnownIsAskedForAPassword() {
        start("stats auth admin:sec:ret", "stats realm My\\ \\\"farm\\\"");

        ReceivedMessage refused = ask(get("/haproxy?stats"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.head()).containsIgnoringCase("www-authenticate: Basic realm=\"My \\\"farm\\\"\"");
        for (String pair : new String[] {"admin:secret", "admin:", "other:sec:ret", "admin:sec:ret "}) {
            assertThat(ask(as(pair, get("/haproxy?stats"))).status()).as(pair).isEqualTo(401);
        }
        assertThat(ask(as("admin:sec:ret", get("/haproxy?stats"))).status()).isEqualTo(200);
    }

    /** The answers were read off HAProxy 2.6, in which the first line that holds decides, too. */
    @Test
    void linesOfItsOwnSayWhoMaySeeThePage() {
        start("stats uri /s", "stats http-request allow if { path_end /open }", "stats http-request deny if { path_end /shut }",
                "stats http-request auth realm Bar unless { req.hdr(x-known) -m found }", "stats http-request deny if { path_end /last }",
                "stats admin if TRUE");
        String known = "\r\nX-Known: 1\r\n\r\n";
        assertThat(ask(get("/s/open")).status()).isEqualTo(200);
        assertThat(ask(get("/s/shut").replace("\r\n\r\n", known)).status()).isEqualTo(403);
        ReceivedMessage asked = ask(get("/s"));
        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.head()).containsIgnoringCase("www-authenticate: Basic realm=\"Bar\"");
        assertThat(ask(get("/s").replace("\r\n\r\n", known)).status()).isEqualTo(200);
        assertThat(ask(get("/s/last").replace("\r\n\r\n", known)).status()).isEqualTo(403);
        assertThat(ask(post("/s", "s=s1&action=maint&b=be")).status()).as("the form is not for strangers either").isEqualTo(401);
        assertThat(ask(get("/elsewhere")).status()).isEqualTo(200);
    }

    @Test
    void aRealmThatIsNotNamedIsHaproxys() {
        start("stats http-request auth");
        assertThat(ask(get("/haproxy?stats")).head()).containsIgnoringCase("www-authenticate: Basic realm=\"HAProxy Statistics\"");
    }

    private static String as(String pair, String request) {
        return request.replace("\r\n\r\n", "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)) + "\r\n\r\n");
    }

    private Admin admin(String server) {
        return proxy.backend("be").servers().stream().filter(s -> s.name().equals(server)).findFirst().orElseThrow().state().admin();
    }

    @Test
    void theFormChangesServersAndOnlyWithItsToken() {
        start("stats enable", "stats admin if TRUE");
        String page = ask(get("/haproxy?stats")).bodyText();
        assertThat(page).contains("<form method=\"post\"", "name=\"s\" value=\"s1\"", "name=\"b\" value=\"#3\"");

        ReceivedMessage done = ask(post("/haproxy?stats", "s=s1&action=drain&b=%233&token=" + token(page)));

        assertThat(done.status()).isEqualTo(303);
        assertThat(done.head()).containsIgnoringCase("location: /haproxy?stats;st=DONE");
        assertThat(admin("s1")).isEqualTo(Admin.DRAIN);
        assertThat(ask(get("/haproxy?stats;st=DONE")).bodyText()).contains("<p class=\"said\">Done.</p>", "<tr class=\"drain\"");
        assertThat(ask(get("/haproxy?stats;st=<script>")).bodyText()).doesNotContain("<script>", "class=\"said\"");

        assertThat(ask(post("/haproxy?stats", "s=s1&action=maint&b=%233")).head()).containsIgnoringCase("st=DENY");
        assertThat(ask(post("/haproxy?stats", "s=s1&action=maint&b=%233&token=x")).head()).containsIgnoringCase("st=DENY");
        assertThat(admin("s1")).isEqualTo(Admin.DRAIN);
        String token = "&token=" + token(page);
        assertThat(ask(post("/haproxy?stats", "s=s1&s=nope&action=ready&b=be" + token)).head()).containsIgnoringCase("st=PART");
        assertThat(admin("s1")).isEqualTo(Admin.READY);
        assertThat(ask(post("/haproxy?stats", "action=ready&b=be" + token)).head()).containsIgnoringCase("st=NONE");
        assertThat(ask(post("/haproxy?stats", "s=s1&action=ready&b=nope" + token)).head()).containsIgnoringCase("st=ERRP");
        assertThat(ask(post("/haproxy?stats", "s=s1&action=explode&b=be" + token)).head()).containsIgnoringCase("st=ERRP");
        assertThat(ask(post("/haproxy?stats", "s=s1&action=dhlth&b=be" + token)).head()).as("it is not checked").containsIgnoringCase("st=ERRP");
        assertThat(ask(post("/haproxy?stats", "%zz=1" + token)).head()).containsIgnoringCase("st=ERRP");
    }

    @Test
    void aFormThatComesInPiecesIsTakenWholeAndRulesRunOnce() {
        start("stats enable", "stats admin if TRUE", "http-request set-var(proc.n) int(1),add(proc.n)");
        String page = ask(get("/haproxy?stats")).bodyText();
        String request = post("/haproxy?stats", "s=s1&action=maint&b=be&token=" + token(page));

        try (RawClient client = proxy.client()) {
            client.send(request.substring(0, request.length() - 9));
            client.send(request.substring(request.length() - 9));
            assertThat(client.readResponse().status()).isEqualTo(303);
        }
        assertThat(admin("s1")).isEqualTo(Admin.MAINT);
    }

    @Test
    void whoMayNotChangeSeesNoFormAndIsRefused() {
        start("stats enable", "stats admin if { src 192.0.2.1 }");

        assertThat(ask(get("/haproxy?stats")).bodyText()).doesNotContain("<form");
        assertThat(ask(post("/haproxy?stats", "s=s1&action=maint&b=be")).status()).isEqualTo(403);
        assertThat(ask(get("/haproxy?stats").replace("GET", "PUT")).status()).isEqualTo(405);
        assertThat(admin("s1")).isEqualTo(Admin.READY);
    }

    @Test
    void theTokenIsOfOneUser() {
        start("stats auth a:1", "stats auth b:2", "stats admin if TRUE");
        String form = "s=s1&action=maint&b=be&token=" + token(ask(as("a:1", get("/haproxy?stats"))).bodyText());

        assertThat(ask(as("b:2", post("/haproxy?stats", form))).head()).containsIgnoringCase("st=DENY");
        assertThat(ask(post("/haproxy?stats", form)).status()).isEqualTo(401);
        assertThat(admin("s1")).isEqualTo(Admin.READY);
        assertThat(ask(as("a:1", post("/haproxy?stats", form))).head()).containsIgnoringCase("st=DONE");
        assertThat(admin("s1")).isEqualTo(Admin.MAINT);
    }

    @Test
    void whatThePageDoesNotShowIsNotChanged() {
        start("stats scope be", "stats admin if TRUE");
        String page = ask(get("/haproxy?stats")).bodyText();
        assertThat(page).contains("<form").doesNotContain("other");

        ReceivedMessage refused = ask(post("/haproxy?stats", "s=s3&action=maint&b=other&token=" + token(page)));

        assertThat(refused.head()).containsIgnoringCase("st=ERRP");
        assertThat(proxy.backend("other").servers().get(0).state().admin()).isEqualTo(Admin.READY);
    }

    @Test
    void aFormWithoutALengthOrLongerThanIsReadIsNotCarriedOut() {
        start("stats enable", "stats admin if TRUE");
        String token = token(ask(get("/haproxy?stats")).bodyText());
        String form = "s=s1&action=maint&b=be&token=" + token;

        assertThat(ask("POST /haproxy?stats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(form.length())
                + "\r\n" + form + "\r\n0\r\n\r\n").head()).containsIgnoringCase("st=EXCD");
        assertThat(ask(post("/haproxy?stats", form + "&s=x".repeat(10_000))).head()).containsIgnoringCase("st=EXCD");
        assertThat(admin("s1")).isEqualTo(Admin.READY);
    }
}
