package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.lbd.config.keyword.rule.ReplyActionKeywords.Deny;
import net.lbd.config.keyword.rule.HttpActionKeywords.Redirect;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ReplySpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Verify;
import org.junit.jupiter.api.Test;

/** The configurations of the Exchange 2013 guide: what is said about them, and what they come to. */
class GuideTest {

    private static final Path FOLDER = Path.of("src/test/resources/guide");

    @Test
    void rawTcp511() {
        LoadResult result = load("5.1.1.cfg");
        assertThat(said(result)).containsExactly(
                "5.1.1.cfg:15:3 WARNING LB1204 'option tcplog' is ignored in a backend section; it belongs in defaults, frontend, listen");
        Configuration configuration = result.configuration().orElseThrow();
        FrontendSpec frontend = configuration.frontend("ft_exchange_2013").orElseThrow();
        assertThat(frontend.mode()).isEqualTo(ProxyMode.TCP);
        assertThat(frontend.binds()).hasSize(1);
        assertThat(frontend.binds().get(0).settings().get(BindSettings.NAME)).isEqualTo("https");
        assertThat(frontend.settings().get(ProxySettings.TIMEOUT_CLIENT)).isEqualTo(Duration.ofSeconds(300));
        assertThat(frontend.settings().get(ProxySettings.MAXCONN)).isEqualTo(10000);
        assertThat(frontend.defaultBackend()).contains("bk_exchange_2013");
        BackendSpec backend = configuration.backend("bk_exchange_2013").orElseThrow();
        assertThat(backend.balance().algorithm()).isEqualTo("leastconn");
        assertThat(backend.settings().get(ProxySettings.REDISPATCH)).isEqualTo(-1);
        assertThat(backend.check()).isEqualTo(CheckSpec.CONNECT);
        assertThat(backend.servers()).allSatisfy(server -> {
            assertThat(server.settings().get(ServerSettings.CHECK)).isTrue();
            assertThat(server.settings().get(ServerSettings.INTER)).isEqualTo(Duration.ofSeconds(3));
            assertThat(server.settings().get(ServerSettings.FALL)).isEqualTo(3);
        });
    }

    @Test
    void simpleBridging514AsPrinted() {
        LoadResult result = load("5.1.4.cfg");
        String forceclose = " WARNING LB1214 'no option forceclose' has no effect: HAProxy removed 'option forceclose' in 2.0; delete the line";
        String verify = "' is connected to with TLS ('ssl'), but nothing says how to check its certificate";
        assertThat(said(result)).containsExactly(
                "5.1.4.cfg:8:3" + forceclose,
                "5.1.4.cfg:31:3" + forceclose,
                "5.1.4.cfg:33:3 WARNING LB1204 'option httplog' is ignored in a backend section; it belongs in defaults, frontend, listen",
                "5.1.4.cfg:41:61 ERROR LB1405 server '2013xchange1" + verify,
                "5.1.4.cfg:42:61 ERROR LB1405 server '2013xchange2" + verify);
        assertThat(result.configuration()).isEmpty();
    }

    @Test
    void advancedBridging515AsPrinted() {
        LoadResult result = load("5.1.5.cfg");
        assertThat(said(result).stream().filter(s -> s.contains(" ERROR ") && !s.contains("LB1405"))).containsExactly(
                "5.1.5.cfg:19:3 ERROR LB1309 a log-format must stand on one line; this looks like the rest of the one above",
                "5.1.5.cfg:20:3 ERROR LB1309 a log-format must stand on one line; this looks like the rest of the one above");
        assertThat(said(result).stream().filter(s -> s.contains("LB1405"))).hasSize(18);
        assertThat(said(result).stream().filter(s -> s.contains("LB1214"))).hasSize(20);
        assertThat(said(result).stream().filter(s -> s.contains("LB1402"))).hasSize(9);
        assertThat(said(result)).contains("5.1.5.cfg:6:3 WARNING LB1204 'option prefer-last-server' is ignored in a frontend section;"
                + " it belongs in defaults, backend, listen");
    }

