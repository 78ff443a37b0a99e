package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.lbd.config.model.StickDataType;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.stick.StickEntry;
import net.lbd.core.stick.StickTable;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Clients stay on their server, and what they do is counted. */
class StickTest {

    /** The two tables of the 2010 guide, names and all. */
    private static final String GUIDE = """
            backend sourceaddr
              stick-table type ip size 10k
            backend authorization
              stick-table size 10k expire 1h type string
            """;

    private static String text(ScriptedOrigin one, ScriptedOrigin two, String frontendLines, String backendLines) {
        return EngineHarness.httpText(frontendLines, "balance roundrobin\n" + EngineHarness.server("s1", one.port()) + "\n"
                + EngineHarness.server("s2", two.port()) + "\n" + backendLines) + GUIDE;
    }

    private static ScriptedOrigin origin(String name) {
        return ScriptedOrigin.start(Script.answering(ok(name)));
    }

    private static String ask(EngineHarness proxy, String... headers) {
        try (RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + String.join("", Arrays.stream(headers).map(h -> h + "\r\n").toList()) + "\r\n");
            return client.readResponse().bodyText();
        }
    }

    private static StickTable table(EngineHarness proxy, String name) {
        return proxy.engine().runtime().orElseThrow().tables().find(name).orElseThrow();
    }

    private static List<StickEntry> entries(EngineHarness proxy, String name) {
        return table(proxy, name).entries();
    }

    private static long value(EngineHarness proxy, String table, StickDataType type) {
        return entries(proxy, table).get(0).values().stream().filter(v -> v.stored().type() == type).findFirst().orElseThrow().number();
    }

    private static Server server(EngineHarness proxy, String name) {
        return proxy.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aClientStaysOnItsServerOverNewConnectionsAndReloads() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", "stick on src table sourceaddr"))) {
            String first = ask(proxy);
            for (int i = 0; i < 4; i++) {
                assertThat(ask(proxy)).isEqualTo(first);
            }
            proxy.reload(text(one, two, "timeout http-request 9s", "stick on src table sourceaddr"));
            for (int i = 0; i < 4; i++) {
                assertThat(ask(proxy)).isEqualTo(first);
            }
            assertThat(value(proxy, "sourceaddr", StickDataType.SERVER_ID)).isEqualTo(first.equals("one") ? 1 : 2);
        }
    }

    @Test
    void usersOfOneAddressAreToldApartByWhatTheyLogInWith() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", "stick on hdr(Authorization) table authorization"))) {
            String bob = ask(proxy, "Authorization: Basic Ym9iOng=");
            String eve = ask(proxy, "Authorization: Basic ZXZlOng=");
            assertThat(bob).isNotEqualTo(eve);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy, "Authorization: Basic Ym9iOng=")).isEqualTo(bob);
                assertThat(ask(proxy, "Authorization: Basic ZXZlOng=")).isEqualTo(eve);
            }
            assertThat(table(proxy, "authorization").spec().secret()).isTrue();
            assertThat(table(proxy, "sourceaddr").spec().secret()).isFalse();
        }
    }

    @Test
    void drainKeepsTheClientAndMaintenanceMovesItForGood() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", "stick on src table sourceaddr"))) {
            String first = ask(proxy);
            Server its = server(proxy, first.equals("one") ? "s1" : "s2");
            proxy.engine().setAdmin(proxy.backend("be"), its, Admin.DRAIN);
            assertThat(ask(proxy)).isEqualTo(first);
            proxy.engine().setAdmin(proxy.backend("be"), its, Admin.MAINT);
            String second = ask(proxy);
            assertThat(second).isNotEqualTo(first);
            proxy.engine().setAdmin(proxy.backend("be"), its, Admin.READY);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy)).isEqualTo(second);
            }
        }
    }

    @Test
    void aServerThatCannotBeReachedIsNotRememberedAndRedispatchIs() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", "stick on src table sourceaddr\nretries 1\noption redispatch"))) {
            String first = ask(proxy);
            (first.equals("one") ? one : two).close();
            String second = ask(proxy);
            assertThat(second).isNotEqualTo(first);
            assertThat(value(proxy, "sourceaddr", StickDataType.SERVER_ID)).isEqualTo(second.equals("one") ? 1 : 2);
        }
    }

    @Test
    void conditionsChooseAndMatchAloneStoresNothing() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", """
                        stick match src table sourceaddr
                        stick store-request src table sourceaddr if { req.hdr(X-Keep) yes }
                        stick store-response res.hdr(X-Key) table authorization"""))) {
            ask(proxy);
            assertThat(entries(proxy, "sourceaddr")).isEmpty();
            String kept = ask(proxy, "X-Keep: yes");
            assertThat(ask(proxy)).isEqualTo(kept);
            assertThat(ask(proxy)).isEqualTo(kept);
            assertThat(entries(proxy, "authorization")).isEmpty();
        }
    }

    @Test
    void aKeyOfTheResponseIsBoundToTheServerThatSentIt() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nX-Key: k1\r\nContent-Length: 3\r\n\r\none"));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nX-Key: k2\r\nContent-Length: 3\r\n\r\ntwo"));
                EngineHarness proxy = EngineHarness.start(text(one, two, "", """
                        stick store-response res.hdr(X-Key) table authorization
                        stick match req.hdr(X-Key) table authorization"""))) {
            ask(proxy);
            ask(proxy);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy, "X-Key: k1")).isEqualTo("one");
                assertThat(ask(proxy, "X-Key: k2")).isEqualTo("two");
            }
        }
    }

    @Test
    void ignorePersistSpeaksOfCookiesOnlyAndForcePersistOfTablesToo() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", """
                        stick on src table sourceaddr
                        ignore-persist if { req.hdr(X-Ignore) yes }
                        force-persist if { req.hdr(X-Force) yes }"""))) {
            String first = ask(proxy);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy, "X-Ignore: yes")).isEqualTo(first);
            }
            Server its = server(proxy, first.equals("one") ? "s1" : "s2");
            proxy.engine().setAdmin(proxy.backend("be"), its, Admin.MAINT);
            assertThat(ask(proxy, "X-Force: yes")).isEqualTo(first);
            assertThat(ask(proxy)).isNotEqualTo(first);
        }
    }

    @Test
    void nonStickServersAreNotRemembered() {
        try (ScriptedOrigin one = origin("one");
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("",
                        EngineHarness.server("s1", one.port(), "non-stick") + "\nstick on src table sourceaddr") + GUIDE)) {
            ask(proxy);
            assertThat(entries(proxy, "sourceaddr")).isEmpty();
        }
    }

    @Test
    void tcpConnectionsStayToo() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.tcp("", "balance roundrobin\n" + EngineHarness.server("s1", one.port()) + "\n"
                        + EngineHarness.server("s2", two.port()) + "\nstick-table type ip size 10k\nstick on src")) {
            String first = ask(proxy);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy)).isEqualTo(first);
            }
        }
    }

    @Test
    void passwordSprayingIsStoppedByTheAddressThatItComesFrom() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("""
                        http-request track-sc0 src table spray
                        http-request deny deny_status 429 if { sc0_http_err_rate ge 3 }""",
                        EngineHarness.server("s1", one.port())) + """
                        backend spray
                          stick-table type ip size 10k expire 10m store http_err_rate(1m),http_req_cnt,conn_cur
                        """)) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/owa/"));
                    assertThat(client.readResponse().status()).isEqualTo(401);
                }
            }
            try (RawClient client = proxy.client()) {
                client.send(get("/owa/"));
                assertThat(client.readResponse().status()).isEqualTo(429);
            }
            proxy.awaitIdle();
            assertThat(value(proxy, "spray", StickDataType.HTTP_REQ_CNT)).isEqualTo(4);
            assertThat(value(proxy, "spray", StickDataType.CONN_CUR)).isZero();
        }
    }

    @Test
    void aConnectionIsCountedForAsLongAsItLasts() {
        try (ScriptedOrigin one = origin("one");
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("""
                        tcp-request connection track-sc0 src table conns
                        tcp-request connection reject if { sc0_conn_cur gt 2 }""",
                        EngineHarness.server("s1", one.port())) + """
                        backend conns
                          stick-table type ip size 10k expire 10m store conn_cur,sess_cnt,bytes_out_cnt
                        """)) {
            try (RawClient first = proxy.client(); RawClient second = proxy.client()) {
                first.send(get("/"));
                assertThat(first.readResponse().bodyText()).isEqualTo("one");
                second.send(get("/"));
                assertThat(second.readResponse().bodyText()).isEqualTo("one");
                try (RawClient third = proxy.client()) {
                    third.expectClosed();
                }
                Await.until("the third to be gone", () -> value(proxy, "conns", StickDataType.CONN_CUR) == 2);
                assertThat(value(proxy, "conns", StickDataType.SESS_CNT)).isEqualTo(2);
                assertThat(entries(proxy, "conns").get(0).users()).isEqualTo(2);
            }
            proxy.awaitIdle();
            Await.until("all to be gone", () -> value(proxy, "conns", StickDataType.CONN_CUR) == 0);
            assertThat(value(proxy, "conns", StickDataType.BYTES_OUT_CNT)).isPositive();
            assertThat(entries(proxy, "conns").get(0).users()).isZero();
        }
    }

    @Test
    void anotherDefinitionStartsAnewAndSaysSo() {
        try (ScriptedOrigin one = origin("one"); ScriptedOrigin two = origin("two");
                EngineHarness proxy = EngineHarness.start(text(one, two, "", "stick on src table sourceaddr"))) {
            ask(proxy);
            ApplyResult result = proxy.apply(text(one, two, "", "stick on src table sourceaddr").replace("type ip size 10k", "type ip size 11k"));
            assertThat(result.applied()).isTrue();
            assertThat(result.problems()).anySatisfy(p -> assertThat(p.message()).isEqualTo(
                    "stick-table 'sourceaddr' is another than before: it starts anew, without entries"));
            assertThat(entries(proxy, "sourceaddr")).isEmpty();
        }
    }
}
