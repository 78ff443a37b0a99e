package net.lbd.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.lbd.core.TestProxy;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.LocalReply;
import net.lbd.core.stream.TestStream;
import net.lbd.core.stream.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionsTest {

    private static final String REQUEST = "GET /a/b?x=%20%41%e9&y=1 HTTP/1.1\nHost: h.ex:8080\n\n";

    private static LocalReply redirect(String rule, String request) {
        TestProxy proxy = TestProxy.http("http-request redirect " + rule);
        return ((Verdict.Reply) proxy.requestRules().evaluate(proxy.request(request))).reply();
    }

    private static List<String> headers(LocalReply reply) {
        List<String> lines = new ArrayList<>();
        for (LocalReply.Header header : reply.headers()) {
            lines.add(Ascii.text(header.name(), 0, header.name().length) + ": "
                    + Ascii.text(header.value(), 0, header.value().length));
        }
        return lines;
    }

    /** Locations as HAProxy 2.6 sent them. */
    @ParameterizedTest(name = "{0} for {1}")
    @CsvSource(delimiter = '|', value = {
        "location /owa/ | /a/b?x=1 | /owa/",
        "location https://x/%[path] code 301 | /a/b?x=1 | https://x//a/b",
        "prefix https://x.y | /a/b?x=%20%41%e9{&y=1 | https://x.y/a/b?x=%20%41%e9{&y=1",
        "prefix / | /a/b?x=1 | /a/b?x=1",
        "prefix https://x.y drop-query | /a/b?x=1 | https://x.y/a/b",
        "prefix https://x.y drop-query append-slash | /a/b?x=1 | https://x.y/a/b/",
        "prefix https://x.y drop-query append-slash | / | https://x.y/",
        "prefix https://x.y append-slash | /a/b?y=1 | https://x.y/a/b?y=1/",
        "prefix https://x.y | http://h.ex:8080/p?q | https://x.y/p?q",
        "scheme https | /a/b?x=1 | https://h.ex:8080/a/b?x=1",
        "scheme https drop-query | /a/b?x=1 | https://h.ex:8080/a/b",
        "scheme https | / | https://h.ex:8080/",
        "location /x drop-query append-slash | /a/b | /x",
        "location '/%[urlp(x),url_dec]' | /a?x=%20%41%22{ | '/ A\"{'"})
    void redirectsWhereHaproxyDoes(String rule, String target, String location) {
        LocalReply reply = redirect(rule.replace("'", ""), "GET " + target + " HTTP/1.1\nHost: h.ex:8080\n\n");
        assertThat(headers(reply)).first().isEqualTo("Location: " + location);
    }

    @Test
    void asteriskIsRedirectedToTheRoot() {
        assertThat(headers(redirect("scheme https", "OPTIONS * HTTP/1.1\nHost: h\n\n"))).first()
                .isEqualTo("Location: https://h/");
    }

    @Test
    void temporaryMovesMustNotBeCached() {
        assertThat(headers(redirect("location /x", REQUEST))).containsExactly("Location: /x", "Cache-Control: no-cache");
        assertThat(headers(redirect("location /x code 303", REQUEST))).contains("Cache-Control: no-cache");
        assertThat(headers(redirect("location /x code 307", REQUEST))).contains("Cache-Control: no-cache");
        assertThat(headers(redirect("location /x code 301", REQUEST))).containsExactly("Location: /x");
        assertThat(headers(redirect("location /x code 308", REQUEST))).containsExactly("Location: /x");
    }

    @Test
    void redirectCarriesItsCodeAndNoBody() {
        LocalReply reply = redirect("location /x code 308", REQUEST);
        assertThat(reply.status()).isEqualTo(308);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void redirectSetsAndClearsCookies() {
        assertThat(headers(redirect("location / set-cookie SEEN=1", REQUEST))).contains("Set-Cookie: SEEN=1; path=/;");
        assertThat(headers(redirect("location / clear-cookie USER=", REQUEST)))
                .contains("Set-Cookie: USER=; path=/; Max-Age=0;");
    }

    @Test
    void emptyLocationIsSkippedOnlyOnDemand() {
        TestProxy proxy = TestProxy.http("http-request redirect location %[hdr(nope)] ignore-empty",
                "http-request set-header X-After yes");
        TestStream stream = proxy.request(REQUEST);
        assertThat(proxy.requestRules().evaluate(stream)).isEqualTo(Verdict.CONTINUE);
        assertThat(stream.requestHeader("x-after")).containsExactly("yes");
        assertThat(headers(redirect("location %[hdr(nope)]", REQUEST))).first().isEqualTo("Location: ");
    }

    @Test
    void denyAnswersWithItsStatus() {
        TestProxy proxy = TestProxy.http("http-request deny if { path_beg /b }",
                "http-request deny deny_status 429 if { path_beg /a }");
        assertThat(proxy.requestRules().evaluate(proxy.request(REQUEST)))
                .isInstanceOfSatisfying(Verdict.Deny.class, deny -> assertThat(deny.status()).isEqualTo(429));
    }

    @Test
    void allowEndsTheList() {
        TestProxy proxy = TestProxy.http("http-request allow if { path_beg /a }", "http-request deny");
        assertThat(proxy.requestRules().evaluate(proxy.request(REQUEST))).isEqualTo(Verdict.STOP);
    }

    @Test
    void setHeaderReplacesEveryOccurrenceAndMayUseTheOld() {
        TestProxy proxy = TestProxy.http("http-request set-header X-A new-%[hdr(x-a)]");
        TestStream stream = proxy.request("GET / HTTP/1.1\nHost: h\nX-A: one\nx-a: two\n\n");
        proxy.requestRules().evaluate(stream);
        assertThat(stream.requestHeader("x-a")).containsExactly("new-two");
    }

    @Test
    void addHeaderAppendsAndDelHeaderRemovesAll() {
        TestProxy proxy = TestProxy.http("http-request add-header X-A three", "http-request del-header x-b");
        TestStream stream = proxy.request("GET / HTTP/1.1\nHost: h\nX-A: one\nX-B: 1\nx-b: 2\n\n");
        proxy.requestRules().evaluate(stream);
        assertThat(stream.requestHeader("x-a")).containsExactly("one", "three");
        assertThat(stream.requestHeader("x-b")).isEmpty();
    }

    /** As HAProxy 2.6 put them into the header. */
    @Test
    void headerValuesKeepBlanksAndEncodeControlCharacters() {
        TestProxy proxy = TestProxy.http("http-request set-header X-Sp \"a  b   c\"",
                "http-request set-header X-Esc '%[urlp(x),url_dec]'", "http-request set-header X-None '%[hdr(nope)]'",
                "http-request set-header X-Var '%ci:%cp %f/%b'", "http-request set-header X-Bin '%[bin(4142ff43)]'");
        TestStream stream = proxy.request("GET /?x=%01%0d%0a%7f%e9%22 HTTP/1.1\nHost: h\n\n");
        proxy.requestRules().evaluate(stream);
        assertThat(stream.requestHeader("x-sp")).containsExactly("a  b   c");
        assertThat(stream.requestHeader("x-esc")).containsExactly("%01%0D%0A%7F\u00e9\"");
        assertThat(stream.requestHeader("x-none")).containsExactly("");
        assertThat(stream.requestHeader("x-var")).containsExactly("127.0.0.1:40468 f/f");
        assertThat(stream.requestHeader("x-bin")).containsExactly("AB\u00ffC");
    }

    @Test
    void responseRulesChangeTheResponse() {
        TestProxy proxy = TestProxy.http("http-response set-header X-Frame-Options DENY if { status 200 }",
                "http-response del-header Server");
        TestStream stream = proxy.request(REQUEST).withResponse("HTTP/1.1 200 OK\nServer: IIS\n\n");
        proxy.rules().httpResponse().evaluate(stream);
        assertThat(stream.responseHeader("x-frame-options")).containsExactly("DENY");
        assertThat(stream.responseHeader("server")).isEmpty();
    }

    @Test
    void connectionRulesAcceptAndReject() {
        TestProxy proxy = TestProxy.http("tcp-request connection accept if { src 127.0.0.1 }",
                "tcp-request connection reject", "tcp-request session reject if { src 127.0.0.0/8 }");
        assertThat(proxy.rules().tcpConnection().evaluate(proxy.stream())).isEqualTo(Verdict.STOP);
        assertThat(proxy.rules().tcpSession().evaluate(proxy.stream())).isEqualTo(Verdict.ABORT);
    }
}
