package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import net.lbd.cli.exchange.Site.Http;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Server;
import net.lbd.cli.exchange.Site.Service;

/** The sections of HTTP and HTTPS that a form asks for. */
final class HttpSections {

    /** The order of the routes; a service whose path begins as another's would stand before it. */
    private static final List<Service> ROUTES = List.of(Service.AUTODISCOVER, Service.ACTIVESYNC, Service.EWS, Service.MAPI,
            Service.OUTLOOK_ANYWHERE, Service.OAB, Service.ECP, Service.POWERSHELL, Service.OWA);

    /** The connection to a server comes from the client's address. */
    static final String TRANSPARENT = "source 0.0.0.0 usesrc clientip";

    private final Site site;
    private final Http http;
    private final ConfigurationText text;

    HttpSections(Site site, ConfigurationText text) {
        this.site = site;
        this.http = site.http();
        this.text = text;
    }

    void write() {
        switch (http.mode()) {
            case DISABLED -> { }
            case OFFLOAD, BRIDGING -> {
                redirectFrontend();
                if (site.version().needsAffinity()) {
                    tables();
                }
                frontend();
                backends();
            }
            case FORWARD -> {
                redirectFrontend();
                forward();
            }
            case L4_NAT, L4_SNAT, L4_DSR -> directors();
        }
    }

    private void redirectFrontend() {
        if (http.clearPort() == http.port()) {
            return;
        }
        text.section("frontend ft_exchange_http").line("mode http")
                .line("bind " + ConfigurationText.endpoint(http.address(), http.clearPort()) + " name http")
                .line("timeout client " + site.timeouts().normal())
                .comment("a POST keeps its method and body; Autodiscover's GET wants exactly 302")
                .line("http-request redirect code 308 location https://%[req.hdr(Host),field(1,:)]" + httpsPort() + "%[pathq] if !METH_GET")
                .line("http-request redirect code 302 location https://%[req.hdr(Host),field(1,:)]" + httpsPort() + "%[pathq]");
    }

    private String httpsPort() {
        return http.port() == 443 ? "" : ":" + http.port();
    }

    private void tables() {
        text.section("backend exchange_addresses").line("stick-table type ip size 100k expire 1h" + PairSections.ofTable(site));
        text.section("backend exchange_logins").comment("a hash of the login: no password stays in memory")
                .line("stick-table type binary len 20 size 100k expire 1h" + PairSections.ofTable(site));
    }

    private void frontend() {
        text.section("frontend ft_exchange_https").line("mode http")
                .line("bind " + ConfigurationText.endpoint(http.address(), http.port()) + " name https ssl crt " + site.certificate().orElseThrow().file()
                        + " alpn http/1.1")
                .line("timeout client " + site.timeouts().poll())
                .line("timeout http-request " + site.timeouts().request()).line("timeout http-keep-alive 5m")
                .line("option forwardfor")
                .comment("the pages that health checks ask for are nobody else's business")
                .line("http-request deny if { path,url_dec -m end -i HealthCheck.htm }");
        List<String> off = Service.of(site.version()).stream().filter(s -> !http.services().contains(s)).map(Service::path).toList();
        if (!off.isEmpty()) {
            text.comment("not published; nor is a way around, as IIS reads it").line("http-request deny if { path,url_dec -m beg -i " + String.join(" ", off) + " }")
                    .line("http-request deny if { path,url_dec -m sub // /./ /../ \\\\ }");
        }
        boolean owa = http.services().contains(Service.OWA);
        if (owa) {
            text.line("http-request redirect location /owa/ code 302 if { path / }");
        }
        for (Service service : ROUTES) {
            if (http.services().contains(service) && service != Service.OWA) {
                text.line("use_backend " + backend(service) + " if { path_beg -i " + service.path() + " }");
            }
        }
        if (owa) {
            text.line("default_backend " + backend(Service.OWA));
        } else {
            text.line("default_backend bk_exchange_none");
        }
    }

