package net.lbd.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.core.runtime.Explanation;
import net.lbd.core.runtime.RuleWalk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every route of the guides' configurations, with the least mends that make them load. */
class GuideRoutesTest {

    private static final Path FOLDER = Path.of("../conf-examples/verbatim");

    @TempDir
    private Path folder;

    /** Joins the wrapped log-format, says what certificates are worth, and puts some there. */
    private RuleWalk open(String name) throws IOException, RuleWalk.UnusableException {
        String printed = Files.readString(FOLDER.resolve(name));
        // The format is wrapped over three lines; the second ends in a backslash or not.
        String joined = printed.replaceAll("\n *\\\\ %sq", "\\\\ %sq").replaceAll("\\\\?\n *\"%\\[capture", "\\\\ \"%[capture");
        Files.writeString(folder.resolve("my_certificate_name"), "x");
        Files.writeString(folder.resolve("2013.haproxylab.net"), "x");
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder))
                .loadText(name, "global\n ssl-server-verify none\n" + joined);
        return RuleWalk.of(result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())));
    }

    private static Explanation explain(RuleWalk walk, String method, String url, String... headers) {
        return walk.explain(CaseFile.request(method, url, Optional.of("10.9.8.7"), Optional.empty(), Optional.empty(), List.of(headers)));
    }

    @ParameterizedTest
    @CsvSource({
        "/owa/, owa", "/OWA/auth/logon.aspx, owa", "/ecp/, ecp", "/ews/exchange.asmx, ews", "/oab/x/oab.xml, oab",
        "/mapi/emsmdb/?MailboxId=x, mapi", "/rpc/rpcproxy.dll?a:6001, oa", "/Microsoft-Server-ActiveSync?Cmd=Ping, activesync",
        "/Autodiscover/Autodiscover.xml, autodiscover", "/autodiscover/autodiscover.xml, autodiscover", "/powershell, default",
        "/owa, default", "//owa/, default", "/owa/../ecp/, owa", "/owa/%48ealthCheck.htm, owa",
    })
    void everyServiceGoesToItsFarm(String target, String farm) throws Exception {
        for (String name : List.of("ex2013-5.1.5-https-bridging-advanced.cfg", "ex2013-6.5.2-recommended.cfg")) {
            try (RuleWalk walk = open(name)) {
                Explanation e = explain(walk, "GET", "https://mail.2013.haproxylab.net" + target);
                assertThat(e.backend()).as(name).contains("bk_XCHANGE2013_https_" + farm);
                assertThat(e.candidates()).extracting(Explanation.Candidate::name).containsExactly("2013xchange1", "2013xchange2");
                assertThat(e.headerChanges()).containsExactly("+ X-Forwarded-For: 10.9.8.7");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://mail.2013.haproxylab.net/owa/, 302, https://mail.2013.haproxylab.net/owa/",
        "http://mail.2013.haproxylab.net:80/x?y, 302, https://mail.2013.haproxylab.net:80/x?y",
        "https://mail.2013.haproxylab.net/, 302, /owa/", "https://MAIL.2013.haproxylab.net/?x, 302, /owa/",
        "https://mail.2013.haproxylab.net/owa/HealthCheck.htm, 403,", "http://mail.2013.haproxylab.net/ews/healthcheck.htm, 403,",
    })
    void theFrontendAnswersItself(String url, int status, String location) throws Exception {
        for (String name : List.of("ex2013-5.1.5-https-bridging-advanced.cfg", "ex2013-6.5.2-recommended.cfg")) {
            try (RuleWalk walk = open(name)) {
                Explanation e = explain(walk, "GET", url);
                assertThat(e.backend()).as(name).isEmpty();
                assertThat(e.status()).hasValue(status);
                assertThat(e.redirect()).isEqualTo(Optional.ofNullable(location));
                assertThat(e.steps().get(e.steps().size() - 1).fired()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http, /x?y, , https://mail.xlc.local/x?y", "https, /, , /owa", "https, /microsoft-server-activesync/x, bk_activesync,",
        "https, /RPC/RpcProxy.dll, bk_oa,", "https, /autodiscover/autodiscover.xml, bk_autodiscover,", "https, /ews/, bk_ews,",
        "https, /oab, bk_oab,", "https, /owa, bk_owa_ecp,", "https, /other, bk_owa_ecp,",
    })
    void theGuideOf2010HasItsRoutes(String scheme, String target, String backend, String location) throws Exception {
        String printed = Files.readString(FOLDER.resolve("ex2010-3.2.2-underscores-restored.cfg"));
        // What stands on the pages that are pictures.
        String whole = printed + "backend bk_ews\nmode http\nserver s 10.0.0.15:80\nbackend bk_oab\nmode http\nserver s 10.0.0.15:80\n"
                + "backend bk_owa_ecp\nmode http\nserver s 10.0.0.15:80\nbackend bk_exchange_ab\nserver s 10.0.0.15:60001\n";
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder)).loadText("2010.cfg", whole);
        try (RuleWalk walk = RuleWalk.of(result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())))) {
            Explanation e = walk.explain(CaseFile.request("GET", scheme + "://mail.xlc.local" + target, Optional.empty(), Optional.empty(),
                    Optional.of("ft_web"), List.of()));
            assertThat(e.backend()).isEqualTo(Optional.ofNullable(backend));
            assertThat(e.redirect()).isEqualTo(Optional.ofNullable(location));
        }
    }

    @Test
    void keysOfPersistenceAndChangesOfTheAnswerAreTold() throws Exception {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder)).loadText("keys.cfg", """
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 1s
                  timeout server 1s
                frontend f
                  bind :80
                  http-response set-header X-From %[src]
                  http-response del-header Server if { status 500 }
                  use_backend table if { path_beg /rpc }
                  use_backend hash if { path_beg /hash }
                  default_backend cookie
                backend table
                  stick-table type string len 128 size 10k
                  stick match hdr(Authorization)
                  stick on src table keys
                  stick store-response res.hdr(X-Session)
                  server s 10.0.0.1:80
                backend keys
                  stick-table type ip size 10k
                backend hash
                  balance source
                  server s 10.0.0.1:80
                backend cookie
                  cookie SRV insert indirect nocache
                  http-response add-header X-Backend cookie
                  server s 10.0.0.1:80 cookie s
                """);
        try (RuleWalk walk = RuleWalk.of(result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())))) {
            assertThat(explain(walk, "GET", "http://mail/rpc", "Authorization: Basic YTpi").persistence()).containsExactly(
                    "stick match hdr(Authorization), table 'table': hidden, 10 bytes  (keys.cfg:15)",
                    "stick on src, table 'keys': '10.9.8.7'  (keys.cfg:16)",
                    "stick store-response res.hdr(X-Session), table 'table': known with the response  (keys.cfg:17)");
            assertThat(explain(walk, "GET", "http://mail/rpc").persistence().get(0)).contains("none in this request");
            assertThat(explain(walk, "GET", "http://mail/hash").persistence()).containsExactly("balance source: '10.9.8.7'  (keys.cfg:22)");
            Explanation e = explain(walk, "GET", "http://mail/", "Cookie: a=b; SRV=s");
            assertThat(e.persistence()).containsExactly("cookie SRV: 's'  (keys.cfg:25)");
            assertThat(e.responseChanges()).containsExactly("+ X-Backend: cookie", "+ X-From: 10.9.8.7");
            assertThat(e.steps()).extracting(Explanation.Step::keyword).endsWith("http-response", "http-response", "http-response");
            assertThat(ExplanationText.of(e)).contains("""
                      key cookie SRV: 's'  (keys.cfg:25)
                    an answer of 200 on its way back
                      + X-Backend: cookie
                      + X-From: 10.9.8.7
                    """);
        }
    }

    @Test
    void whatNamesTheServerIsTold() throws Exception {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder)).loadText("named.cfg", """
                defaults
                  mode http
                  timeout connect 1500ms
                  timeout client 1h
                  timeout server 90s
                frontend f
                  bind :80
                  use_backend prefix if { path_beg /prefix }
                  default_backend b
                backend b
                  cookie SRV insert indirect nocache
                  use-server two if { path_beg /two }
                  ignore-persist if { path_beg /any }
                  server one 10.0.0.1:80 cookie c1
                  server two 10.0.0.2:80 cookie c2
                  server off 10.0.0.3:80 cookie c3 disabled
                backend prefix
                  cookie ID prefix
                  server one 10.0.0.1:80 cookie c1
                  server two 10.0.0.2:80 cookie c2
                """);
        try (RuleWalk walk = RuleWalk.of(result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())))) {
            Explanation e = explain(walk, "GET", "http://mail/", "Cookie: a=b; SRV=c2");
            assertThat(ExplanationText.result(e)).isEqualTo("sent to two, which cookie SRV names");
            assertThat(e.headerChanges()).containsExactly("- Cookie: a=b; SRV=c2", "+ Cookie: a=b");
            assertThat(ExplanationText.of(e)).contains("timeout client  1h  ", "timeout connect  1500ms  ", "timeout server  90s  ");
            Explanation byRule = explain(walk, "GET", "http://mail/two", "Cookie: SRV=c1");
            assertThat(ExplanationText.result(byRule)).isEqualTo("sent to two, which a use-server line names");
            assertThat(byRule.steps()).filteredOn(Explanation.Step::fired).extracting(Explanation.Step::keyword).contains("use-server");
            for (String request : List.of("http://mail/any", "http://mail/")) {
                Explanation open = explain(walk, "GET", request, request.endsWith("any") ? "Cookie: SRV=c1" : "Cookie: SRV=c3");
                assertThat(ExplanationText.result(open)).isEqualTo("sent to one of one, two");
            }
            Explanation prefixed = explain(walk, "GET", "http://mail/prefix", "Cookie: ID=c1~4711");
            assertThat(ExplanationText.result(prefixed)).isEqualTo("sent to one, which cookie ID names");
            assertThat(prefixed.headerChanges()).containsExactly("- Cookie: ID=c1~4711", "+ Cookie: ID=4711");
            CaseFile cases = CaseFile.parse("""
                    cases:
                      - request: http://mail/
                        headers: {Cookie: SRV=c2}
                        expect: {server: two, servers: [one, two]}
                      - request: http://mail/
                        expect: {server: two}
                    """);
            assertThat(cases.cases().get(0).differences(walk.explain(cases.cases().get(0).request()))).isEmpty();
            assertThat(cases.cases().get(1).differences(walk.explain(cases.cases().get(1).request())))
                    .containsExactly("server: expected two, got none");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/microsoft-server-activesync/x, hdr(Authorization), 'hidden, 10 bytes'",
        "/rpc/rpcproxy.dll, src, '''127.0.0.1'''",
    })
    void theGuideOf2010KeepsUsersAtTheirServers(String target, String key, String value) throws Exception {
        String printed = Files.readString(FOLDER.resolve("ex2010-3.2.2-underscores-restored.cfg"));
        String whole = printed + "backend bk_ews\nmode http\nserver s 10.0.0.15:80\nbackend bk_oab\nmode http\nserver s 10.0.0.15:80\n"
                + "backend bk_owa_ecp\nmode http\nserver s 10.0.0.15:80\nbackend bk_exchange_ab\nserver s 10.0.0.15:60001\n";
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder)).loadText("2010.cfg", whole);
        try (RuleWalk walk = RuleWalk.of(result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())))) {
            Explanation e = walk.explain(CaseFile.request("GET", "https://mail.xlc.local" + target, Optional.empty(), Optional.empty(),
                    Optional.of("ft_web"), List.of("Authorization: Basic YTpi")));
            assertThat(e.persistence()).hasSize(1);
            assertThat(e.persistence().get(0)).contains(key).contains(value);
        }
    }

    @Test
    void aHostWithAPortIsNotTheHost() throws Exception {
        try (RuleWalk walk = open("ex2013-5.1.5-https-bridging-advanced.cfg")) {
            assertThat(explain(walk, "GET", "https://mail.2013.haproxylab.net/", "Host: mail.2013.haproxylab.net:443").backend())
                    .contains("bk_XCHANGE2013_https_default");
        }
    }

    @Test
    void theSimpleBridgeHasThreeRoutes() throws Exception {
        try (RuleWalk walk = open("ex2013-5.1.4-https-bridging-simple.cfg")) {
            assertThat(explain(walk, "GET", "http://mail.mydomain.com/x").redirect()).contains("https://mail.mydomain.com/x");
            assertThat(explain(walk, "GET", "https://mail.mydomain.com/").redirect()).contains("/owa/");
            Explanation e = explain(walk, "POST", "https://mail.mydomain.com/mapi/emsmdb");
            assertThat(e.backend()).contains("bk_exchange_2013");
            assertThat(e.steps()).extracting(Explanation.Step::fired).containsExactly(false, false);
            assertThat(e.steps().get(1).acls()).extracting(Explanation.Acl::name, Explanation.Acl::holds)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("path_slash", false), org.assertj.core.groups.Tuple.tuple("host_mail", true));
            assertThat(ExplanationText.of(e)).isEqualTo("""
                    frontend ft_exchange_2013  (bind ex2013-5.1.4-https-bridging-simple.cfg:5)
                        ex2013-5.1.4-https-bridging-simple.cfg:22  http-request redirect  (not)
                            yes ssl_connection  ex2013-5.1.4-https-bridging-simple.cfg:19
                        ex2013-5.1.4-https-bridging-simple.cfg:23  http-request redirect  (not)
                            no  path_slash  ex2013-5.1.4-https-bridging-simple.cfg:21
                            yes host_mail  ex2013-5.1.4-https-bridging-simple.cfg:20
                    backend bk_exchange_2013  (balance roundrobin)
                      server 2013xchange1  192.168.13.21:443  weight 10  ex2013-5.1.4-https-bridging-simple.cfg:43
                      server 2013xchange2  192.168.13.22:443  weight 10  ex2013-5.1.4-https-bridging-simple.cfg:44
                      + X-Forwarded-For: 10.9.8.7
                    result: sent to one of 2013xchange1, 2013xchange2
                      timeout client  25s  ex2013-5.1.4-https-bridging-simple.cfg:15
                      timeout http-request  15s  ex2013-5.1.4-https-bridging-simple.cfg:17
                      timeout http-keep-alive  1s  ex2013-5.1.4-https-bridging-simple.cfg:16
                      timeout queue  30s  ex2013-5.1.4-https-bridging-simple.cfg:41
                      timeout connect  5s  ex2013-5.1.4-https-bridging-simple.cfg:40
                      timeout server  25s  ex2013-5.1.4-https-bridging-simple.cfg:39
                    """);
        }
    }
}
