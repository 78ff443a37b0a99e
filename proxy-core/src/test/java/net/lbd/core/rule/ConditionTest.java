package net.lbd.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.core.TestProxy;
import net.lbd.core.stream.TestStream;
import net.lbd.core.stream.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ACLs against one request; which of them hold was seen with HAProxy 2.6. */
class ConditionTest {

    private static final String REQUEST = """
            GET /static/img/png/a.png?a=1&a=2 HTTP/1.1
            Host: h.ex.org:81
            X-A: one, two
            X-a: three
            X-N: 12
            X-IP6: ::10.0.0.1
            X-IP6b: ::ffff:10.1.1.1
            X-IP6c: 2002:0a01:0101::
            X-E:
            X-Bool: 1
            X-IP: 1.2.3.4
            X-IPP: 1.2.3.4:80
            Cookie: c=v1; c=v2
            X-Two: two
            X-Bad: 1.2.3

            """;

    private static boolean holds(String condition) {
        TestProxy proxy = TestProxy.http("http-request deny " + condition);
        return proxy.requestRules().evaluate(proxy.request(REQUEST)) instanceof Verdict.Deny;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "path -m dir static", "path -m dir /static/", "path -m dir img/png", "path -m dir static/", "path -m dom static",
        "hdr(host) -m dom ex", "hdr(host) -m dom ex.org", "hdr(host) -m dom .ex.", "path_sub tat", "path_end png",
        "path_len 3:100", "path_reg -i STATIC", "hdr(x-a) two", "hdr(x-a) -m beg thr", "hdr(x-a) -m reg ^o",
        "hdr_cnt(x-a) 3", "hdr_cnt(x-a) gt 2", "hdr(x-n) -m int 12", "hdr(x-n) -m int 12:20", "hdr_val(x-a) 0",
        "src 127.0.0.0/8", "src ::/0", "hdr_ip(x-ip6) 10.0.0.0/8", "hdr_ip(x-ip6b) 10.0.0.0/8",
        "hdr_ip(x-ip6c) 10.0.0.0/8", "src -m str 127.0.0.1", "src -m beg 127.", "dst_port -m str 20080",
        "dst_port -m beg 20", "always_true -m str 1", "always_true -m int 1", "path -m found", "hdr(x-e) -m found",
        "hdr(x-e) -m len 0", "hdr(x-ip) -m ip 1.2.3.0/24", "hdr(x-ipp) -m ip 1.2.3.0/24",
        "path -m bin 2f7374617469632f696d672f706e672f612e706e67", "method GET", "url_param(a) 2", "url_param(a) 1",
        "req.cook(c) v2", "req.cook(c) v1", "req.cook(c) -m found", "hdr(x-n) -m int lt 13", "int(-5) lt 0",
        "hdr(x-two) -i TWO", "path -i /STATIC/IMG/PNG/A.PNG", "base h.ex.org:81/static/img/png/a.png",
        "src,add(0) 2130706433", "src 127.1", "hdr(x-a),lower two", "hdr(x-a),length 3", "nbsrv(b) 1"})
    void holdsForThisRequest(String acl) {
        assertThat(holds("if { " + acl + " }")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "path -m dir tat", "path -m dir /", "path -m dom b.c", "hdr(host) -m dom e", "path_reg ^/x$", "hdr(x-a,1) two",
        "req.fhdr(x-a) two", "hdr(nope) -m found", "path -m bin 2f7374", "always_false", "int(0) -m bool",
        "hdr(x-two) TWO", "hdr_ip(x-bad) -m found", "hdr_val(nope) -m found", "nbsrv(b) lt 1", "ssl_fc"})
    void holdsNot(String acl) {
        assertThat(holds("if { " + acl + " }")).isFalse();
    }

    @Test
    void joinsTermsAsWritten() {
        assertThat(holds("if { always_true } { always_false } || { always_true }")).isTrue();
        assertThat(holds("if { always_true } { always_false } or { always_false }")).isFalse();
        assertThat(holds("unless { always_false }")).isTrue();
        assertThat(holds("if !{ always_false } { always_true }")).isTrue();
    }

    @Test
    void linesOfOneNameAreAlternatives() {
        TestProxy proxy = TestProxy.http("acl a path_beg /nowhere", "acl a path_beg -i /STATIC", "http-request deny if a");
        assertThat(proxy.requestRules().evaluate(proxy.request(REQUEST)))
                .isInstanceOfSatisfying(Verdict.Deny.class, deny -> assertThat(deny.status()).isEqualTo(403));
    }

    @Test
    void routesOfTheGuideAreToldApart() {
        TestProxy proxy = TestProxy.ofConfiguration("""
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend f
                  bind :20080
                  acl path_autodiscover path_beg -i /Autodiscover/Autodiscover.xml
                  acl path_mapi path_beg -i /mapi/
                  use_backend bk_autodiscover if path_autodiscover
                  use_backend bk_mapi if path_mapi
                  use_backend %[hdr(x-backend)] if { hdr(x-backend) -m found }
                  default_backend bk_rest
                backend bk_autodiscover
                backend bk_mapi
                backend bk_rest
                """);
        assertThat(chosen(proxy, "/autodiscover/autodiscover.xml?x", "")).isEqualTo("bk_autodiscover");
        assertThat(chosen(proxy, "/MAPI/emsmdb", "")).isEqualTo("bk_mapi");
        assertThat(chosen(proxy, "/mapi", "")).isEqualTo("bk_rest");
        assertThat(chosen(proxy, "/", "X-Backend: bk_mapi\n")).isEqualTo("bk_mapi");
        assertThat(chosen(proxy, "/", "X-Backend: unknown\n")).isEqualTo("bk_rest");
    }

    private static String chosen(TestProxy proxy, String target, String headers) {
        TestStream stream = proxy.request("GET " + target + " HTTP/1.1\nHost: h\n" + headers + "\n");
        return proxy.rules().switching().choose(stream).name();
    }
}