    /** Of 2010, both halves of Outlook Web App share what they know of a user, so they share a backend. */
    private String backend(Service service) {
        if (site.version().needsAffinity() && (service == Service.OWA || service == Service.ECP)) {
            return "bk_exchange_owa_ecp";
        }
        return "bk_exchange_" + service.word().replace('-', '_');
    }

    private void backends() {
        Set<String> written = new java.util.HashSet<>();
        for (Service service : ROUTES) {
            // the shared backend of 2010 is written once, as Outlook Web App's
            if (http.services().contains(service) && !(service == Service.ECP && site.version().needsAffinity())
                    && written.add(backend(service))) {
                backend(service, backend(service));
            }
        }
        if (!http.services().contains(Service.OWA)) {
            text.section("backend bk_exchange_none").line("mode http").comment("what no service has").line("http-request deny deny_status 404");
        }
    }

    private void backend(Service service, String name) {
        text.heading(service.title());
        text.section("backend " + name).line("mode http").line("balance leastconn")
                .line("timeout server " + timeout(service) + (isDefault(service) ? ignored("LBX013") : ""));
        source();
        String cookie = affinity(service);
        text.line("option httpchk");
        String host = site.nameOf(service);
        if (site.version().needsAffinity()) {
            text.line("http-check send meth GET uri " + checkOf2010(service) + " ver HTTP/1.1 hdr Host " + host)
                    .line("http-check expect rstatus ^(200|302|401)$");
        } else {
            text.line("http-check send meth GET uri " + service.path() + "/HealthCheck.htm ver HTTP/1.1 hdr Host " + host)
                    .line("http-check expect status 200");
        }
        text.line("default-server inter 5s rise 2 fall 3 slowstart 60s" + (http.mode() == HttpMode.BRIDGING ? " ssl" + trust(site, host) : ""));
        for (Server server : site.servers()) {
            text.line(server(server, http.serverPort()) + (cookie.isEmpty() ? "" : " cookie " + server.name()) + " check"
                    + (http.mode() == HttpMode.OFFLOAD ? ignored("LBX023") : ""));
        }
    }

    /** The farm of Outlook on the web takes what has no farm of its own; the rules refuse what must not come. */
    private static boolean isDefault(Service service) {
        return service == Service.OWA;
    }

    /** Advice that the form has given already, or that does not concern this release: the linter shall not repeat it. */
    private static String ignored(String code) {
        return "  # lbd: ignore " + code;
    }

    /** Writes the lines that keep a user on a server, and tells the cookie's name where it is one. */
    private String affinity(Service service) {
        if (!site.version().needsAffinity()) {
            return "";
        }
        switch (service) {
            case OWA, ECP -> {
                text.line("cookie ExchangeServer insert indirect nocache httponly secure");
                return "ExchangeServer";
            }
            case EWS, OUTLOOK_ANYWHERE, POWERSHELL -> text.line("stick on src table exchange_addresses");
            case ACTIVESYNC -> text.line("stick on req.hdr(Authorization),sha1 table exchange_logins");
            default -> { }
        }
        return "";
    }

    private void source() {
        if (http.transparent()) {
            text.line(TRANSPARENT);
        }
    }

    private static String checkOf2010(Service service) {
        return switch (service) {
            case OWA, ECP -> "/owa/auth/logon.aspx";
            case EWS -> "/ews/exchange.asmx";
            case ACTIVESYNC -> "/Microsoft-Server-ActiveSync/";
            case OUTLOOK_ANYWHERE -> "/rpc/rpcproxy.dll";
            case AUTODISCOVER -> "/Autodiscover/Autodiscover.xml";
            default -> service.path() + "/";
        };
    }

    private String timeout(Service service) {
        return switch (service) {
            case ACTIVESYNC -> site.timeouts().poll();
            case EWS, MAPI, OUTLOOK_ANYWHERE, POWERSHELL -> site.timeouts().streaming();
            default -> site.timeouts().normal();
        };
    }

