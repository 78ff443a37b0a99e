package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.testkit.Ports;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;

/** What targets of a log get beside the line itself: structured data, and a sample of the lines. */
class LogVariantsTest {

    private static final String ANSWER = "http-request return status 200\n";

    @Test
    void structuredDataGoesToTargetsOfRfc5424Only() {
        try (SyslogSink modern = SyslogSink.udp(); SyslogSink old = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + modern.port() + " format rfc5424 local0\nlog 127.0.0.1:" + old.port() + " local0\n"
                                + "log-format \"line %ST\"\nlog-format-sd \"[id@1 ip=\\\"%{+E}ci\\\" st=\\\"%ST\\\"]\"\n" + ANSWER,
                        EngineHarness.server("s1", Ports.free())))) {
            get(proxy, "/");

            assertThat(modern.await("a line", text -> true)).endsWith(" - [id@1 ip=\"127.0.0.1\" st=\"200\"] line 200\n");
            assertThat(old.await("a line", text -> true)).endsWith("]: line 200\n");
        }
    }

    @Test
    void aSampledTargetGetsItsPartOfTheLines() {
        try (SyslogSink some = SyslogSink.udp(); SyslogSink all = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "log 127.0.0.1:" + some.port() + " sample 1,3-4:5 local0\nlog 127.0.0.1:" + all.port() + " local0\n"
                                + "log-format \"n%HU\"\n" + ANSWER,
                        EngineHarness.server("s1", Ports.free())))) {
            for (int i = 1; i <= 8; i++) {
                get(proxy, "/" + i);
            }
            all.awaitContaining("n/8");
            some.awaitContaining("n/8");

            List<String> lines = some.messages().stream().map(m -> m.substring(m.lastIndexOf('/') + 1).strip()).toList();
            assertThat(lines).containsExactly("1", "3", "4", "6", "8");
        }
    }

    private static void get(EngineHarness proxy, String path) {
        try (net.lbd.testkit.RawClient client = proxy.client()) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readToEnd();
        }
    }
}
