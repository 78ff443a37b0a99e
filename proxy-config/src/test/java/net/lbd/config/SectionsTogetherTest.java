package net.lbd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;
import org.junit.jupiter.api.Test;

/** What sections must hold, and which sections may not go together; each verdict is HAProxy 2.6's. */
class SectionsTogetherTest {

    private static final String DEFAULTS = """
            defaults plain
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            """;
    private static final String RULES = DEFAULTS.replace("plain", "ruled") + "  http-request set-header a b\n";
    private static final String FRONTEND = "frontend f from ruled\n  bind 127.0.0.1:18080\n";
    private static final String BACKEND = "backend b from ruled\n  server s 10.0.0.1:80\n";

    private static List<String> errors(String text) {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of(""))).loadText("t.cfg", text).diagnostics().stream()
                .filter(d -> d.severity() == Severity.ERROR).map(Diagnostic::toString).toList();
    }

    @Test
    void cacheHasSize() {
        assertThat(errors("cache c\n  max-age 10\n")).containsExactly("t.cfg:1:7: cache 'c' has no size");
        assertThat(errors("cache c\n  total-max-size 4\n")).isEmpty();
    }

    @Test
    void oneResponseMayHaveHalfOfTheCache() {
        assertThat(errors("cache c\n  total-max-size 4\n  max-object-size 2097153\n")).containsExactly(
                "t.cfg:3:19: 'max-object-size 2097153': a response may take half of 'total-max-size 4', which is 2097152 bytes");
        assertThat(errors("cache c\n  total-max-size 4\n  max-object-size 2097152\n")).isEmpty();
    }

    @Test
    void fastCgiApplicationHasFolderAndOneName() {
        assertThat(errors("fcgi-app a\n  index x.php\nfcgi-app b\n  docroot /x\nfcgi-app b\n  docroot /x\n")).containsExactly(
                "t.cfg:1:10: fcgi-app 'a' has no 'docroot'", "t.cfg:5:10: a fcgi-app section is named 'b' already, at t.cfg:3");
    }

    @Test
    void useOfFastCgiNamesApplicationAndServerThatSpeaksIt() {
        String application = "fcgi-app php\n  docroot /x\n" + DEFAULTS;
        assertThat(errors(application + "backend b\n  use-fcgi-app pph\n  server s 10.0.0.1:80 proto fcgi\n")).containsExactly(
                "t.cfg:9:16: no fcgi-app section is named 'pph'; did you mean 'php'?");
        assertThat(errors(application + "backend b\n  use-fcgi-app php\n  server s 10.0.0.1:80\n")).containsExactly(
                "t.cfg:9:16: no server of backend 'b' speaks FastCGI");
        assertThat(errors(application + "backend b\n  use-fcgi-app php\n  server s 10.0.0.1:80 proto fcgi\n")).isEmpty();
    }

    @Test
    void defaultsWithRulesAreOfOneSide() {
        assertThat(errors(RULES + FRONTEND + BACKEND)).containsExactly("t.cfg:9:9: backend 'b' cannot take its defaults from "
                + "defaults 'ruled' at t.cfg:1: that holds rules, and frontend 'f' (t.cfg:7) takes them already");
        assertThat(errors(RULES + "listen l from ruled\n  bind 127.0.0.1:18080\n  server s 10.0.0.1:80\n")).containsExactly(
                "t.cfg:7:8: listen 'l' cannot take its defaults from defaults 'ruled' at t.cfg:1: that holds rules, which would run on both sides");
    }

    @Test
    void defaultsWithRulesMayServeManyOfOneSideAndThoseWithoutAnyBoth() {
        assertThat(errors(RULES + FRONTEND + "  default_backend b\n" + BACKEND.replace("from ruled", "from plain")
                .replace("backend", DEFAULTS + "backend"))).isEmpty();
        assertThat(errors(DEFAULTS + FRONTEND.replace("ruled", "plain") + BACKEND.replace("ruled", "plain"))).isEmpty();
    }

    @Test
    void userAndGroupThatComeTwiceAreLeftOutTheSecondTime() {
        assertThat(errors("userlist u\n  group g\n  group g\n  user a insecure-password x\n  user a insecure-password y\n")).isEmpty();
    }
}
