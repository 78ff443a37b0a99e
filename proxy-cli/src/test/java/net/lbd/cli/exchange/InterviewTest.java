package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.MailMode;
import net.lbd.cli.exchange.Site.Version;
import org.junit.jupiter.api.Test;

class InterviewTest {

    private final StringWriter out = new StringWriter();

    private String ask(String... answers) throws IOException {
        return new Interview(new BufferedReader(new StringReader(String.join("\n", answers) + "\n")), new PrintWriter(out, true)).ask();
    }

    private static Site site(String form) {
        SiteFile.Result result = SiteFile.read("site.yaml", form);
        assertThat(result.problems()).as(form).isEmpty();
        return result.site().orElseThrow();
    }

    @Test
    void theShortestWayIsBridging() throws Exception {
        Site site = site(ask("", "10.0.0.11", "", "10.0.0.12", "", "", "mail.example.com", "10.0.0.4", "", "", "", "", "", "", "", "", ""));
        assertThat(site.version()).isEqualTo(Version.V2019);
        assertThat(site.servers()).extracting(Site.Server::name).containsExactly("ex1", "ex2");
        assertThat(site.http().mode()).isEqualTo(HttpMode.BRIDGING);
        assertThat(site.trust()).isEqualTo(Site.Trust.SYSTEM);
        for (Architecture a : Architecture.values()) {
            assertThat(out.toString()).contains("+ " + a.pros()).contains("- " + a.cons()).contains(a.users() + " users");
        }
    }

    @Test
    void everyQuestionCanBeAnsweredOtherwise() throws Exception {
        Site site = site(ask("2010", "10.0.0.11", "cas1", "", "mail.example.com", "2001:db8::4", "7", "10.0.0.3", "clear", "ssl-offload", "clear+ssl-forward",
                "10.0.0.0/24 10.0.1.1-10.0.1.9", "yes", "/etc/mail.pem", "none", "yes", "yes", "master", "7", "eth1", "10.0.0.1", "10.0.0.2"));
        assertThat(site.http().mode()).isEqualTo(HttpMode.L4_SNAT);
        assertThat(site.http().source()).contains("10.0.0.3");
        assertThat(site.imap().mode()).isEqualTo(MailMode.CLEAR);
        assertThat(site.smtpSources()).containsExactly("10.0.0.0/24", "10.0.1.1-10.0.1.9");
        assertThat(site.rpc().enabled()).isTrue();
        assertThat(site.certificate()).map(Site.Certificate::file).contains("/etc/mail.pem");
        assertThat(site.kerberos()).isTrue();
        assertThat(site.pair()).contains(new Site.Pair(Site.Role.MASTER, 7, "eth1", 0, "100ms", true, Optional.empty(), List.of("10.0.0.1", "10.0.0.2")));
    }

    @Test
    void aWrongAnswerIsAskedForAgain() throws Exception {
        ask("2003", "SE", "", "300.0.0.1", "10.0.0.11", "", "", "mail", "mail.example.com", "10.0.0.4", "11", "0", "clear", "", "", "", "", "");
        assertThat(out.toString()).contains("'2003' does not do; it is one of 2010, 2013").contains("an answer is needed; it is an IPv4 or IPv6 address")
                .contains("'300.0.0.1' does not do").contains("'mail' does not do; it is a host name").contains("'11' does not do; it is a number from 0 to 9");
    }

    @Test
    void anInputThatEndsWritesNothing() {
        assertThatThrownBy(() -> ask("2016", "10.0.0.11")).isInstanceOf(Interview.BrokenOff.class).hasMessageContaining("nothing was written");
    }
}
