package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Mail;
import net.lbd.cli.exchange.Site.Password;
import net.lbd.cli.exchange.Site.Service;

/** What is left to do on the servers, in the network and on this machine once the configuration of a site is written. */
public final class Checklist {

    /** Steps for one place, each with the commands that do it. */
    public record Chapter(String title, List<Step> steps) {
        public Chapter {
            steps = List.copyOf(steps);
        }
    }

    /** One thing to do. */
    public record Step(String what, List<String> commands) {
        public Step {
            commands = List.copyOf(commands);
        }
    }

    private final Site site;
    private final String form;

    private Checklist(Site site, String form) {
        this.site = site;
        this.form = form;
    }

    /**
     * The chapters that a site needs, none of them empty.
     *
     * @param form the form's file, as commands name it
     */
    public static List<Chapter> of(Site site, String form) {
        Checklist list = new Checklist(site, form);
        return java.util.stream.Stream.of(list.machine(), list.network(), list.exchange(), list.dns()).filter(c -> !c.steps().isEmpty()).toList();
    }

    private Chapter machine() {
        List<Step> steps = new ArrayList<>();
        steps.add(step("Install lbd with its user, folders and service, if it is not there yet: docs/operating.md, \"Installation\"", List.of()));
        List<String> addresses = Ports.addresses(site);
        if (site.pair().isPresent()) {
            beforeThePair(steps);
        } else {
            steps.add(step("Put the virtual " + (addresses.size() == 1 ? "address" : "addresses")
                + " on this machine, for good where your system keeps its network settings; IFACE is the network card towards the clients (ip -br address)",
                addresses.stream().map(a -> "ip address add " + a + (a.indexOf(':') < 0 ? "/32" : "/128") + " dev IFACE").toList()));
        }
        site.certificate().ifPresent(certificate -> {
            steps.add(step("Put the certificate with its key and chain (from Exchange: Export-ExchangeCertificate, or MMC with the private key) there, readable for lbd alone",
                    List.of("install -m 600 -o lbd -g lbd EXPORTED" + extension(certificate.file()) + " " + certificate.file(), "lbctl cert check " + certificate.file())));
            if (certificate.password() == Password.FILE) {
                steps.add(step("Write its password as the first line of a file beside it", List.of("install -m 600 -o lbd -g lbd /dev/stdin " + certificate.file() + ".pass")));
            } else if (certificate.password() == Password.ENVIRONMENT) {
                steps.add(step("Give its password to the service by LBD_CERT_PASSWORD, in a file that only root can read", List.of("systemctl edit lbd   # [Service] EnvironmentFile=/etc/lbd/secret.env")));
            }
        });
        if (site.transparent() || site.http().mode().layer4()) {
            steps.add(step("Let the kernel forward packets, and see what else is missing", List.of("lbctl preflight -f /etc/lbd/lbd.cfg")));
        }
        steps.add(step("Check the configuration, and start", List.of("lbctl check -f /etc/lbd/lbd.cfg", "systemctl reload-or-restart lbd")));
        if (site.pair().isPresent()) {
            thePair(steps);
        }
        steps.add(step("Look from the outside", List.of("lbctl exchange probe " + form)));
        return new Chapter("On this machine", steps);
    }

    /** What the configuration of a pair stands on. */
    private void beforeThePair(List<Step> steps) {
        Site.Pair pair = site.pair().orElseThrow();
        steps.add(step("keepalived moves " + HttpSections.list(PairSections.addresses(site)) + " between the two machines: put them on neither; install it on both",
                List.of("apt install keepalived")));
        if (pair.role() == Site.Role.ENVIRONMENT) {
            steps.add(step("Say on each machine which one it is", List.of("echo LBD_ROLE=master >> /etc/default/lbd   # and backup on the other")));
        }
        steps.add(step("Let the machines hear each other: VRRP (IP protocol 112) to 224.0.0.18, or ff02::12"
                + (pair.machines().isEmpty() ? "" : ", and TCP port 1024 between " + String.join(" and ", pair.machines())), List.of()));
    }

    private static void thePair(List<Step> steps) {
        steps.add(step("Bring the configuration to the other machine, now and after each change", List.of("lbctl sync OTHER")));
        steps.add(step("On both machines: start lbd, tell keepalived, and see who has the addresses", List.of("systemctl enable --now lbd",
                "lbctl vrrp config -o /etc/keepalived/keepalived.conf", "systemctl enable --now keepalived", "lbctl vrrp status")));
    }

    /** Files of other kinds than the name says are not read: what is exported must be of that kind. */
    private static String extension(String file) {
        int dot = file.lastIndexOf('.');
        return dot > file.lastIndexOf('/') ? file.substring(dot) : "";
    }

