package net.lbd.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.MailMode;
import net.lbd.cli.exchange.Site.Service;
import net.lbd.cli.exchange.Site.Version;
import net.lbd.cli.explain.CaseFile;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.VrrpSpec;
import net.lbd.core.runtime.Explanation;
import net.lbd.core.runtime.RuleWalk;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the form says, its configuration loads without a word, listens where it should, and sends each request to its place. */
class SiteConfigurationTest {

    @TempDir
    private static Path folder;
    private static Path certificate;

    @BeforeAll
    static void makeCertificate() {
        certificate = TestCertificates.create().server(KeyKind.ECDSA, "mail.example.com").writePem(folder.resolve("mail.pem"));
    }

    private static Site site(Version version, String more) {
        SiteFile.Result result = SiteFile.read("site.yaml", "exchange: \"" + version.word() + "\"\n" + """
                servers:
                  - {name: ex1, address: 192.168.10.11}
                  - {name: ex2, address: 192.168.10.12}
                name: mail.example.com
                address: 192.168.10.4
                trust: none
                """ + "certificate: " + certificate + "\n" + more);
        assertThat(result.problems()).as(more).isEmpty();
        return result.site().orElseThrow();
    }

    /** Loads it; not a warning, no advice. What a later part of the product carries out may be noted as such. */
    private static Configuration load(Site site) {
        String text = SiteConfiguration.write(site);
        LoadResult result = new ConfigurationLoader(new Environment(Map.of(), folder)).loadText("lbd.cfg", text);
        assertThat(result.diagnostics().stream().filter(d -> !result.notYetSupported().contains(d)).map(d -> d.location() + " " + d.message() + " " + d.code()).toList()).isEmpty();
        return result.configuration().orElseThrow();
    }

    private static Set<String> binds(Configuration configuration) {
        Set<String> binds = new TreeSet<>();
        configuration.frontends().forEach(f -> f.binds().forEach(b -> binds.add(b.address().text())));
        return binds;
    }

    private static Set<String> wanted(Site site) {
        Set<String> wanted = new TreeSet<>();
        Ports.of(site).stream().filter(l -> !l.layer4()).forEach(l -> wanted.add(l.endpoint()));
        return wanted;
    }

