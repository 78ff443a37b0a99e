package net.lbd.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import net.lbd.core.TestProxy;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.session.Peer;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.stream.StreamClock;
import net.lbd.core.stream.Termination;
import net.lbd.core.stream.TestStream;
import org.junit.jupiter.api.Test;

/** Lines as HAProxy 2.6 wrote them for the same traffic; times and ports are those of the test. */
class LogFormatTest {

    private static final String ALL_HTTP = "ci=%ci cp=%cp t=%t tr=%tr trg=%trg trl=%trl T=%T Tl=%Tl Ts=%Ts ms=%ms ft=%ft"
            + " f=%f b=%b s=%s Tq=%Tq TR=%TR Tw=%Tw Tc=%Tc Tr=%Tr Ta=%Ta Tt=%Tt Td=%Td Th=%Th Ti=%Ti Tu=%Tu ST=%ST"
            + " B=%B U=%U CC=%CC CS=%CS ts=%ts tsc=%tsc ac=%ac fc=%fc bc=%bc sc=%sc rc=%rc sq=%sq bq=%bq hr=%hr hs=%hs"
            + " hrl=%hrl hsl=%hsl r=%r HM=%HM HP=%HP HPO=%HPO HQ=%HQ HU=%HU HV=%HV ID=%ID pid=%pid rt=%rt lc=%lc H=%H"
            + " bi=%bi bp=%bp si=%si sp=%sp fi=%fi fp=%fp sslv=%sslv sslc=%sslc e1=%[capture.req.hdr(1)]"
            + " e2=%[capture.req.hdr(3)] e3=%[capture.req.hdr(2)] e4=%[src] e5=%[src_port] e7=%[bin(00ff41),hex]"
            + " e8=%[capture.res.hdr(0)] ea=%[always_true] 100%%";
    private static final String[] CAPTURES = {"capture request header Host len 20",
        "capture request header X-Q len 40", "capture request header X-E len 10",
        "capture request header X-Nope len 10", "capture response header X-R len 40"};
    private static final String REQUEST = """
            GET /ab/c?x="1"&y={a|b} HTTP/1.1
            Host: h.example
            X-Q: a "b" {c|d} #e ]\\\t\u00e9z
            X-E:
            Connection: close

            """;
    /** 21 Nov 2026 06:21:30.585 UTC. */
    private static final long WALL = Instant.parse("2026-11-21T06:21:30.585Z").toEpochMilli();

    private static String line(TestStream stream) {
        ByteSink out = new ByteSink();
        stream.frontend().log().formats().line().render(stream, out);
        return out.toString();
    }

    private static TestStream ended(TestStream stream) {
        StreamClock clock = stream.clock();
        clock.acceptedWallMillis = WALL;
        clock.requestBeginWallMillis = WALL;
        clock.end = clock.accepted;
        return stream;
    }

    private static String[] lines(String[] captures, String last) {
        String[] all = java.util.Arrays.copyOf(captures, captures.length + 1);
        all[captures.length] = last;
        return all;
    }

    private static String served(String flags) {
        TestProxy proxy = TestProxy.http(lines(CAPTURES, "log-format '" + flags + ALL_HTTP + "'"));
        TestStream stream = ended(proxy.request(REQUEST)).withResponse("HTTP/1.1 200 OK\n\n").withBytes(91, 134)
                .withBackend(proxy.backend("b"), proxy.backend("b").servers().get(0))
                .withServerChannel(new EmbeddedChannel() {
                    @Override
                    public SocketAddress localAddress() {
                        return new InetSocketAddress("127.0.0.1", 54206);
                    }
                });
        StreamClock clock = stream.clock();
        clock.assigned = clock.connected = clock.responseHead = clock.accepted;
        proxy.frontend().counters().enter();
        return line(stream);
    }