    private Chapter network() {
        List<Step> steps = new ArrayList<>();
        if (site.transparent() || site.http().mode() == HttpMode.L4_NAT) {
            steps.add(step("On every server: this machine is the default gateway, and no client is in the servers' subnet",
                    List.of("route print -4    # Windows: the default gateway must be an address of this machine")));
        }
        if (site.http().mode() == HttpMode.L4_DSR) {
            steps.add(step("On every server: add the \"Microsoft KM-TEST Loopback Adapter\", name it \"loopback\" and the network card \"net\", give it "
                    + site.http().address() + " with mask 255.255.255.255 and no gateway, and let both take packets for it", weakHost()));
        }
        Set<Integer> ports = new TreeSet<>();
        Ports.of(site).forEach(l -> ports.add(l.port()));
        steps.add(step("Firewalls: let clients reach " + String.join(" and ", Ports.addresses(site)) + " on " + HttpSections.list(ports.stream().map(String::valueOf).toList())
                + "; let this machine reach the servers on " + HttpSections.list(serverPorts()), List.of()));
        return new Chapter("In the network", steps);
    }

    private List<String> weakHost() {
        boolean v6 = site.http().address().indexOf(':') >= 0;
        String family = v6 ? "ipv6" : "ipv4";
        List<String> commands = new ArrayList<>(List.of("netsh interface " + family + " set interface \"net\" weakhostreceive=enabled",
                "netsh interface " + family + " set interface \"loopback\" weakhostreceive=enabled",
                "netsh interface " + family + " set interface \"loopback\" weakhostsend=enabled"));
        if (v6) {
            commands.add("netsh interface ipv6 set interface \"loopback\" dadtransmits=0");
        }
        return commands;
    }

    private List<String> serverPorts() {
        Set<Integer> ports = new TreeSet<>();
        if (site.http().mode() != HttpMode.DISABLED) {
            ports.add(site.http().serverPort());
        }
        for (Mail mail : List.of(site.imap(), site.pop(), site.smtp())) {
            if (mail.mode().clear()) {
                ports.add(mail.clearPort());
            }
            if (mail.mode().forward()) {
                ports.add(mail.tlsPort());
            }
            if (mail.mode().offload()) {
                ports.add(mail.offloadPort());
            }
        }
        if (site.rpc().enabled()) {
            ports.addAll(List.of(Ports.ENDPOINT_MAPPER, site.rpc().clientAccessPort(), site.rpc().addressBookPort()));
        }
        return ports.stream().map(String::valueOf).toList();
    }

    private Chapter exchange() {
        List<Step> steps = new ArrayList<>();
        if (site.http().mode() != HttpMode.DISABLED) {
            steps.add(step("Give every virtual directory the name that clients use, inside and outside", urls()));
            steps.add(step("Give all servers the same certificate: cookies of Outlook on the web are sealed with it, and Extended Protection compares it",
                    List.of("Enable-ExchangeCertificate -Server SERVER -Services IIS -Thumbprint THUMBPRINT")));
        }
        if (site.http().mode() == HttpMode.OFFLOAD) {
            steps.add(step("Let the servers take HTTP for what clients sent over TLS, and switch Extended Protection off", offloading()));
        }
        if (!site.http().transparent() && site.http().mode().seesRequests()) {
            steps.add(step("To see clients in the logs of IIS, add the request header X-Forwarded-For to its log fields", List.of(
                    "Add-WebConfigurationProperty -PSPath MACHINE/WEBROOT/APPHOST -Filter \"system.applicationHost/sites/siteDefaults/logFile/customFields\""
                            + " -Name . -Value @{logFieldName='X-Forwarded-For';sourceName='X-Forwarded-For';sourceType='RequestHeader'}")));
        }
        mail(steps);
        if (site.rpc().enabled()) {
            int clientAccess = site.rpc().clientAccessPort();
            steps.add(step("On every Client Access server: fix the port of RPC Client Access to " + clientAccess + " and that of the Address Book to "
                    + site.rpc().addressBookPort() + ", and restart both services", List.of(
                    "New-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeRPC\\ParametersSystem -Name 'TCP/IP Port' -PropertyType DWord -Value " + clientAccess,
                    "New-ItemProperty -Path HKLM:\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeAB\\Parameters -Name RpcTcpPort -PropertyType String -Value "
                            + site.rpc().addressBookPort(),
                    "New-ClientAccessArray -Fqdn " + site.name() + " -Site SITE -Name " + site.name())));
        }
        return new Chapter("On the Exchange servers", steps);
    }