    /** Each way of HTTP, transparent or not. */
    static List<String> ways() {
        List<String> ways = new ArrayList<>(List.of("disabled"));
        for (Architecture a : Architecture.values()) {
            ways.add("{mode: " + a.mode().word() + (a.transparent() ? ", transparent: on" : "")
                    + (a.mode() == HttpMode.L4_SNAT ? ", source: 192.168.10.3" : "") + "}");
        }
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyChoiceOfThePagesLoadsAndListensWhereItSays(String http) {
        for (Version version : Version.values()) {
            for (MailMode imap : MailMode.values()) {
                for (MailMode smtp : EnumSet.of(MailMode.DISABLED, imap)) {
                    for (String rpc : version == Version.V2010 ? List.of("on", "off") : List.of("off")) {
                        if (http.equals("disabled") && imap == MailMode.DISABLED && rpc.equals("off")) {
                            continue;
                        }
                        MailMode pop = MailMode.values()[(imap.ordinal() + 1) % MailMode.values().length];
                        Site site = site(version, "http: " + http + "\nimap: " + imap.word() + "\npop: " + pop.word() + "\nsmtp: " + smtp.word() + "\nrpc: " + rpc + "\n");
                        assertThat(binds(load(site))).isEqualTo(wanted(site));
                        pair(version, http, imap);
                    }
                }
            }
        }
    }

    /** The same on two machines: every address moves, and only Exchange 2010 has tables to share. */
    private static void pair(Version version, String http, MailMode imap) {
        if (http.equals("disabled") && imap == MailMode.DISABLED) {
            return;
        }
        Site site = site(version, "http: " + http + "\nimap: " + imap.word() + "\nrpc: " + (version == Version.V2010 ? "on" : "off")
                + "\nha: {role: environment, cluster-id: 51, interface: eth0, prefix: 24, preempt: off, machines: {master: 192.168.10.1, backup: 192.168.10.2}}\n");
        Configuration configuration = load(site);
        assertThat(binds(configuration)).isEqualTo(wanted(site));
        assertThat(configuration.vrrp()).hasSize(1).allSatisfy(vrrp -> {
            assertThat(vrrp.addresses()).extracting(VrrpSpec.VirtualAddress::toString).containsExactlyElementsOf(http.contains("source")
                    ? List.of("192.168.10.4/24", "192.168.10.3/24") : List.of("192.168.10.4/24"));
            assertThat(vrrp.priority()).isEqualTo(VrrpSpec.BACKUP_PRIORITY);
            assertThat(vrrp.preempt()).isFalse();
        });
        assertThat(configuration.shared().peers()).hasSize(version == Version.V2010 ? 1 : 0);
        assertThat(configuration.shared().stickTables()).allSatisfy(table -> assertThat(table.peers()).contains("exchange"));
    }

    @Test
    void everyCombinationOfTheSixMailChoicesLoadsAndListensWhereItSays() {
        for (MailMode imap : MailMode.values()) {
            for (MailMode pop : MailMode.values()) {
                for (MailMode smtp : MailMode.values()) {
                    Site site = site(Version.V2019, "http: forward\nimap: " + imap.word() + "\npop: " + pop.word() + "\nsmtp: {mode: " + smtp.word()
                            + (smtp == MailMode.DISABLED ? "" : ", sources: [10.0.0.5-10.0.0.9]") + "}\n");
                    assertThat(binds(load(site))).isEqualTo(wanted(site));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyServiceGoesToItsFarmOrIsRefused(Version version) throws Exception {
        for (HttpMode mode : List.of(HttpMode.OFFLOAD, HttpMode.BRIDGING)) {
            for (Service off : Service.of(version)) {
                if (off == Service.ECP) {
                    continue;
                }
                boolean owa = off == Service.OWA;
                Site site = site(version, "http:\n  mode: " + mode.word() + "\n  services: {" + (off == Service.POWERSHELL ? "" : "powershell: on, ") + off.word() + ": off" + (owa ? ", ecp: off" : "") + "}\n");
                try (RuleWalk walk = RuleWalk.of(load(site))) {
                    for (Service service : Service.of(version)) {
                        boolean published = service != off && !(owa && service == Service.ECP);
                        for (String path : List.of(service.path() + "/x", service.path().toUpperCase(Locale.ROOT) + "/X?q=1")) {
                            Explanation e = explain(walk, "https://mail.example.com" + path);
                            if (published) {
                                assertThat(e.backend()).as(path).contains(backend(version, service));
                                assertThat(e.candidates()).extracting(Explanation.Candidate::name).containsExactly("ex1", "ex2");
                                assertThat(e.persistence().isEmpty()).as("persistence of " + service).isEqualTo(!sticks(version, service));
                            } else {
                                assertThat(e.status()).as(path).hasValue(403);
                            }
                        }
                        String encoded = String.format("/%%%02X%s/x", (int) service.path().charAt(1), service.path().substring(2));
                        if (!published) {
                            assertThat(explain(walk, "https://mail.example.com" + encoded).status()).as(encoded).hasValue(403);
                            assertThat(explain(walk, "https://mail.example.com/x/.." + service.path()).status()).hasValue(403);
                            assertThat(explain(walk, "https://mail.example.com/" + service.path()).status()).hasValue(403);
                            assertThat(explain(walk, "https://mail.example.com/x/..%5c" + service.path().substring(1)).status()).hasValue(403);
                        }
                        assertThat(explain(walk, "https://mail.example.com" + service.path() + "/%48ealthCheck.htm").status()).hasValue(403);
                    }
                    Explanation root = explain(walk, "https://mail.example.com/");
                    assertThat(root.redirect()).isEqualTo(owa ? Optional.empty() : Optional.of("/owa/"));
                    Explanation clear = explain(walk, "http://mail.example.com/owa/?a=b");
                    assertThat(clear.status()).hasValue(302);
                    assertThat(clear.redirect()).contains("https://mail.example.com/owa/?a=b");
                }
            }
        }
    }

    private static Explanation explain(RuleWalk walk, String url) {
        return walk.explain(CaseFile.request("GET", url, Optional.of("10.9.8.7"), Optional.empty(), Optional.empty(), List.of("Authorization: Basic eDp5")));
    }

    private static String backend(Version version, Service service) {
        boolean shared = version == Version.V2010 && (service == Service.OWA || service == Service.ECP);
        return shared ? "bk_exchange_owa_ecp" : "bk_exchange_" + service.word().replace('-', '_');
    }

    /** The affinity table of Exchange 2010; later releases need none. */
    private static boolean sticks(Version version, Service service) {
        return version == Version.V2010 && service != Service.AUTODISCOVER && service != Service.OAB;
    }

    @Test
    void aPostToPort80KeepsItsMethodAndPort443IsNamedWhereItIsAnother() throws Exception {
        try (RuleWalk walk = RuleWalk.of(load(site(Version.SE, "http: {mode: bridging, port: 8443, clear-port: 8080}\n")))) {
            Explanation e = walk.explain(CaseFile.request("POST", "http://mail.example.com:8080/Autodiscover/Autodiscover.xml", Optional.empty(), Optional.empty(),
                    Optional.empty(), List.of()));
            assertThat(e.status()).hasValue(308);
            assertThat(e.redirect()).contains("https://mail.example.com:8443/Autodiscover/Autodiscover.xml");
        }
    }

    @Test
    void kerberosMakesRoomForLongHeads() {
        assertThat(SiteConfiguration.write(site(Version.SE, "http: forward\nkerberos: on\n"))).contains("tune.bufsize 51200");
        assertThat(SiteConfiguration.write(site(Version.SE, "http: forward\n"))).doesNotContain("tune.bufsize");
    }

    @Test
    void oldClientsGetSuitesThatTheyHave() {
        Site old = site(Version.V2016, "http: bridging\nold-clients: on\n");
        assertThat(SiteConfiguration.write(old)).contains("ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES\n");
        assertThat(SiteConfiguration.advice(old)).anyMatch(line -> line.startsWith("old-clients: "));
        assertThat(SiteConfiguration.write(site(Version.V2016, "http: bridging\n"))).doesNotContain("ciphers");
        assertThat(SiteConfiguration.advice(site(Version.V2010, "http: bridging\n"))).anyMatch(line -> line.contains("TLS 1.0 only"));
    }

    @Test
    void submissionIsStarttlsAndPort465IsNot() {
        assertThat(SiteConfiguration.write(site(Version.SE, "smtp: ssl-offload\n"))).containsPattern("bind 192.168.10.4:587 .* starttls smtp");
        assertThat(SiteConfiguration.write(site(Version.SE, "smtp: {mode: ssl-offload, tls-port: 465}\n"))).contains("bind 192.168.10.4:465").doesNotContain("starttls");
        assertThat(SiteConfiguration.write(site(Version.SE, "smtp: ssl-forward\n"))).contains("tcp-check connect port 587\n");
        assertThat(SiteConfiguration.write(site(Version.SE, "smtp: {mode: ssl-forward, tls-port: 465}\n"))).contains("tcp-check connect port 465 ssl\n");
    }

    @Test
    void whatHasAPriceIsSaid() {
        assertThat(SiteConfiguration.advice(site(Version.V2019, "http: {mode: offload, services: {ews: off, autodiscover: off}}\nimap: ssl-offload\nsmtp: ssl-offload\n")))
                .anyMatch(a -> a.contains("Extended Protection")).anyMatch(a -> a.startsWith("ews is off")).anyMatch(a -> a.startsWith("autodiscover is off"))
                .anyMatch(a -> a.contains("PlainTextLogin")).anyMatch(a -> a.contains("STARTTLS")).anyMatch(a -> a.contains("sources"));
        assertThat(SiteConfiguration.advice(site(Version.V2019, "smtp: {mode: clear, sources: 10.0.0.1}\n"))).singleElement().asString().startsWith("http is disabled");
    }

    @Test
    void theChecklistNamesWhatEachModeAsksOfTheServers() {
        assertThat(list("http: l4-dsr\n")).contains("loopback").contains("weakhostsend=enabled").contains("192.168.10.4").doesNotContain("default gateway");
        assertThat(list("http: l4-nat\n")).contains("default gateway").doesNotContain("weakhost");
        assertThat(list("http: {mode: forward, transparent: on}\n")).contains("default gateway");
        assertThat(list("http: offload\n")).contains("sslflags").contains("-DisableExtendedProtection");
        assertThat(list("http: bridging\n")).contains("-InternalUrl https://mail.example.com/owa").doesNotContain("sslflags");
        assertThat(list("imap: ssl-offload\n")).contains("MSExchangeIMAP4BE").contains("PlainTextLogin");
        assertThat(list("smtp: clear\n")).contains("RemoteIPRanges").contains("lbctl exchange probe forms/a.yaml").contains("dev IFACE");
    }

    private static String list(String more) {
        return Checklist.of(site(Version.V2016, more), "forms/a.yaml").toString();
    }
}