    @Test
    void advancedBridging515Mended() {
        String printed = read("5.1.5.cfg");
        String mended = "global\n  ssl-server-verify none\ndefaults\n  timeout connect 5s\n" + printed
                .replace("%rc\n  \\ %sq", "%rc\\ %sq")
                .replace("]}\\\n  \"%[capture.req.method]\\ %[capture.req.hdr(0)]%[capture.req.uri]\\ HTTP/1.1\"",
                        "]}\\ \\\"%[capture.req.method]\\ %[capture.req.hdr(0)]%[capture.req.uri]\\ HTTP/1.1\\\"");
        LoadResult result = loader().loadText("mended.cfg", mended);
        assertThat(result.hasErrors()).isFalse();
        assertThat(result.notYetSupported()).isEmpty();
        assertThat(said(result)).contains(
                "mended.cfg:22:128 WARNING LB1308 there is no log-format variable '%sslV'; it is read as '%sslv'",
                "mended.cfg:22:134 WARNING LB1308 there is no log-format variable '%sslC'; it is read as '%sslc'");
        Configuration configuration = result.configuration().orElseThrow();
        FrontendSpec frontend = configuration.frontend("ft_XCHANGE2013_https").orElseThrow();
        assertThat(frontend.switching()).hasSize(8);
        assertThat(frontend.captures()).hasSize(3);
        assertThat(frontend.rules()).extracting(r -> r.set()).containsOnly(RuleSet.HTTP_REQUEST);
        assertThat(frontend.rules().get(0).action()).isEqualTo(new Deny(new ReplySpec(403, ReplySpec.DEFAULT_PAGE, List.of())));
        assertThat(frontend.rules().get(1).action()).isInstanceOfSatisfying(Redirect.class, redirect -> {
            assertThat(redirect.kind()).isEqualTo(Redirect.Kind.SCHEME);
            assertThat(redirect.target().asLiteral()).contains("https");
        });
        assertThat(frontend.rules().get(1).condition().orElseThrow().unless()).isTrue();
        var check = frontend.rules().get(0).condition().orElseThrow().anyOf().get(0).get(0).acl().tests().get(0);
        assertThat(check.method()).isEqualTo(MatchMethod.END);
        assertThat(check.ignoreCase()).isTrue();
        assertThat(check.patterns()).containsExactly(new PatternSpec.Text("HealthCheck.htm"));
        LogFormatSpec format = frontend.settings().get(ProxySettings.LOG_FORMAT);
        assertThat(format.text()).endsWith(" \"%[capture.req.method] %[capture.req.hdr(0)]%[capture.req.uri] HTTP/1.1\"");
        assertThat(configuration.backends()).hasSize(9).allSatisfy(backend -> {
            assertThat(backend.servers()).hasSize(2);
            assertThat(backend.servers().get(0).settings().get(ServerSettings.VERIFY)).isEqualTo(Verify.NONE);
            assertThat(backend.settings().get(ProxySettings.PREFER_LAST_SERVER)).isTrue();
        });
        List<CheckStep> steps = configuration.backend("bk_XCHANGE2013_https_owa").orElseThrow().check().steps();
        assertThat(steps.get(0)).isInstanceOfSatisfying(CheckStep.HttpSend.class, send -> {
            assertThat(send.method()).isEqualTo("GET");
            assertThat(send.uri()).isEqualTo("/owa/HealthCheck.htm");
            assertThat(send.version()).isEqualTo("HTTP/1.0");
        });
        assertThat(steps.get(1)).isInstanceOfSatisfying(CheckStep.HttpExpect.class, expect -> {
            assertThat(expect.match()).isEqualTo(CheckStep.HttpMatch.STRING);
            assertThat(expect.pattern()).isEqualTo("200 OK");
        });
    }

    private static ConfigurationLoader loader() {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("src/test/resources/tls")));
    }

    private static LoadResult load(String name) {
        return loader().loadText(name, read(name));
    }

    private static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without advice, which VerbatimTest holds. */
    private static List<String> said(LoadResult result) {
        return result.diagnostics().stream().filter(d -> !d.code().startsWith("LBX")).map(d -> d.location() + " " + d.severity() + " " + d.code() + " " + d.message()).toList();
    }
}
