package net.lbd.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that is told about a configuration holds a password of it, in any of its forms. */
class SecretsTest {

    private static final String TEXT = """
            global
             cluster-secret geheim0 more1
            defaults
             mode http
             timeout client 1m
             timeout server 1m
             timeout connect 1s
             stats auth admin:geheim1 blank2
             stats auth :geheim3
            userlist u
             user a password geheim4 foo
             user b insecure-password geheim5 x
            frontend f
             bind 127.0.0.1:8080 ca-sign-pass geheim6 nope
            backend b
             cookie SRV insert dynamic
             dynamic-cookie-key geheim7 rest8
            """;

    private static LoadResult load() {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("."))).loadText("t.cfg", TEXT);
    }

    @Test
    void noPasswordIsTold() {
        LoadResult result = load();
        String plain = DiagnosticPrinter.plain().print(result.diagnostics());
        String json = DiagnosticFormat.JSON.write(result.diagnostics(), false, false);
        String sarif = DiagnosticFormat.SARIF.write(result.diagnostics(), false, false);
        assertThat(result.diagnostics()).hasSizeGreaterThan(5);
        for (String told : Stream.of(plain, json, sarif).toList()) {
            assertThat(told).doesNotContain("geheim", "more1", "blank2", "rest8");
        }
    }

    @Test
    void caretsStayUnderTheirWords() {
        assertThat(DiagnosticPrinter.plain().print(load().diagnostics())).contains(
                "   stats auth admin:******* ******\n                            ^~~~~~");
    }

    @Test
    void whatIsNoPasswordStays() {
        assertThat(Secrets.ofLine(" option mysql-check user password")).isEqualTo(" option mysql-check user password");
        assertThat(Secrets.ofMessage("'stats auth a:b' is complete before 'a'", " stats auth a:x a")).isEqualTo("'stats auth a:b' is complete before '*'");
    }

    @Test
    void wordsOfALineLoseTheirSecretsAndNothingElse() {
        for (List<String> line : List.of(
                List.of("stats auth a:x", "stats auth a:***"),
                List.of("stats auth x", "stats auth ***"),
                List.of("user a password $6$x groups g", "user a password *** groups g"),
                List.of("user lbd", "user lbd"),
                List.of("bind /x ca-sign-pass x", "bind /x ca-sign-pass ***"),
                List.of("http-check send hdr Authorization x hdr A b", "http-check send hdr Authorization *** hdr A b"),
                List.of("http-request del-header Authorization if a", "http-request del-header Authorization if a"),
                List.of("http-request set-var(txn.a) req.hdr(B),hmac(sha256,a2V5),hex", "http-request set-var(txn.a) req.hdr(B),hmac(sha256,***),hex"),
                List.of("tcp-check send-binary 00ff", "tcp-check send-binary ***"))) {
            assertThat(String.join(" ", Secrets.ofWords(List.of(line.get(0).split(" "))))).isEqualTo(line.get(1));
        }
        assertThat(Secrets.ofWords(List.of("tcp-check", "send", "AUTH geheim\r\n"))).containsExactly("tcp-check", "send", "AUTH ***\r\n");
        assertThat(Secrets.ofWords(List.of("user", "a", "insecure-password", "with blank"))).containsExactly("user", "a", "insecure-password", "***");
    }
}
