package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.core.TestProxy;
import net.lbd.core.stream.TestStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of expressions, each as HAProxy 2.6 put it into a header for the same request. */
class SampleExpressionTest {

    private static final String REQUEST = """
            GET http://h.example/ab/cad%20e?a=1&b=2&n=%41 HTTP/1.1
            Host: h.example
            X-A: one, two
            x-a:three ,four
            X-E:\s
            X-E: ,b
            X-N: 12abc
            X-M: abc
            X-O:  -7\s
            X-P: 99999999999999999999
            X-IP: 1.2.3.4:80
            X-IP6: ::1
            Cookie: c=v1; d=2
            X-Quoted: "a,b", c
            X-Q: a "b" {c|d} #e ~\\
            X-H: Ã©z
            X-T: a,
            Host2: [2001:db8::1]:8443

            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '@', value = {
        "ssl_fc @ 0", "always_true @ 1", "src @ 127.0.0.1", "dst_port @ 20080", "src,add(1) @ 2130706434",
        "hdr(x-a) @ four", "hdr(x-a,1) @ one", "hdr(x-a,2) @ two", "hdr(x-a,-1) @ four", "hdr(x-a,-2) @ three",
        "hdr(x-a,-9) @ ''", "req.fhdr(x-a) @ three ,four", "req.fhdr(x-a,1) @ one, two",
        "req.fhdr(x-a,-2) @ one, two", "hdr_cnt(x-a) @ 4", "req.fhdr_cnt(x-a) @ 2", "hdr(nope) @ ''",
        "hdr(x-quoted,1) @ \"a,b\"", "hdr(x-quoted,2) @ c",
        "hdr(x-n),add(0) @ 12", "hdr(x-m),add(0) @ 0", "hdr(x-o),add(0) @ -7",
        "hdr(x-p),add(0) @ 9223372036854775807", "hdr_val(x-n) @ 12", "hdr_val(x-m) @ 0",
        "hdr_ip(x-ip) @ 1.2.3.4", "hdr_ip(x-ip6) @ ::1", "req.ver @ 1.1", "method @ GET", "path @ /ab/cad%20e",
        "pathq @ /ab/cad%20e?a=1&b=2&n=%41", "query @ a=1&b=2&n=%41",
        "url @ http://h.example/ab/cad%20e?a=1&b=2&n=%41", "base @ h.example/ab/cad%20e",
        "url_param(a) @ 1", "url_param(n) @ %41", "urlp_val(b) @ 2", "req.cook(c) @ v1", "req.cook(d) @ 2",
        "req.cook_cnt(c) @ 1", "req.cook_val(d) @ 2", "capture.req.method @ GET",
        "capture.req.uri @ /ab/cad%20e?a=1&b=2&n=%41", "capture.req.ver @ HTTP/1.1",
        "bin(0001ff41),hex @ 0001FF41", "hdr(x-e) @ b", "hdr(x-e,1) @ ''", "hdr(x-e,2) @ ''", "fe_name @ f",
        "nbsrv(b) @ 1", "srv_is_up(b/s1) @ 1", "path,word(2,/) @ cad%20e", "path,field(2,/) @ ab",
        "path,field(-1,/) @ cad%20e", "path,word(-1,/) @ cad%20e", "path,field(9,/) @ ''",
        "path,bytes(1,3) @ ab/", "path,length @ 11", "path,upper @ /AB/CAD%20E",
        "path,base64 @ L2FiL2NhZCUyMGU=", "path,base64,b64dec @ /ab/cad%20e", "path,ub64enc,ub64dec @ /ab/cad%20e",
        "path,url_dec @ /ab/cad e", "src,ipmask(8) @ 127.0.0.0", "src,ipmask(255.255.0.0) @ 127.0.0.0",
        "path,regsub(a,X,g) @ /Xb/cXd%20e", "path,regsub(a,X) @ /Xb/cad%20e",
        "path,sha1,hex @ E14F64A00B5AB5378573560ADB8B18FBCDCE260F",
        "path,crc32 @ 1440541367", "path,djb2 @ 2505703258", "path,sdbm @ 1544758057", "path,crc32c @ 812661086",
        "'int(5),concat(a,,b)' @ 5ab", "hdr(host),host_only @ h.example", "hdr(host),port_only @ 0",
        "hdr(host2),port_only @ 8443", "hdr(host2),host_only @ [2001:db8::1]",
        "int(4),even @ 1", "int(4),bool @ 1", "str(1f),hex2i @ 31", "int(-5) @ -5", "hdr(x-q) @ a \"b\" {c|d} #e ~\\",
        "'always_true,iif(yes,no)' @ yes", "int(5),mul(3),sub(1),div(4),mod(2) @ 1", "int(5),neg @ -5",
        "int(5),cpl @ -6", "int(5),or(2),and(6),xor(1) @ 7", "int(9223372036854775807),add(1) @ 9223372036854775807",
        "hdr(x-q),url_enc @ a%20%22b%22%20%7Bc%7Cd%7D%20%23e%20~%5C", "path,ltrim(/) @ ab/cad%20e",
        "path,rtrim(e) @ /ab/cad%20", "always_false,not @ 1",
        "path,djb2(1) @ 2464705897", "path,crc32(1) @ 1379278097", "path,sdbm(1) @ 64765925",
        "path,crc32c(1) @ 2102035660", "hdr(x-h),djb2 @ 193595051", "hdr(x-h),sdbm @ 1622079828",
        "ssl_fc,hex @ 0000000000000000",
        "path,digest(sha256),hex @ 86C3E1E6409BF5C3BA5B3F0919C3A70F899E7779DFBB0C04EE28EE23BF95AADE",
        "hdr_cnt(x-t) @ 2", "hdr(x-t,1) @ a", "hdr(x-t) @ ''", "'str(a:b:c),field(2,:,2)' @ b:c",
        "'str(a:b:c),field(2,:,0)' @ b:c", "'str(a::b),word(2,:)' @ b", "'str(a::b),field(2,:)' @ ''",
        "'str(a:b:c),field(-1,:,2)' @ b:c", "'str(a:b:c:d),word(-2,:,2)' @ b:c", "str(a+b),url_dec(1) @ a b",
        "str(a%41+b?c+d),url_dec @ aA+b?c d", "str(a%4),url_dec @ ''", "str(zz),hex2i @ ''", "str(YQ),b64dec @ ''",
        "str(abc),bytes(5) @ ''", "int(5),div(0) @ 9223372036854775807", "int(5),mod(0) @ 0", "int(-7),mod(3) @ -1",
        "str([::1]:80),port_only @ 80", "str(a:),host_only @ a", "int(7),odd @ 1", "unknown_absent @ ''"})
    void yieldsWhatHaproxyYields(String expression, String expected) {
        String known = expression.equals("unknown_absent") ? "hdr(absent),lower" : expression;
        TestProxy proxy = TestProxy.http("http-request set-header X-Result '" + "%[" + known + "]'");
        TestStream stream = proxy.request(REQUEST);

        proxy.requestRules().evaluate(stream);

        assertThat(stream.requestHeader("x-result")).containsExactly(expected);
    }
}