    private List<String> urls() {
        List<String> commands = new ArrayList<>();
        directory(commands, Service.OWA, "Owa", "owa");
        directory(commands, Service.ECP, "Ecp", "ecp");
        directory(commands, Service.EWS, "WebServices", "EWS/Exchange.asmx");
        directory(commands, Service.ACTIVESYNC, "ActiveSync", "Microsoft-Server-ActiveSync");
        directory(commands, Service.OAB, "Oab", "OAB");
        if (Service.of(site.version()).contains(Service.MAPI)) {
            directory(commands, Service.MAPI, "Mapi", "mapi");
        }
        String noun = site.version().needsAffinity() || site.version() == Site.Version.V2013 ? "ClientAccessServer" : "ClientAccessService";
        commands.add("Get-" + noun + " | Set-" + noun + " -AutoDiscoverServiceInternalUri https://" + site.nameOf(Service.AUTODISCOVER)
                + "/Autodiscover/Autodiscover.xml");
        commands.add(site.version().needsAffinity()
                ? "Enable-OutlookAnywhere -Server SERVER -ExternalHostname " + site.nameOf(Service.OUTLOOK_ANYWHERE) + " -DefaultAuthenticationMethod NTLM -SSLOffloading "
                        + (site.http().mode() == HttpMode.OFFLOAD ? "$true" : "$false")
                : "Get-OutlookAnywhere | Set-OutlookAnywhere -InternalHostname " + site.nameOf(Service.OUTLOOK_ANYWHERE) + " -InternalClientsRequireSsl $true -ExternalHostname "
                        + site.nameOf(Service.OUTLOOK_ANYWHERE) + " -ExternalClientsRequireSsl $true -DefaultAuthenticationMethod Negotiate -SSLOffloading "
                        + (site.http().mode() == HttpMode.OFFLOAD ? "$true" : "$false"));
        return commands;
    }

    private void directory(List<String> commands, Service service, String noun, String path) {
        String url = "https://" + site.nameOf(service) + "/" + path;
        commands.add("Get-" + noun + "VirtualDirectory | Set-" + noun + "VirtualDirectory -InternalUrl " + url + " -ExternalUrl " + url);
    }

    private List<String> offloading() {
        List<String> commands = new ArrayList<>();
        commands.add("# on every server, in IIS: SSL Settings of the virtual directories under \"Default Web Site\": Require SSL off");
        for (String directory : List.of("owa", "ecp", "EWS", "Autodiscover", "Microsoft-Server-ActiveSync", "OAB", "rpc", "mapi")) {
            if (!directory.equals("mapi") || Service.of(site.version()).contains(Service.MAPI)) {
                commands.add("Set-WebConfigurationProperty -Filter //security/access -Name sslflags -Value None -PSPath IIS:\\ -Location \"Default Web Site/" + directory + "\"");
            }
        }
        if (!site.version().needsAffinity()) {
            commands.add(".\\ExchangeExtendedProtectionManagement.ps1 -DisableExtendedProtection   # from github.com/microsoft/CSS-Exchange");
        }
        commands.add("iisreset");
        return commands;
    }

    private void mail(List<Step> steps) {
        if (site.imap().mode() != Site.MailMode.DISABLED) {
            steps.add(step("IMAP is stopped after the installation: start it, and let it start by itself", services("MSExchangeImap4", "MSExchangeIMAP4BE", "Set-ImapSettings",
                    site.imap())));
        }
        if (site.pop().mode() != Site.MailMode.DISABLED) {
            steps.add(step("POP is stopped after the installation: start it, and let it start by itself", services("MSExchangePop3", "MSExchangePOP3BE", "Set-PopSettings",
                    site.pop())));
        }
        if (site.smtp().mode() != Site.MailMode.DISABLED) {
            steps.add(step(site.smtp().transparent() ? "Receive connectors see the clients' addresses, as before"
                    : "Every mail now comes from this machine's address: no receive connector that relays, or takes mail without a login, may have it among its"
                            + " RemoteIPRanges", List.of("Get-ReceiveConnector | Format-Table Identity, RemoteIPRanges, PermissionGroups")));
            if (site.smtp().mode().offload()) {
                steps.add(step("The connector of port " + site.smtp().offloadPort() + " must take logins without TLS: here is where it ends",
                        List.of("Set-ReceiveConnector \"SERVER\\Client Frontend SERVER\" -AuthMechanism BasicAuth,Integrated")));
            }
        }
    }

    private List<String> services(String front, String back, String settings, Mail mail) {
        List<String> commands = new ArrayList<>();
        for (String service : site.version().needsAffinity() ? List.of(front) : List.of(front, back)) {
            commands.add("Set-Service " + service + " -StartupType Automatic; Start-Service " + service);
        }
        if (mail.mode().offload()) {
            commands.add(settings + " -LoginType PlainTextLogin");
        }
        return commands;
    }

    private Chapter dns() {
        List<Step> steps = new ArrayList<>();
        Set<String> names = new TreeSet<>(List.of(site.name()));
        names.addAll(site.names().values());
        String domain = site.name().substring(site.name().indexOf('.') + 1);
        if (site.http().mode() != HttpMode.DISABLED && site.http().services().contains(Service.AUTODISCOVER)) {
            names.add(site.names().getOrDefault(Service.AUTODISCOVER, "autodiscover." + domain));
        }
        steps.add(step("Names point to " + site.http().address() + ", inside and outside: " + HttpSections.list(List.copyOf(names)), List.of()));
        if (site.certificate().isPresent()) {
            steps.add(step("The certificate holds every one of these names", List.of("lbctl cert show " + site.certificate().get().file())));
        }
        return new Chapter("In DNS", steps);
    }

    private static Step step(String what, List<String> commands) {
        return new Step(what, commands);
    }
}
