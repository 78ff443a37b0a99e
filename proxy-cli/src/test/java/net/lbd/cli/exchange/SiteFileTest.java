package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.MailMode;
import net.lbd.cli.exchange.Site.Password;
import net.lbd.cli.exchange.Site.Service;
import net.lbd.cli.exchange.Site.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteFileTest {

    static final String HEAD = """
            exchange: 2016
            servers:
              - {name: ex1, address: 192.168.10.11}
              - {name: ex2, address: "2001:db8::2", weight: 0}
            name: mail.example.com
            address: 192.168.10.4
            """;

    private static Site good(String text) {
        SiteFile.Result result = SiteFile.read("site.yaml", text);
        assertThat(result.problems()).isEmpty();
        return result.site().orElseThrow();
    }

    private static List<String> problems(String text) {
        SiteFile.Result result = SiteFile.read("site.yaml", text);
        assertThat(result.site().isPresent()).isEqualTo(result.problems().isEmpty());
        return result.problems();
    }

    @Test
    void everyAnswerIsTaken() {
        Site site = good(HEAD + """
                smtp-servers: [{name: hub1, address: 192.168.10.21}]
                names: {autodiscover: autodiscover.example.com}
                http:
                  mode: bridging
                  address: 192.168.10.5
                  port: 8443
                  clear-port: 8080
                  server-port: 444
                  transparent: yes
                  services: {powershell: on, oab: off}
                imap: clear+ssl-offload
                pop: {mode: ssl-forward, address: 192.168.10.6, tls-port: 1995, transparent: on}
                smtp: {mode: clear, sources: [10.0.0.0/24, 10.0.1.5-10.0.1.9]}
                certificate: {file: /etc/lbd/mail.pfx, password: environment}
                trust: /etc/lbd/ca.pem
                timeouts: {poll: 70m}
                old-clients: on
                kerberos: on
                ha: disabled
                """);
        assertThat(site.version()).isEqualTo(Version.V2016);
        assertThat(site.servers()).extracting(Site.Server::weight).containsExactly(10, 0);
        assertThat(site.hubs()).extracting(Site.Server::name).containsExactly("hub1");
        assertThat(site.nameOf(Service.AUTODISCOVER)).isEqualTo("autodiscover.example.com");
        assertThat(site.nameOf(Service.OWA)).isEqualTo("mail.example.com");
        assertThat(site.http().mode()).isEqualTo(HttpMode.BRIDGING);
        assertThat(site.http().transparent()).isTrue();
        assertThat(site.http().services()).contains(Service.POWERSHELL, Service.OWA).doesNotContain(Service.OAB);
        assertThat(site.imap().mode()).isEqualTo(MailMode.CLEAR_AND_OFFLOAD);
        assertThat(site.pop().tlsPort()).isEqualTo(1995);
        assertThat(site.smtpSources()).hasSize(2);
        assertThat(site.certificate().orElseThrow().password()).isEqualTo(Password.ENVIRONMENT);
        assertThat(site.timeouts().poll()).isEqualTo("70m");
        assertThat(site.timeouts().normal()).isEqualTo("5m");
        assertThat(site.oldClients()).isTrue();
        assertThat(site.kerberos()).isTrue();
        assertThat(Ports.of(site)).extracting(Ports.Listen::endpoint).containsExactly("192.168.10.5:8443", "192.168.10.5:8080",
                "192.168.10.4:143", "192.168.10.4:993", "192.168.10.6:1995", "192.168.10.4:25");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "http: brigding ! 7:7: 'http.mode' is 'brigding'; did you mean 'bridging'?; it is one of disabled, offload",
        "http: {mode: forward, port: 70000} ! 7:29: 'http.port' is '70000'; it is a number from 1 to 65535",
        "http: {mode: forward, colour: red} ! 7:23: unknown word 'http.colour'; here stand mode, address, port",
        "imap: maybe ! 7:7: 'imap.mode' is 'maybe'; it is one of disabled, clear, ssl-forward",
        "imap: [clear] ! 7:7: 'imap' is a map of 'key: value' lines",
        "http: bridging ! 1:1: 'certificate' is missing",
        "{http: forward, certificate: mail.pfx} ! 7:30: 'certificate.file' is 'mail.pfx'; it is the absolute path of a file",
        "rpc: on ! 7:6: Exchange 2016 has no plain RPC",
        "http: l4-snat ! 'http.source' is missing",
        "http: {mode: forward, source: 10.0.0.1} ! 7:31: 'http.source' stands with l4-snat only",
        "http: {mode: l4-dsr, server-port: 444} ! 7:35: with l4-dsr packets reach the servers as they are",
        "http: {mode: l4-nat, transparent: on} ! 7:35: 'http.transparent' stands with offload, bridging and forward",
        "http: {mode: forward, services: {oab: off}} ! http forward does not see requests",
        "{http: {mode: bridging, services: {ecp: off}}, certificate: /x} ! 7:41: owa and ecp go together",
        "smtp: {mode: clear, sources: 10.0.0.9-10.0.0.5} ! 7:30: 'smtp.sources' is '10.0.0.9-10.0.0.5'; it is an address, a network",
        "smtp: {sources: 10.0.0.9} ! 7:17: 'smtp.sources' limits who may connect, but smtp is disabled",
        "{http: forward, ha: master} ! 'ha.role' is 'master'; it is disabled, or a map with role, cluster-id and interface",
        "{http: forward, ha: {role: master, interface: eth0}} ! 'ha.cluster-id' is missing; a pair has a role, a cluster-id and an interface",
        "{http: forward, ha: {role: slave, cluster-id: 1, interface: eth0}} ! 'ha.role' is 'slave'; it is one of master, backup, environment",
        "{http: forward, ha: {role: master, cluster-id: 256, interface: eth0}} ! 'ha.cluster-id' is '256'; it is a number from 1 to 255",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: eth 0}} ! 'ha.interface' is 'eth 0'; it is the name of an interface",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, gateway: {address: 10.0.2.1/24}}} ! 'ha.gateway' is for l4-nat and transparent services",
        "{http: l4-nat, ha: {role: master, cluster-id: 1, interface: e, gateway: {address: 10.0.2.1}}} ! 'ha.gateway.address' is '10.0.2.1'; it is an address with its prefix",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, machines: {master: 10.0.2.1}}} ! 'ha.machines.backup' is missing",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, machines: {master: 10.0.2.1, backup: 10.0.2.1}}} ! 'ha.machines' are two: master and backup",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, prefix: 33}} ! 'ha.prefix' is at most 32, as all virtual addresses are IPv4",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, advert: 105ms}} ! 'ha.advert' is '105ms'; it is 10ms to 40950ms in steps of 10ms",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: e, advert: 41s}} ! 'ha.advert' is '41s'; it is 10ms to 40950ms in steps of 10ms",
        "{http: forward, ha: {role: master, cluster-id: 1, interface: -e}} ! 'ha.interface' is '-e'; it is the name of an interface",
        "{http: forward, timeouts: {poll: soon}} ! 7:34: 'timeouts.poll' is 'soon'; it is a time such as 30s",
        "{http: forward, names: {owa: mail_1}} ! 7:30: 'names.owa' is 'mail_1'; it is a host name",
        "{http: forward, kerberos: perhaps} ! 7:27: 'kerberos' is 'perhaps'; it is on or off",
        "{http: forward, imap: {mode: clear, clear-port: 443}} ! HTTPS and IMAP both want 192.168.10.4:443",
        "name: second.example.com ! 7:1: 'name' stands twice",
        "{http: forward, old-clients: on} ! 'old-clients' is about TLS that ends here, and the servers speak it themselves",
        "kerberos: off ! everything is disabled",
    })
    void whatIsWrongIsToldWithItsPlace(String line, String message) {
        String more = line.startsWith("{") ? line.substring(1, line.length() - 1).replace(", ha:", "\nha:").replace(", certificate:", "\ncertificate:")
                .replace(", names:", "\nnames:").replace(", timeouts:", "\ntimeouts:").replace(", kerberos:", "\nkerberos:").replace(", imap:", "\nimap:").replace(", old-clients:", "\nold-clients:") : line;
        // The place is the one of the line as it stands in the table; in the form it begins a line of its own.
        String wanted = line.startsWith("{") ? message.replaceFirst("^7:\\d+: ", "") : message;
        assertThat(problems(HEAD + more + "\n")).anySatisfy(p -> assertThat(p).startsWith("site.yaml:").contains(wanted));
    }

    @Test
    void allThatIsWrongIsToldAtOnceInTheOrderOfTheFile() {
        assertThat(problems("exchange: 2003\nservers:\n  - {name: a b, address: 300.1.1.1}\n  - {name: x}\nname: mail\nhttp: forward\n")).satisfiesExactly(
                p -> assertThat(p).startsWith("site.yaml:1:1: 'address' is missing"),
                p -> assertThat(p).startsWith("site.yaml:1:11: 'exchange' is '2003'"),
                p -> assertThat(p).startsWith("site.yaml:3:12: 'servers[1].name' is 'a b'"),
                p -> assertThat(p).startsWith("site.yaml:3:26: 'servers[1].address' is '300.1.1.1'"),
                p -> assertThat(p).startsWith("site.yaml:4:5: 'servers[2].address' is missing"),
                p -> assertThat(p).startsWith("site.yaml:5:7: 'name' is 'mail'"));
    }

    @Test
    void serversAreOneToThirtyTwoAndDifferent() {
        StringBuilder many = new StringBuilder("exchange: SE\nname: m.example.com\naddress: 10.0.0.1\nhttp: forward\nservers:\n");
        for (int i = 1; i <= 33; i++) {
            many.append("  - {name: s").append(i).append(", address: 10.0.1.").append(i).append("}\n");
        }
        assertThat(problems(many.toString())).singleElement().asString().contains("'servers' has 33 servers; at most 32");
        assertThat(problems(HEAD.replace("ex2", "ex1") + "http: forward\n")).singleElement().asString().contains("two servers are called 'ex1'");
        assertThat(problems(HEAD.replace("\"2001:db8::2\"", "192.168.10.11") + "http: forward\n")).singleElement().asString()
                .contains("two servers have the address 192.168.10.11");
        assertThat(problems("exchange: SE\nname: m.example.com\naddress: 10.0.0.1\nservers: []\nhttp: forward\n")).singleElement().asString()
                .startsWith("site.yaml:4:10: 'servers' is a list of 1 to 32 servers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "just text", "- a\n- b", "a: [", "exchange: *x", "exchange: {a: {b: c}}", "servers: 5", "\u0000", "exchange: !!java.net.URL [x]"})
    void whateverStandsThereIsAnsweredWithSentences(String text) {
        assertThat(problems(text)).isNotEmpty().allSatisfy(p -> assertThat(p).startsWith("site.yaml:").doesNotContain("Exception"));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.5-10.0.0.9, 10.0.0.5 10.0.0.6/31 10.0.0.8/31", "0.0.0.0-255.255.255.255, 0.0.0.0/0", "10.0.0.7-10.0.0.7, 10.0.0.7",
        "10.1.0.0/16, 10.1.0.0/16", "192.168.30.50-192.168.30.60, 192.168.30.50/31 192.168.30.52/30 192.168.30.56/30 192.168.30.60",
        "2001:db8::-2001:db8::3, 2001:db8:0:0:0:0:0:0/126"})
    void rangesBecomeTheFewestNetworks(String range, String networks) {
        assertThat(String.join(" ", AddressRange.networks(range))).isEqualTo(networks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.9-10.0.0.5", "10.0.0.1-::1", "10.0.0.0/33", "host", "10.0.0.1-", "/8", "10.0.0.0/x", "1.2.3"})
    void whatIsNoRangeIsNone(String word) {
        assertThat(AddressRange.readable(word)).isFalse();
    }
}
