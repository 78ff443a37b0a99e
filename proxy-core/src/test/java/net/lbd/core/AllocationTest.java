package net.lbd.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.StreamClock;
import net.lbd.core.stream.TestStream;
import org.junit.jupiter.api.Test;

/** The promise of the hot path: conditions, header rules and log lines make no garbage. */
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RUNS = 20_000;
    private static final String REQUEST = """
            GET /owa/auth/logon.aspx?url=https%3a%2f%2fmail HTTP/1.1
            Host: mail.example.com
            User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)
            Cookie: a=1; b=2
            X-Forwarded-For: 10.0.0.1, 10.0.0.2

            """;

    /** Bytes that one run allocates, once everything is warm. */
    private static double bytesForEach(Runnable run) {
        for (int i = 0; i < RUNS; i++) {
            run.run();
        }
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < RUNS; i++) {
            run.run();
        }
        return (double) (THREADS.getThreadAllocatedBytes(thread) - before) / RUNS;
    }

    @Test
    void conditionsOfEveryKind() {
        TestProxy proxy = TestProxy.http(
                "http-request deny if { path_beg -i /ecp /ews } || { path_end -i HealthCheck.htm }",
                "http-request deny if { hdr(host) -i other.example.com another.example.com }",
                "http-request deny if { src 10.0.0.0/8 192.168.0.0/16 } || { dst_port 443 }",
                "http-request deny if { hdr(x-forwarded-for) -m ip 172.16.0.0/12 }",
                "http-request deny if { req.cook(b) -m str 3 } || { urlp(url),url_dec,lower -m sub evil }",
                "http-request deny if { path_reg -i ^/ews/.*[.]asmx$ } || { path_dir private }",
                "http-request deny if { nbsrv(b) lt 1 } || { hdr_cnt(host) gt 1 } || { path,length gt 2000 }",
                "http-request deny if { src -m str 1.2.3.4 } || { base,sha1,hex -m beg 00000000 }");
        TestStream stream = proxy.request(REQUEST);
        assertThat(bytesForEach(() -> proxy.requestRules().evaluate(stream))).isLessThan(1);
    }

    @Test
    void choiceOfABackend() {
        TestProxy proxy = TestProxy.http("use_backend b if { path_beg /nowhere }", "use_backend %[hdr(host)]");
        TestStream stream = proxy.request(REQUEST);
        assertThat(bytesForEach(() -> proxy.rules().switching().choose(stream))).isLessThan(1);
    }

    @Test
    void lineOfHttplogWithCaptures() {
        TestProxy proxy = TestProxy.http("capture request header Host len 32", "capture request header User-Agent len 64",
                "option httplog");
        TestStream stream = proxy.request(REQUEST).withResponse("HTTP/1.1 200 OK\n\n").withBytes(400, 4000);
        StreamClock clock = stream.clock();
        clock.assigned = clock.connected = clock.responseHead = clock.end = clock.accepted + 5_000_000;
        ByteSink sink = new ByteSink();
        assertThat(bytesForEach(() -> {
            sink.clear();
            // Each line in another second: the dates are made anew.
            clock.requestBeginWallMillis += 1000;
            stream.frontend().log().formats().line().render(stream, sink);
        })).isLessThan(1);
    }

    @Test
    void lineWithExpressions() {
        TestProxy proxy = TestProxy.http(
                "log-format '%ci %[src] %[capture.req.uri] %[src,ipmask(24)] %[ssl_fc_sni] %{+Q}[date,add(5)]'");
        TestStream stream = proxy.request(REQUEST);
        ByteSink sink = new ByteSink();
        assertThat(bytesForEach(() -> {
            sink.clear();
            stream.frontend().log().formats().line().render(stream, sink);
        })).isLessThan(1);
    }
}
