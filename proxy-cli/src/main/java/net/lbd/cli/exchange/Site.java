package net.lbd.cli.exchange;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form: what an administrator answers about an Exchange site. {@link SiteFile} reads it; what is contradictory never becomes one.
 * Immutable.
 *
 * @param servers   the Client Access servers (2010) or mailbox servers, 1 to 32
 * @param hubs      the servers for SMTP; the same as {@code servers} unless the file names others
 * @param name      the name that users type, such as {@code mail.example.com}
 * @param names     names of services that differ from {@code name}
 * @param address   the virtual address, where mail and RPC have no other
 * @param pair      the other machine, if there is one
 * @param oldClients whether clients of Windows 7, 8.1 and Server 2012 R2 can connect where TLS ends here
 * @param kerberos  whether heads may be 48 KB long, as tickets of users in many groups are
 */
public record Site(Version version, List<Server> servers, List<Server> hubs, String name, Map<Service, String> names, String address,
        Http http, Mail imap, Mail pop, Mail smtp, List<String> smtpSources, Rpc rpc, Optional<Certificate> certificate, Trust trust,
        Timeouts timeouts, boolean oldClients, boolean kerberos, Optional<Pair> pair) {

    /** At most so many servers; the appliance had four. */
    public static final int MAX_SERVERS = 32;

    public Site {
        servers = List.copyOf(servers);
        hubs = List.copyOf(hubs);
        names = Map.copyOf(names);
        smtpSources = List.copyOf(smtpSources);
    }

    /** The name that clients use for a service. */
    public String nameOf(Service service) {
        return names.getOrDefault(service, name);
    }

    /** A release of Exchange. */
    public enum Version implements Word {
        V2010("2010"), V2013("2013"), V2016("2016"), V2019("2019"), SE("SE");

        private final String word;

        Version(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }

        /** Up to 2010 the Client Access server keeps what it knows of a user to itself. */
        public boolean needsAffinity() {
            return this == V2010;
        }
    }

    /**
     * One server.
     *
     * @param weight 0 to 256
     */
    public record Server(String name, String address, int weight) { }

    /** A service that Exchange offers over HTTP. */
    public enum Service implements Word {
        OWA("owa", "Outlook on the web", "/owa"), ECP("ecp", "the Control Panel", "/ecp"), EWS("ews", "Exchange Web Services", "/ews"),
        ACTIVESYNC("activesync", "ActiveSync", "/Microsoft-Server-ActiveSync"),
        OUTLOOK_ANYWHERE("outlook-anywhere", "Outlook Anywhere (RPC over HTTP)", "/rpc"), MAPI("mapi", "MAPI over HTTP", "/mapi"),
        OAB("oab", "the Offline Address Book", "/oab"), AUTODISCOVER("autodiscover", "Autodiscover", "/Autodiscover"),
        POWERSHELL("powershell", "Remote PowerShell", "/PowerShell");

        private final String word;
        private final String title;
        private final String path;

        Service(String word, String title, String path) {
            this.word = word;
            this.title = title;
            this.path = path;
        }

        @Override
        public String word() {
            return word;
        }

        /** What people call it. */
        public String title() {
            return title;
        }

        /** What its URLs begin with; the case does not matter. */
        public String path() {
            return path;
        }

        /** Those that a release has. */
        public static Set<Service> of(Version version) {
            return version == Version.V2010 ? EnumSet.complementOf(EnumSet.of(MAPI)) : EnumSet.allOf(Service.class);
        }
    }

    /** How HTTPS is carried: the architectures of the guide's chapter 4. */
    public enum HttpMode implements Word {
        DISABLED("disabled"), OFFLOAD("offload"), BRIDGING("bridging"), FORWARD("forward"), L4_NAT("l4-nat"), L4_SNAT("l4-snat"), L4_DSR("l4-dsr");

        private final String word;

        HttpMode(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }

        /** Whether the proxy reads the requests, and so can tell services apart. */
        public boolean seesRequests() {
            return this == OFFLOAD || this == BRIDGING;
        }

        /** Whether the kernel forwards packets and no connection ends here. */
        public boolean layer4() {
            return this == L4_NAT || this == L4_SNAT || this == L4_DSR;
        }
    }

    /**
     * HTTP and HTTPS.
     *
     * @param services what is published; a mode that does not see requests publishes all
     * @param source      the address that servers see with {@code l4-snat}
     * @param transparent whether the servers see the client's address
     */
    public record Http(HttpMode mode, String address, int port, int clearPort, int serverPort, Set<Service> services,
            Optional<String> source, boolean transparent) {
        public Http {
            services = Set.copyOf(services);
        }
    }

    /** How a mail protocol is carried: the six choices of the appliance's pages. */
    public enum MailMode implements Word {
        DISABLED("disabled", false, false, false), CLEAR("clear", true, false, false), SSL_FORWARD("ssl-forward", false, true, false),
        SSL_OFFLOAD("ssl-offload", false, false, true), CLEAR_AND_FORWARD("clear+ssl-forward", true, true, false),
        CLEAR_AND_OFFLOAD("clear+ssl-offload", true, false, true);

        private final String word;
        private final boolean clear;
        private final boolean forward;
        private final boolean offload;

        MailMode(String word, boolean clear, boolean forward, boolean offload) {
            this.word = word;
            this.clear = clear;
            this.forward = forward;
            this.offload = offload;
        }

        @Override
        public String word() {
            return word;
        }

        public boolean clear() {
            return clear;
        }

        public boolean forward() {
            return forward;
        }

        public boolean offload() {
            return offload;
        }
    }

    /**
     * A mail protocol.
     *
     * @param clearPort   where clients connect in the clear, and the servers' port of these connections
     * @param tlsPort     where clients connect with TLS, and the servers' port of forwarded ones
     * @param offloadPort the servers' port of connections whose TLS ends here
     * @param transparent whether the servers see the client's address
     */
    public record Mail(MailMode mode, String address, int clearPort, int tlsPort, int offloadPort, boolean transparent) { }

    /** RPC of Exchange 2010: the endpoint mapper on port 135 and two fixed ports. */
    public record Rpc(boolean enabled, String address, int clientAccessPort, int addressBookPort) { }

    /**
     * The certificate that clients see.
     *
     * @param file     PEM or PKCS#12 (.pfx)
     * @param password where its password comes from
     */
    public record Certificate(String file, Password password) { }

    /** Where the password of a certificate's key comes from. It never stands in a form or a configuration. */
    public enum Password implements Word {
        NONE("none"), FILE("file"), ENVIRONMENT("environment");

        private final String word;

        Password(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /**
     * How the servers' certificates are judged.
     *
     * @param word {@code none}, {@code system}, or the file of an authority
     */
    public record Trust(String word) {
        public static final Trust NONE = new Trust("none");
        public static final Trust SYSTEM = new Trust("system");
    }

    /** In the language's own notation, such as {@code 60m}. */
    public record Timeouts(String connect, String request, String normal, String poll, String streaming, String mail) { }

    /** Which of two machines this is. */
    public enum Role implements Word {
        MASTER("master"), BACKUP("backup"), ENVIRONMENT("environment");

        private final String word;

        Role(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }

        /** As the configuration writes it: one file can serve both machines. */
        String written() {
            return this == ENVIRONMENT ? "\"${LBD_ROLE-backup}\"" : word;
        }
    }

    /**
     * Two machines that share the virtual addresses.
     *
     * @param prefix   of the virtual addresses' network; 0: each is alone
     * @param gateway  what the servers have as their default gateway, with its prefix, and its interface: it moves too
     * @param machines the machines' own addresses, the master's first: they share tables; empty: they don't
     */
    public record Pair(Role role, int clusterId, String device, int prefix, String advert, boolean preempt, Optional<Gateway> gateway,
            List<String> machines) {
        public Pair {
            machines = List.copyOf(machines);
        }
    }

    /** An address of this machine that servers send their answers through. */
    public record Gateway(String address, String device) { }

    /** Whether anything of the site uses the client's address towards the servers. */
    public boolean transparent() {
        return http.transparent() || imap.transparent() || pop.transparent() || smtp.transparent();
    }

    /** A constant that a form writes as a word. */
    public interface Word {
        String word();

        /** The constants' words. */
        static <W extends Enum<W> & Word> List<String> words(Class<W> of) {
            return java.util.Arrays.stream(of.getEnumConstants()).map(Word::word).toList();
        }

        /** The constant of a word, whatever its case. */
        static <W extends Enum<W> & Word> Optional<W> find(Class<W> of, String text) {
            return java.util.Arrays.stream(of.getEnumConstants())
                    .filter(w -> w.word().equals(text.toLowerCase(Locale.ROOT)) || w.word().equalsIgnoreCase(text)).findFirst();
        }
    }
}
