package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import net.lbd.core.TestProxy;
import net.lbd.core.stream.TestStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Converters that HAProxy 2.6 has not, or has not whole: by the text of the manual of 3.x. */
class NewerConvertersTest {

    private static String value(String expression, String... headers) {
        TestProxy proxy = TestProxy.http("http-request set-header X-Result \"%[" + expression.replace("\"", "\\\"").replace("$", "\\$") + "]\"");
        TestStream stream = proxy.request("GET /?x HTTP/1.1\nHost: a\n" + String.join("\n", headers) + "\n\n");

        proxy.requestRules().evaluate(stream);

        return stream.requestHeader("x-result").get(0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '@', value = {
        "str(a=1&b=2&a=3),param(a) @ 1", "str(a=1&b=2),param(b) @ 2", "str(a&b=2),param(a) @ ''", "str(ab=1&b=2),param(b) @ 2",
        "str(a=1;b=2),param(b,;) @ 2", "str(a=1),param(c) @ ''", "str(),param(a) @ ''",
        "int(1700000000123),ms_utime(%H:%M:%S.%3N) @ 22:13:20.123",
        "int(1700000000123456),us_utime(%S.%6N) @ 20.123456", "int(1700000000123456),us_ltime(%S.%N) @ 20.123456000",
        "int(1700000000123),ms_ltime(%s) @ 1700000000", "int(-1),utime(%F %T) @ 1969-12-31 23:59:59",
        "int(1700000000),utime(%-d%_H%0e) @ 142214", "int(1704067200),utime(%-d) @ 1", "int(1704067200),utime(%^a) @ MON",
        "bin(01020304),le2dec(:,2) @ 513:1027", "bin(010203),le2dec(:,2,1) @ 513",
        "'str(for=127.0.0.1;proto=http),rfc7239_is_valid' @ 1", "str(proto=custom),rfc7239_is_valid @ 0",
        "str(for=a b),rfc7239_is_valid @ 0", "str(),rfc7239_is_valid @ 0", "str(for=unknown;for=unknown),rfc7239_is_valid @ 0",
        "'str(host=a.example;for=_secret;proto=https),rfc7239_field(for)' @ _secret",
        "'str(host=a.example;for=_secret;proto=https),rfc7239_field(host)' @ a.example",
        "'str(proto=https),rfc7239_field(for)' @ ''",
        "str(127.0.0.1:9999),rfc7239_n2nn @ 127.0.0.1", "str([2001:db8::1]:_p),rfc7239_n2nn @ 2001:db8::1",
        "str(_name:_port),rfc7239_n2nn @ _name", "str(unknown),rfc7239_n2nn @ unknown", "str(300.1.1.1),rfc7239_n2nn @ ''",
        "str(127.0.0.1:9999),rfc7239_n2np @ 9999", "str(127.0.0.1:99999),rfc7239_n2np @ ''", "str(_n:_p),rfc7239_n2np @ _p",
        "str(unknown),rfc7239_n2np @ ''"})
    void yieldsWhatTheManualSays(String expression, String expected) {
        assertThat(value(expression)).isEqualTo(expected);
    }

    @Test
    void quotedAddressesOfForwardedAreRead() {
        assertThat(value("req.hdr(forwarded),rfc7239_field(for),rfc7239_n2nn", "Forwarded: for=\"[2001:db8::1]:47\";by=_x"))
                .isEqualTo("2001:db8::1");
    }

    @Test
    void unicodeEscapesOfJsonBecomeUtf8() {
        assertThat(value("req.fhdr(x-j),json_query('$.u'),hex", "X-J: {\"u\":\"\\u00e4\\ud83d\\ude00\"}")).isEqualTo("C3A4F09F9880");
        assertThat(value("req.fhdr(x-j),json_query('$.u')", "X-J: {\"u\":\"\\ud83d\"}")).isEmpty();
        assertThat(value("req.fhdr(x-j),json_query('$.my\\.key')", "X-J: {\"my\":1,\"my.key\":\"v\"}")).isEqualTo("v");
    }

    @Test
    void jsonNestedWithoutEndIsNotFollowed() {
        assertThat(value("req.fhdr(x-j),json_query('$.b')", "X-J: {\"a\":" + "[".repeat(5000) + "]".repeat(5000) + ",\"b\":1}")).isEmpty();
    }

    @Test
    void jsonNumbersBeyondAllBoundsAreInfiniteAsInHaproxy() {
        assertThat(value("req.fhdr(x-j),json_query('$.a')", "X-J: {\"a\":1e999}")).isEqualTo("inf");
        assertThat(value("req.fhdr(x-j),json_query('$.a')", "X-J: {\"a\":-1e999}")).isEqualTo("-inf");
    }

    @Test
    void whatIsEncryptedIsDecryptedAndATagOfAnotherTextIsRefused() {
        String key = ",MDEyMzQ1Njc4OWFi,MDEyMzQ1Njc4OWFiY2RlZg==,txn.tag)";
        assertThat(value("str(hello),aes_gcm_enc(128" + key + ",aes_gcm_dec(128" + key)).isEqualTo("hello");
        assertThat(value("str(hello),aes_gcm_enc(128" + key + ",concat(x),aes_gcm_dec(128" + key)).isEmpty();
        assertThat(value("str(hello),aes_gcm_dec(128" + key)).isEmpty();
    }

    @Test
    void tokensSignedWithPublicKeysAreChecked(@TempDir Path folder) throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        KeyPairGenerator ecGenerator = KeyPairGenerator.getInstance("EC");
        ecGenerator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair ec = ecGenerator.generateKeyPair();

        assertThat(check("RS256", rsa, signature("SHA256withRSA"), folder)).containsExactly("1", "0");
        assertThat(check("ES256", ec, signature("SHA256withECDSAinP1363Format"), folder)).containsExactly("1", "0");
        Signature pss = signature("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", new MGF1ParameterSpec("SHA-256"), 32, 1));
        assertThat(check("PS256", rsa, pss, folder)).containsExactly("1", "0");
        assertThat(check("ES256", rsa, signature("SHA256withRSA"), folder)).containsExactly("0", "0");
    }

    private static Signature signature(String name) throws Exception {
        return Signature.getInstance(name);
    }

    /** What a good token yields, and one whose payload was changed. */
    private static String[] check(String algorithm, KeyPair keys, Signature signature, Path folder) throws Exception {
        Path file = folder.resolve("key.pem");
        Files.writeString(file, "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n");
        String signed = url("{\"alg\":\"" + algorithm + "\"}") + "." + url("{\"iss\":\"me\"}");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        String seal = Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        String expression = "hdr(x-t),jwt_verify(" + algorithm + "," + file + ")";
        return new String[] {value(expression, "X-T: " + signed + "." + seal),
            value(expression, "X-T: " + url("{}") + "." + url("{\"iss\":\"you\"}") + "." + seal)};
    }

    private static String url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