    @Test
    void everyVariableWithoutFlags() {
        assertThat(served("")).isEqualTo("ci=127.0.0.1 cp=40468 t=21/Nov/2026:06:21:30.585"
                + " tr=21/Nov/2026:06:21:30.585 trg=21/Nov/2026:06:21:30 +0000 trl=21/Nov/2026:06:21:30 +0000"
                + " T=21/Nov/2026:06:21:30 +0000 Tl=21/Nov/2026:06:21:30 +0000 Ts=1795242090 ms=585 ft=f f=f b=b s=s1"
                + " Tq=0 TR=0 Tw=0 Tc=0 Tr=0 Ta=0 Tt=0 Td=0 Th=0 Ti=0 Tu=0 ST=200 B=134 U=91 CC=- CS=- ts=-- tsc=----"
                + " ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0 hr={h.example|a #22b#22 #7Bc#7Cd#7D #23e ]\\#09#E9z||} hs={}"
                + " hrl=h.example a #22b#22 #7Bc#7Cd#7D #23e ]\\#09#E9z  - hsl=-"
                + " r=GET /ab/c?x=#221#22&y={a|b} HTTP/1.1 HM=GET HP=/ab/c HPO=/ab/c HQ=?x=#221#22&y={a|b}"
                + " HU=/ab/c?x=#221#22&y={a|b} HV=HTTP/1.1 ID=- pid=13031 rt=15 lc=0 H=vm bi=127.0.0.1 bp=54206"
                + " si=127.0.0.1 sp=20481 fi=127.0.0.1 fp=20080 sslv=- sslc=- e1=a \"b\" {c|d} #e ]\\#09\u00e9z e2=- e3=-"
                + " e4=127.0.0.1 e5=40468 e7=00FF41 e8=- ea=1 100%");
    }

    @Test
    void quotedWithEscapes() {
        assertThat(served("%{+Q,+E}o ")).isEqualTo("ci=\"127.0.0.1\" cp=40468 t=21/Nov/2026:06:21:30.585"
                + " tr=21/Nov/2026:06:21:30.585 trg=21/Nov/2026:06:21:30 +0000 trl=21/Nov/2026:06:21:30 +0000"
                + " T=21/Nov/2026:06:21:30 +0000 Tl=21/Nov/2026:06:21:30 +0000 Ts=1795242090 ms=585 ft=\"f\" f=\"f\""
                + " b=\"b\" s=\"s1\" Tq=0 TR=0 Tw=0 Tc=0 Tr=0 Ta=0 Tt=0 Td=0 Th=0 Ti=0 Tu=0 ST=200 B=134 U=91 CC=\"\""
                + " CS=\"\" ts=-- tsc=---- ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0"
                + " hr=\"{h.example|a #22b#22 #7Bc#7Cd#7D #23e \\]\\\\#09#E9z||}\" hs=\"{}\""
                + " hrl=\"h.example\" \"a #22b#22 #7Bc#7Cd#7D #23e \\]\\\\#09#E9z\" \"\" \"\" hsl=\"\""
                + " r=\"GET /ab/c?x=#221#22&y={a|b} HTTP/1.1\" HM=\"GET\" HP=\"/ab/c\" HPO=\"/ab/c\""
                + " HQ=\"?x=#221#22&y={a|b}\" HU=\"/ab/c?x=#221#22&y={a|b}\" HV=\"HTTP/1.1\" ID=\"\" pid=13031 rt=15 lc=0"
                + " H=\"vm\" bi=\"127.0.0.1\" bp=54206 si=\"127.0.0.1\" sp=20481 fi=\"127.0.0.1\" fp=20080 sslv=\"\""
                + " sslc=\"\" e1=\"a \\\"b\\\" {c|d} #e \\]\\\\#09\u00e9z\" e2=\"\" e3=\"\" e4=\"127.0.0.1\" e5=\"40468\""
                + " e7=\"00FF41\" e8=\"\" ea=\"1\" 100%");
    }

    @Test
    void hexadecimalAddressesAndNumbers() {
        TestProxy proxy = TestProxy.http("log-format '%{+X}o ci=%ci cp=%cp Ts=%Ts ms=%ms ST=%ST pid=%pid rt=%rt lc=%lc "
                + "fi=%fi fp=%fp si=%si sp=%sp e4=%[src]'");
        TestStream stream = ended(proxy.request(REQUEST)).withStatus(200);
        assertThat(line(stream)).isEqualTo("ci=7F000001 cp=9E14 Ts=6B01386A ms=249 ST=200 pid=32E7 rt=000F lc=0000 "
                + "fi=7F000001 fp=4E70 si=- sp=- e4=127.0.0.1");
        stream.session().setAddresses(Peer.of(new InetSocketAddress("::1", 39258)), stream.session().destination());
        assertThat(line(stream)).startsWith("ci=00000000000000000000000000000001 cp=995A ");
    }

