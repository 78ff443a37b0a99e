package net.lbd.cli.exchange;

import java.util.List;
import net.lbd.cli.exchange.Site.Mail;
import net.lbd.cli.exchange.Site.Server;

/** The sections of POP, IMAP and SMTP, and of plain RPC, that a form asks for. */
final class MailSections {

    private final Site site;
    private final ConfigurationText text;

    MailSections(Site site, ConfigurationText text) {
        this.site = site;
        this.text = text;
    }

    void write() {
        mail("imap", site.imap(), site.servers(), "* OK");
        mail("pop", site.pop(), site.servers(), "+OK");
        mail("smtp", site.smtp(), site.hubs(), "220 ");
        rpc();
    }

    private void mail(String name, Mail mail, List<Server> servers, String greeting) {
        if (mail.mode().clear()) {
            service(name, mail, bind(mail, mail.clearPort(), name), servers, mail.clearPort(), greeting, "");
        }
        if (mail.mode().forward()) {
            // Submission begins in the clear: its greeting comes before STARTTLS.
            boolean implicit = !startsInTheClear(name, mail.tlsPort());
            service(name + "s", mail, bind(mail, mail.tlsPort(), name + "s"), servers, mail.tlsPort(), greeting, implicit ? " ssl" : "");
        }
        if (mail.mode().offload()) {
            String bind = bind(mail, mail.tlsPort(), name + "s") + " ssl crt " + site.certificate().orElseThrow().file()
                    + (startsInTheClear(name, mail.tlsPort()) ? " starttls smtp" : "");
            service(name + "s", mail, bind, servers, mail.offloadPort(), greeting, "");
        }
    }

    /** 25 and 587 are STARTTLS ports, whatever an appliance's page calls them; 465 speaks TLS from the first byte. */
    static boolean startsInTheClear(String name, int port) {
        return name.equals("smtp") && (port == 587 || port == 25);
    }

    private static String bind(Mail mail, int port, String name) {
        return "bind " + ConfigurationText.endpoint(mail.address(), port) + " name " + name;
    }

    private void service(String name, Mail mail, String bind, List<Server> servers, int port, String greeting, String tls) {
        text.section("frontend ft_exchange_" + name).line("mode tcp").line("option tcplog").line(bind).line("timeout client " + site.timeouts().mail());
        if (name.startsWith("smtp") && !site.smtpSources().isEmpty()) {
            text.line("acl allowed src " + String.join(" ", site.smtpSources().stream().flatMap(s -> AddressRange.networks(s).stream()).toList()))
                    .line("tcp-request connection reject unless allowed");
        }
        text.line("default_backend bk_exchange_" + name);
        text.section("backend bk_exchange_" + name).line("mode tcp").line("balance leastconn").line("timeout server " + site.timeouts().mail());
        if (mail.transparent()) {
            text.line(HttpSections.TRANSPARENT);
        }
        text.line("option tcp-check").line("tcp-check connect port " + port + tls)
                .line("tcp-check expect string \"" + greeting + "\"")
                .line("default-server inter 5s rise 2 fall 3" + (tls.isEmpty() ? "" : HttpSections.trust(site, site.name())));
        for (Server server : servers) {
            text.line(HttpSections.server(server, port) + " check");
        }
    }

    private void rpc() {
        if (!site.rpc().enabled()) {
            return;
        }
        text.section("backend exchange_rpc").comment("a client's three connections reach one server")
                .line("stick-table type ip size 100k expire 2h" + PairSections.ofTable(site));
        rpc("epm", Ports.ENDPOINT_MAPPER);
        rpc("ca", site.rpc().clientAccessPort());
        rpc("ab", site.rpc().addressBookPort());
    }

    private void rpc(String name, int port) {
        text.section("frontend ft_exchange_" + name).line("mode tcp").line("option tcplog")
                .line("bind " + ConfigurationText.endpoint(site.rpc().address(), port) + " name " + name)
                .comment("Outlook keeps its connections as long as it runs").line("timeout client 2h")
                .line("default_backend bk_exchange_" + name);
        text.section("backend bk_exchange_" + name).line("mode tcp").line("balance leastconn").line("timeout server 2h")
                .line("stick on src table exchange_rpc").comment("a server that misses one of the three is out of all").line("option tcp-check");
        for (int checked : new int[] {Ports.ENDPOINT_MAPPER, site.rpc().clientAccessPort(), site.rpc().addressBookPort()}) {
            text.line("tcp-check connect port " + checked);
        }
        text.line("default-server inter 5s rise 2 fall 3 on-marked-down shutdown-sessions");
        for (Server server : site.servers()) {
            text.line(HttpSections.server(server, port) + " check");
        }
    }
}