    /**
     * How the servers' certificates are judged, as parameters of a server line.
     *
     * @param name for which they are: any public authority has signed many
     */
    static String trust(Site site, String name) {
        return switch (site.trust().word()) {
            case "none" -> " verify none";
            case "system" -> " verify required ca-file @system-ca verifyhost " + name;
            default -> " verify required ca-file " + site.trust().word();
        };
    }

    static String server(Server server, int port) {
        return "server " + server.name() + " " + ConfigurationText.endpoint(server.address(), port) + " weight " + server.weight();
    }

    private void forward() {
        if (site.version().needsAffinity()) {
            text.section("backend exchange_addresses").line("stick-table type ip size 100k expire 1h" + PairSections.ofTable(site));
        }
        text.section("frontend ft_exchange_https").line("mode tcp").line("option tcplog")
                .line("bind " + ConfigurationText.endpoint(http.address(), http.port()) + " name https")
                .line("timeout client " + site.timeouts().poll()).line("default_backend bk_exchange_https");
        text.section("backend bk_exchange_https").line("mode tcp").line("balance leastconn").line("timeout server " + site.timeouts().poll())
                .line("timeout check 5s");
        source();
        if (site.version().needsAffinity()) {
            text.line("stick on src table exchange_addresses");
        }
        checkSteps();
        text.line("default-server inter 5s rise 2 fall 3 slowstart 60s" + trust(site, site.name()));
        for (Server server : site.servers()) {
            text.line(server(server, http.serverPort()) + " check");
        }
    }

    /** Every service of a server: one that fails takes the server out of all of them. */
    private void checkSteps() {
        text.line("option httpchk");
        List<Service> checked = new ArrayList<>(EnumSet.copyOf(http.services()));
        checked.remove(Service.POWERSHELL);
        for (Service service : checked) {
            String host = site.nameOf(service);
            String uri = site.version().needsAffinity() ? checkOf2010(service) : service.path() + "/HealthCheck.htm";
            text.line("http-check connect port " + http.serverPort() + " ssl sni " + host)
                    .line("http-check send meth GET uri " + uri + " ver HTTP/1.1 hdr Host " + host)
                    .line("http-check expect comment " + service.word() + (site.version().needsAffinity() ? " rstatus ^(200|302|401)$" : " status 200"));
        }
    }

    private void directors() {
        String mode = http.mode() == HttpMode.L4_DSR ? "gateway" : "nat";
        director("exchange_https", http.port(), http.serverPort(), mode);
        if (http.clearPort() != http.port()) {
            // With direct server return a packet keeps its port, whatever it is.
            director("exchange_http", http.clearPort(), http.mode() == HttpMode.L4_DSR ? http.clearPort() : 80, mode);
        }
    }

    private void director(String name, int port, int serverPort, String mode) {
        text.section("director " + name + " " + ConfigurationText.endpoint(http.address(), port) + " TCP")
                .line("balance leastconn").line("mode " + mode);
        http.source().ifPresent(s -> text.line("source " + s));
        text.line("check interval 10 timeout 2").line("option tcpcheck");
        if (site.version().needsAffinity()) {
            text.line("option persistence timeout 3600");
        }
        for (Server server : site.servers()) {
            // Which networks clients come from is not in the form; the checklist says that they must be others.
            text.line(server(server, serverPort) + " check" + (http.mode() == HttpMode.L4_NAT ? ignored("LBX022") : ""));
        }
    }

    /** A list for people: {@code a, b and c}. */
    static String list(List<String> words) {
        StringJoiner joined = new StringJoiner(", ");
        words.subList(0, Math.max(0, words.size() - 1)).forEach(joined::add);
        return words.size() < 2 ? String.join("", words) : joined + " and " + words.get(words.size() - 1);
    }
}