    @Test
    void requestThatWasNeverComplete() {
        TestProxy proxy = TestProxy.http(lines(CAPTURES, "log-format '" + ALL_HTTP + "'"));
        TestStream stream = ended(proxy.stream()).withStatus(400);
        stream.termination().set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
        proxy.frontend().counters().enter();
        assertThat(line(stream)).contains(" b=f s=<NOSRV> Tq=-1 TR=-1 Tw=-1 Tc=-1 Tr=-1 Ta=0 Tt=0 Td=-1 Th=0 Ti=0 Tu=0"
                + " ST=400 B=0 U=0 CC=- CS=- ts=PR tsc=PR-- ac=1 fc=1 bc=0 sc=0 rc=0 sq=0 bq=0 hr= hs= hrl= hsl="
                + " r=<BADREQ> HM=<BADREQ> HP=<BADREQ> HPO=<BADREQ> HQ=<BADREQ> HU=<BADREQ> HV=<BADREQ> ID=- ")
                .contains(" bi=- bp=- si=- sp=- fi=127.0.0.1 ");
    }

    @Test
    void absentValuesInQuotes() {
        TestProxy proxy = TestProxy.http("log-format '%{+Q}bi %{+Q}si %{+Q}bp %{+Q}sp %bi %si %sp %{+Q}rc %{+Q}ST %b/%s'");
        TestStream stream = ended(proxy.request(REQUEST)).withStatus(403);
        assertThat(line(stream)).isEqualTo("\"\" \"\" \"\" \"\" - - - 0 403 f/<NOSRV>");
    }

    @Test
    void httplogWithoutCapturesMergesTheBlanks() {
        TestProxy proxy = TestProxy.http("option httplog");
        TestStream stream = ended(proxy.request("GET /a HTTP/1.1\nHost: h\n\n")).withStatus(302).withBytes(30, 86);
        stream.termination().set(Termination.Cause.LOCAL, Termination.Stage.REQUEST);
        assertThat(line(stream)).isEqualTo("127.0.0.1:40468 [21/Nov/2026:06:21:30.585] f f/<NOSRV> 0/-1/-1/-1/0 302 86 - - "
                + "LR-- 1/0/0/0/0 0/0 \"GET /a HTTP/1.1\"");
    }

    @Test
    void httplogOfAStreamThatWasQueuedAndRedispatched() {
        TestProxy proxy = TestProxy.http("capture request header Host len 5", "option httplog");
        TestStream stream = ended(proxy.request("GET /a HTTP/1.1\nHost: hostname\n\n")).withStatus(503).withBytes(30, 217)
                .withBackend(proxy.backend("b"), proxy.backend("b").servers().get(0)).withRetries(3, true)
                .withQueuePositions(2, 5);
        StreamClock clock = stream.clock();
        clock.assigned = clock.requestHead + TimeUnit.MILLISECONDS.toNanos(12);
        clock.end = clock.requestHead + TimeUnit.MILLISECONDS.toNanos(1013);
        stream.termination().set(Termination.Cause.SERVER_ABORT, Termination.Stage.CONNECT);
        assertThat(line(stream)).isEqualTo("127.0.0.1:40468 [21/Nov/2026:06:21:30.585] f b/s1 0/12/-1/-1/1013 503 217 - - "
                + "SC-- 1/0/0/0/+3 2/5 {hostn} \"GET /a HTTP/1.1\"");
    }

    @Test
    void clf() {
        TestProxy proxy = TestProxy.http("option httplog clf");
        TestStream stream = ended(proxy.request("GET /a HTTP/1.1\nHost: h\n\n")).withStatus(200).withBytes(30, 100);
        assertThat(line(stream)).isEqualTo("127.0.0.1 - - [21/Nov/2026:06:21:30 +0000] \"GET /a HTTP/1.1\" 200 100 \"\" \"\" "
                + "40468 585 \"f\" \"f\" \"<NOSRV>\" 0 -1 -1 -1 0 ---- 1 0 0 0 0 0 0 \"\" \"\" ");
    }

