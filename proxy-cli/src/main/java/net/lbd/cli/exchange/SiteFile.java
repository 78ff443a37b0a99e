package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.cli.exchange.Form.Check;
import net.lbd.cli.exchange.Form.Section;
import net.lbd.cli.exchange.Site.Certificate;
import net.lbd.cli.exchange.Site.Gateway;
import net.lbd.cli.exchange.Site.Http;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Mail;
import net.lbd.cli.exchange.Site.MailMode;
import net.lbd.cli.exchange.Site.Pair;
import net.lbd.cli.exchange.Site.Password;
import net.lbd.cli.exchange.Site.Role;
import net.lbd.cli.exchange.Site.Rpc;
import net.lbd.cli.exchange.Site.Server;
import net.lbd.cli.exchange.Site.Service;
import net.lbd.cli.exchange.Site.Timeouts;
import net.lbd.cli.exchange.Site.Trust;
import net.lbd.cli.exchange.Site.Version;
import net.lbd.config.grammar.Addresses;

/** Reads {@code site.yaml} into a {@link Site}; its keys and defaults are documented in {@code docs/exchange-form.md}. */
public final class SiteFile {

    static final Check ADDRESS = Check.of("it is an IPv4 or IPv6 address", SiteFile::isAddress);
    static final Check HOST_NAME = Check.of("it is a host name such as mail.example.com",
            w -> w.length() <= 253 && w.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"));
    static final Check SERVER_NAME = Check.of("it is a name of letters, digits, '.', '_' and '-'", w -> w.matches("[A-Za-z0-9_.-]{1,64}"));
    static final Check FILE = Check.of("it is the absolute path of a file, without blanks", w -> w.matches("/[^\\s\"'#$\\\\]+"));
    static final Check TIME = Check.of("it is a time such as 30s, 15m or 1h", w -> w.matches("[1-9]\\d{0,5}(ms|s|m|h|d)"));
    static final Check ADVERT = Check.of("it is 10ms to 40950ms in steps of 10ms", w -> w.matches("[1-9]\\d?s|[1-9]\\d{0,3}0ms") && millis(w) <= 40_950);
    static final Check DEVICE = Check.of("it is the name of an interface such as eth0", w -> w.matches("[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,14}"));
    static final Check NETWORK_ADDRESS = Check.of("it is an address with its prefix such as 10.0.2.1/24",
            w -> w.matches("[^/]+/\\d{1,3}") && isAddress(w.substring(0, w.indexOf('/')))
                    && Integer.parseInt(w.substring(w.indexOf('/') + 1)) <= (w.indexOf(':') < 0 ? 32 : 128) && !w.endsWith("/0"));
    static final Check SOURCES = Check.of("it is an address, a network such as 10.0.0.0/24, or a range such as 10.0.0.5-10.0.0.9",
            AddressRange::readable);

    private SiteFile() { }

    /** What was read: a site, or what is wrong. */
    public record Result(Optional<Site> site, List<String> problems) { }

    /**
     * Reads a form.
     *
     * @param file its name, for the problems
     */
    public static Result read(String file, String text) {
        Section root = Form.read(text);
        Site site = root.present() ? site(root) : null;
        List<String> problems = new ArrayList<>();
        Form.report(file, root.problems(), problems::add);
        return new Result(problems.isEmpty() ? Optional.ofNullable(site) : Optional.empty(), List.copyOf(problems));
    }

    private static Site site(Section root) {
        if (!root.has("exchange")) {
            root.wrong("exchange", "'exchange' is missing; it is one of " + String.join(", ", Site.Word.words(Version.class)));
        }
        Version version = root.choice("exchange", Version.class, Version.V2019);
        List<Server> servers = servers(root, "servers");
        if (servers.isEmpty()) {
            root.wrong("servers", "'servers' is a list of 1 to " + Site.MAX_SERVERS + " servers");
        }
        List<Server> ownHubs = servers(root, "smtp-servers");
        List<Server> hubs = ownHubs.isEmpty() ? servers : ownHubs;
        String name = root.needed("name", HOST_NAME);
        Map<Service, String> names = names(root.section("names"), version);
        String address = root.needed("address", ADDRESS);
        Http http = http(root, version, address);
        Mail imap = mail(root, "imap", address, 143, 993, 143);
        Mail pop = mail(root, "pop", address, 110, 995, 110);
        Section smtpSection = root.sectionOrWord("smtp", "mode");
        Mail smtp = mail(smtpSection, address, 25, 587, 587);
        List<String> sources = smtpSection.texts("sources", SOURCES);
        smtpSection.close();
        if (!sources.isEmpty() && smtp.mode() == MailMode.DISABLED) {
            smtpSection.wrong("sources", "'smtp.sources' limits who may connect, but smtp is disabled");
        }
        Rpc rpc = rpc(root, version, address);
        Optional<Certificate> certificate = certificate(root);
        boolean offloads = http.mode().seesRequests() || imap.mode().offload() || pop.mode().offload() || smtp.mode().offload();
        if (offloads && certificate.isEmpty()) {
            root.wrong("certificate", "'certificate' is missing; http " + HttpMode.OFFLOAD.word() + " and " + HttpMode.BRIDGING.word()
                    + " and mail with ssl-offload show one to clients");
        }
        Trust trust = new Trust(root.text("trust", Check.of("it is none, system, or the absolute path of an authority's file",
                w -> w.equals("none") || w.equals("system") || FILE.passes(w))).orElse("system"));
        Timeouts timeouts = timeouts(root.section("timeouts"));
        boolean oldClients = root.flag("old-clients", false);
        if (oldClients && !offloads) {
            root.wrong("old-clients", "'old-clients' is about TLS that ends here, and the servers speak it themselves in the modes chosen; leave it out");
        }
        boolean kerberos = root.flag("kerberos", false);
        Optional<Pair> pair = pair(root);
        root.close();
        Site site = new Site(version, servers, hubs, name, names, address, http, imap, pop, smtp, sources, rpc, certificate, trust, timeouts,
                oldClients, kerberos, pair);
        if (Ports.of(site).isEmpty()) {
            root.wrong("http", "everything is disabled; choose a mode for http, imap, pop or smtp, or enable rpc");
        }
        if (pair.isPresent() && pair.get().prefix() > 32 && Ports.addresses(site).stream().noneMatch(a -> a.indexOf(':') >= 0)) {
            root.wrong("ha", "'ha.prefix' is at most 32, as all virtual addresses are IPv4");
        }
        pair.flatMap(Pair::gateway).filter(g -> !site.transparent() && http.mode() != HttpMode.L4_NAT).ifPresent(g ->
                root.wrong("ha", "'ha.gateway' is for l4-nat and transparent services: servers of others need no gateway here"));
        Ports.clash(site).ifPresent(clash -> root.wrong("address", clash));
        return site;
    }

    private static List<Server> servers(Section root, String key) {
        List<Server> servers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (Section section : root.sections(key)) {
            Server server = new Server(section.needed("name", SERVER_NAME), section.needed("address", ADDRESS),
                    section.number("weight", 0, 256, 10));
            section.close();
            if (!server.name().isEmpty() && !names.add(server.name())) {
                section.wrong("name", "two servers are called '" + server.name() + "'");
            }
            if (!server.address().isEmpty() && !addresses.add(server.address())) {
                section.wrong("address", "two servers have the address " + server.address());
            }
            servers.add(server);
        }
        if (servers.size() > Site.MAX_SERVERS) {
            root.wrong(key, "'" + key + "' has " + servers.size() + " servers; at most " + Site.MAX_SERVERS);
        }
        return servers;
    }

    private static Map<Service, String> names(Section section, Version version) {
        Map<Service, String> names = new EnumMap<>(Service.class);
        for (Service service : Service.of(version)) {
            section.text(service.word(), HOST_NAME).ifPresent(n -> names.put(service, n));
        }
        section.close();
        return names;
    }

    private static Http http(Section root, Version version, String address) {
        Section section = root.sectionOrWord("http", "mode");
        HttpMode mode = section.choice("mode", HttpMode.class, HttpMode.DISABLED);
        String own = section.text("address", ADDRESS).orElse(address);
        int port = section.number("port", 1, 65_535, 443);
        int clearPort = section.number("clear-port", 1, 65_535, 80);
        int serverPort = section.number("server-port", 1, 65_535, mode == HttpMode.OFFLOAD ? 80 : 443);
        Optional<String> source = section.text("source", ADDRESS);
        if (mode == HttpMode.L4_SNAT && source.isEmpty()) {
            section.wrong("source", "'http.source' is missing; with " + mode.word() + " it is the address of this machine that the servers see");
        }
        if (mode != HttpMode.L4_SNAT && source.isPresent()) {
            section.wrong("source", "'http.source' stands with " + HttpMode.L4_SNAT.word() + " only");
        }
        if (mode == HttpMode.L4_DSR && serverPort != port) {
            section.wrong("server-port", "with " + mode.word() + " packets reach the servers as they are, so server-port is port (" + port + ")");
        }
        boolean transparent = section.flag("transparent", false);
        if (transparent && (mode == HttpMode.DISABLED || mode.layer4())) {
            section.wrong("transparent", "'http.transparent' stands with offload, bridging and forward; l4-nat and l4-dsr always show the client's address");
        }
        Set<Service> services = services(section.section("services"), version, mode);
        section.close();
        return new Http(mode, own, port, clearPort, serverPort, services, source, transparent);
    }

    private static Set<Service> services(Section section, Version version, HttpMode mode) {
        Set<Service> services = EnumSet.noneOf(Service.class);
        boolean all = true;
        for (Service service : Service.of(version)) {
            boolean wanted = section.flag(service.word(), service != Service.POWERSHELL);
            all &= wanted || service == Service.POWERSHELL;
            if (wanted) {
                services.add(service);
            }
        }
        section.close();
        if (services.contains(Service.OWA) != services.contains(Service.ECP)) {
            section.wrong(services.contains(Service.OWA) ? "ecp" : "owa", "owa and ecp go together: each sends users to the other");
        }
        if (mode != HttpMode.DISABLED && !mode.seesRequests() && (!all || section.has(Service.POWERSHELL.word()))) {
            section.wrong("", "http " + mode.word() + " does not see requests, so it cannot switch single services; offload and bridging can");
        }
        return services;
    }

    private static Mail mail(Section root, String key, String address, int clearPort, int tlsPort, int offloadPort) {
        Section section = root.sectionOrWord(key, "mode");
        Mail mail = mail(section, address, clearPort, tlsPort, offloadPort);
        section.close();
        return mail;
    }

    private static Mail mail(Section section, String address, int clearPort, int tlsPort, int offloadPort) {
        return new Mail(section.choice("mode", MailMode.class, MailMode.DISABLED), section.text("address", ADDRESS).orElse(address),
                section.number("clear-port", 1, 65_535, clearPort), section.number("tls-port", 1, 65_535, tlsPort),
                section.number("offload-port", 1, 65_535, offloadPort), section.flag("transparent", false));
    }

    private static Rpc rpc(Section root, Version version, String address) {
        Section section = root.sectionOrWord("rpc", "enabled");
        boolean enabled = section.flag("enabled", false);
        Rpc rpc = new Rpc(enabled, section.text("address", ADDRESS).orElse(address), section.number("client-access-port", 1024, 65_535, 60_000),
                section.number("address-book-port", 1024, 65_535, 60_001));
        if (enabled && version != Version.V2010) {
            section.wrong("enabled", "Exchange " + version.word() + " has no plain RPC; Outlook comes by MAPI over HTTP or Outlook Anywhere");
        }
        if (rpc.clientAccessPort() == rpc.addressBookPort()) {
            section.wrong("address-book-port", "client-access-port and address-book-port differ");
        }
        section.close();
        return rpc;
    }

    private static Optional<Certificate> certificate(Section root) {
        Section section = root.sectionOrWord("certificate", "file");
        Optional<String> file = section.text("file", FILE);
        Password password = section.choice("password", Password.class, Password.NONE);
        if (section.present() && file.isEmpty() && !section.has("file")) {
            section.wrong("file", "'certificate.file' is missing; " + FILE.wanted());
        }
        section.close();
        return file.map(f -> new Certificate(f, password));
    }

    /** {@code ha: disabled}, or a map. */
    private static Optional<Pair> pair(Section root) {
        Section section = root.sectionOrWord("ha", "role");
        if (!section.present()) {
            section.text("role", Check.of("it is disabled, or a map with role, cluster-id and interface", "disabled"::equals));
            section.close();
            return Optional.empty();
        }
        for (String key : List.of("role", "cluster-id", "interface")) {
            if (!section.has(key)) {
                section.wrong(key, "'ha." + key + "' is missing; a pair has a role, a cluster-id and an interface");
            }
        }
        Role role = section.choice("role", Role.class, Role.ENVIRONMENT);
        int clusterId = section.number("cluster-id", 1, 255, 1);
        String device = section.text("interface", DEVICE).orElse("");
        int prefix = section.number("prefix", 1, 128, 0);
        String advert = section.text("advert", ADVERT).orElse("100ms");
        boolean preempt = section.flag("preempt", true);
        Section gate = section.section("gateway");
        Optional<Gateway> gateway = gate.present()
                ? Optional.of(new Gateway(gate.needed("address", NETWORK_ADDRESS), gate.text("interface", DEVICE).orElse(device))) : Optional.empty();
        gate.close();
        Section machines = section.section("machines");
        List<String> own = machines.present() ? List.of(machines.needed("master", ADDRESS), machines.needed("backup", ADDRESS)) : List.of();
        machines.close();
        if (own.size() == 2 && own.get(0).equals(own.get(1))) {
            section.wrong("machines", "'ha.machines' are two: master and backup have addresses of their own");
        }
        section.close();
        return Optional.of(new Pair(role, clusterId, device, prefix, advert, preempt, gateway, own));
    }

    /** Of {@code 2s} or {@code 100ms}. */
    private static int millis(String time) {
        return time.endsWith("ms") ? Integer.parseInt(time.substring(0, time.length() - 2)) : 1000 * Integer.parseInt(time.substring(0, time.length() - 1));
    }

    private static Timeouts timeouts(Section section) {
        Map<String, String> defaults = new HashMap<>(Map.of("connect", "5s", "request", "15s", "normal", "5m", "poll", "60m", "streaming", "30m",
                "mail", "30m"));
        Timeouts timeouts = new Timeouts(time(section, "connect", defaults), time(section, "request", defaults), time(section, "normal", defaults),
                time(section, "poll", defaults), time(section, "streaming", defaults), time(section, "mail", defaults));
        section.close();
        return timeouts;
    }

    private static String time(Section section, String key, Map<String, String> defaults) {
        return section.text(key, TIME).orElse(defaults.get(key));
    }

    /** Whether a word is a literal address; names are not looked up. */
    static boolean isAddress(String word) {
        return !Addresses.isShortForm(word) && Addresses.ip(word).isPresent();
    }
}