    @Test
    void frontendWithTlsHasATilde() {
        TestProxy proxy = TestProxy.http("log-format '%ft %{+Q}ft %sslv/%sslc %[ssl_fc_sni] %[ssl_fc_session_id]'");
        TestStream stream = ended(proxy.request(REQUEST));
        stream.session().setTls(new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "mail.example", "", new byte[] {1, -1}, false));
        assertThat(line(stream)).isEqualTo("f~ \"f~\" TLSv1.3/TLS_AES_256_GCM_SHA384 mail.example 01FF");
    }

    @Test
    void lineBeforeTheEndHasPluses() {
        TestProxy proxy = TestProxy.http("log-format 'B=%B U=%U Ta=%Ta Tt=%Tt Td=%Td Tr=%Tr Tu=%Tu Tq=%Tq'");
        TestStream stream = ended(proxy.request(REQUEST)).withBytes(0, 100);
        StreamClock clock = stream.clock();
        clock.assigned = clock.connected = clock.responseHead = clock.accepted;
        clock.end = StreamClock.NEVER;
        assertThat(line(stream)).isEqualTo("B=+100 U=0 Ta=+0 Tt=+0 Td=0 Tr=0 Tu=+0 Tq=0");
    }

    @Test
    void timersOfALaterRequestOfAConnection() {
        TestProxy proxy = TestProxy.http("log-format '%Th %Ti %TR %Tq %Tw %Tc %Tr %Ta %Tt %Td %Tu'");
        TestStream stream = ended(proxy.request(REQUEST));
        StreamClock clock = stream.clock();
        long milli = TimeUnit.MILLISECONDS.toNanos(1);
        clock.requestBegin = clock.accepted + 150 * milli + 400_000;
        clock.requestHead = clock.accepted + 250 * milli + 300_000;
        clock.assigned = clock.requestHead;
        clock.connected = clock.requestHead;
        clock.responseHead = clock.accepted + 251 * milli + 100_000;
        clock.end = clock.accepted + 251 * milli + 900_000;
        assertThat(line(stream)).isEqualTo("0 150 100 250 0 0 1 101 251 0 101");
    }

    @Test
    void clientThatSentNothingIsActiveFromTheStart() {
        TestProxy proxy = TestProxy.http("log-format '%Th %Ti %TR %Tq %Tw %Tc %Tr %Ta %Tt %Td %Tu'");
        TestStream stream = ended(proxy.stream());
        stream.clock().end = stream.clock().accepted + TimeUnit.MILLISECONDS.toNanos(301);
        assertThat(line(stream)).isEqualTo("0 0 -1 -1 -1 -1 -1 301 301 -1 301");
    }

    @Test
    void emptyQueryKeepsBothBlanksAndAbsentListsDoNot() {
        TestProxy proxy = TestProxy.http("log-format '  %ci %HQ %cp| %hrl %hsl %CC   %ID x '");
        assertThat(line(ended(proxy.request("GET /a HTTP/1.1\nHost: h\n\n"))))
                .isEqualTo("127.0.0.1  40468| - - x ");
    }

    @Test
    void targetsOfOtherForms() {
        TestProxy proxy = TestProxy.http("log-format '%HP|%HPO|%HQ|%HU|%HV'");
        assertThat(line(ended(proxy.request("GET http://u.example/p?q HTTP/1.0\nHost: u.example\n\n"))))
                .isEqualTo("http://u.example/p|/p|?q|http://u.example/p?q|HTTP/1.0");
        assertThat(line(ended(proxy.request("OPTIONS * HTTP/1.1\nHost: a\n\n")))).isEqualTo("*|||*|HTTP/1.1");
    }

    @Test
    void requestIsLoggedAsItCameNotAsRulesLeftIt() {
        TestProxy proxy = TestProxy.http("http-request del-header host", "http-request set-header X-New v",
                "log-format '%r'");
        TestStream stream = ended(proxy.request("GET /a HTTP/1.1\nHost: h\n\n"));
        proxy.requestRules().evaluate(stream);
        assertThat(line(stream)).isEqualTo("GET /a HTTP/1.1");
    }

    @Test
    void proxyWithoutAFormat() {
        TestProxy http = TestProxy.http();
        assertThat(line(ended(http.request("GET / HTTP/1.1\nHost: h\n\n"))))
                .isEqualTo("Connect from 127.0.0.1:40468 to 127.0.0.1:20080 (f/HTTP)");
    }

    @Test
    void tcplog() {
        TestProxy proxy = TestProxy.ofConfiguration("""
                listen tcp
                  mode tcp
                  option tcplog
                  timeout connect 1s
                  timeout client 1s
                  timeout server 1s
                  bind :20080
                  server s1 127.0.0.1:20481
                """);
        TestStream stream = ended(proxy.stream().tcp()).withBytes(13, 7)
                .withBackend(proxy.backend("tcp"), proxy.backend("tcp").servers().get(0));
        StreamClock clock = stream.clock();
        clock.assigned = clock.accepted + TimeUnit.MILLISECONDS.toNanos(1);
        clock.connected = clock.assigned;
        clock.end = clock.accepted + TimeUnit.MILLISECONDS.toNanos(2000);
        stream.termination().set(Termination.Cause.SERVER_TIMEOUT, Termination.Stage.DATA);
        assertThat(line(stream)).isEqualTo("127.0.0.1:40468 [21/Nov/2026:06:21:30.585] tcp tcp/s1 1/0/2000 7 sD "
                + "1/0/0/0/0 0/0");
    }
}
