package net.lbd.cli.exchange.probe;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.cli.exchange.Site;
import net.lbd.cli.exchange.Site.Service;
import net.lbd.cli.exchange.probe.Finding.Level;
import net.lbd.cli.exchange.probe.ProbeClient.Answer;
import net.lbd.cli.exchange.probe.ProbeClient.Target;

/** The services of Exchange over HTTP at one address. Used by one thread. */
final class HttpProbe {

    private static final long SOON_DAYS = 21;
    private static final int DNS_NAME = 2;

    private final Site site;
    private final ProbeClient client;
    private final String where;
    private final Target target;
    private final boolean guarded;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> logins = new TreeSet<>();
    private final Set<Integer> versions = new TreeSet<>();
    private Optional<X509Certificate> certificate = Optional.empty();

    /** A probe of one address; {@code guarded} if the check pages must not be seen there. */
    HttpProbe(Site site, ProbeClient client, String where, Target target, boolean guarded) {
        this.site = site;
        this.client = client;
        this.where = where;
        this.target = target;
        this.guarded = guarded;
    }

    List<Finding> ask() {
        if (!reachable()) {
            return findings;
        }
        if (target.tls()) {
            certificate();
            versions();
        }
        for (Service service : Service.values()) {
            if (site.http().services().contains(service)) {
                health(service);
                service(service);
            }
        }
        return findings;
    }

    private boolean reachable() {
        try {
            certificate = client.request(target, site.name(), "GET", "/").certificate();
            return true;
        } catch (IOException e) {
            add("HTTPS at " + target.text(), Level.BAD, e.getMessage(), where.equals("virtual address")
                    ? "start lbd with the configuration of this form, and put the address on this machine" : "start IIS on the server, and let this machine through its firewall");
            return false;
        }
    }

    private void certificate() {
        X509Certificate shown = certificate.orElseThrow();
        long days = Duration.between(Instant.now(), shown.getNotAfter().toInstant()).toDays();
        List<String> missing = names().stream().filter(n -> !covers(shown, n)).toList();
        if (days < 0) {
            add("certificate", Level.BAD, "it ended " + -days + " days ago", "replace it, here and on all servers at once");
        } else if (!missing.isEmpty()) {
            add("certificate", Level.BAD, "it does not hold " + String.join(", ", missing), "clients refuse it for these names: get one that holds them");
        } else if (days < SOON_DAYS) {
            add("certificate", Level.WARNING, days + " days are left", "replace it soon, here and on all servers at once");
        } else {
            add("certificate", Level.GOOD, days + " days are left", "");
        }
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        site.http().services().forEach(s -> names.add(site.nameOf(s)));
        return names;
    }

    private static boolean covers(X509Certificate certificate, String name) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all != null && all.stream().filter(n -> n.get(0).equals(DNS_NAME)).map(n -> n.get(1).toString().toLowerCase(Locale.ROOT))
                    .anyMatch(n -> n.equals(name.toLowerCase(Locale.ROOT))
                            || n.startsWith("*.") && name.indexOf('.') > 0 && n.substring(1).equals(name.toLowerCase(Locale.ROOT).substring(name.indexOf('.'))));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private void versions() {
        try {
            for (int minor = 1; minor <= 4; minor++) {
                if (client.speaks(target, site.name(), minor)) {
                    versions.add(minor);
                }
            }
        } catch (IOException e) {
            add("TLS versions", Level.WARNING, e.getMessage(), "");
            return;
        }
        String text = versions.isEmpty() ? "none" : versions.stream().map(v -> "TLS 1." + (v - 1)).toList().toString().replaceAll("[\\[\\]]", "");
        if (!versions.contains(3)) {
            add("TLS versions", Level.BAD, text, "Outlook and phones of today need TLS 1.2");
        } else if (versions.contains(1) || versions.contains(2)) {
            add("TLS versions", Level.NOTE, text, "TLS 1.0 and 1.1 are for Windows 7 without updates only; switch them off, here and on the servers alike");
        } else {
            add("TLS versions", Level.GOOD, text, "");
        }
    }

    private void health(Service service) {
        if (site.version().needsAffinity()) {
            return;
        }
        String path = service.path() + "/HealthCheck.htm";
        try {
            Answer answer = client.request(target, site.nameOf(service), "GET", path);
            if (guarded) {
                boolean shown = answer.status() / 100 == 2;
                add(path, answer.status() == 403 ? Level.GOOD : shown ? Level.WARNING : Level.NOTE, "answers " + answer.status(),
                        answer.status() == 403 ? "" : shown ? "the check pages tell strangers the names and the state of servers: deny them"
                                : "a rule of lbd would answer 403: is one missing that denies the check pages?");
            } else if (answer.status() == 200) {
                add(path, Level.GOOD, answer.body().replaceAll("(?i)<br/?>", " ").replaceAll("\\s+", " ").strip(), "");
            } else {
                add(path, Level.BAD, "answers " + answer.status(), "Exchange says that the service is not healthy: Get-ServerComponentState, Get-HealthReport -Server NAME");
            }
        } catch (IOException e) {
            add(path, Level.BAD, e.getMessage(), "");
        }
    }

    private void service(Service service) {
        switch (service) {
            case OWA -> expect(service, "GET", "/owa/", "200, 302 or 401", Set.of(200, 302, 401), "Outlook on the web does not answer");
            case ECP -> expect(service, "GET", "/ecp/", "200, 302 or 401", Set.of(200, 302, 401), "the Control Panel does not answer");
            case EWS -> login(service, "POST", "/ews/exchange.asmx");
            case MAPI -> login(service, "POST", "/mapi/emsmdb/");
            case OAB -> login(service, "GET", "/oab/");
            case AUTODISCOVER -> login(service, "POST", "/Autodiscover/Autodiscover.xml");
            case ACTIVESYNC -> expect(service, "OPTIONS", "/Microsoft-Server-ActiveSync", "200 or 401", Set.of(200, 401), "phones ask by OPTIONS first");
            case OUTLOOK_ANYWHERE -> login(service, "RPC_IN_DATA", "/rpc/rpcproxy.dll?" + site.name() + ":6001");
            case POWERSHELL -> expect(service, "POST", "/PowerShell/", "200, 302, 401 or 403", Set.of(200, 302, 401, 403), "Remote PowerShell does not answer");
        }
    }

    /** Without a login the server must ask for one, by a way that Outlook uses. */
    private void login(Service service, String method, String path) {
        try {
            Answer answer = client.request(target, site.nameOf(service), method, path, "Content-Length: 0");
            List<String> offered = answer.header("WWW-Authenticate").stream().map(h -> h.split("[ ,]")[0]).toList();
            offered.forEach(scheme -> logins.add(service.word() + " " + scheme));
            if (answer.status() == 401 && !offered.isEmpty()) {
                boolean windows = offered.stream().anyMatch(o -> o.equalsIgnoreCase("NTLM") || o.equalsIgnoreCase("Negotiate"));
                add(method + " " + path, windows || service == Service.AUTODISCOVER ? Level.GOOD : Level.NOTE, "asks for " + String.join(", ", offered),
                        windows ? "" : "Outlook in the domain logs in by Negotiate or NTLM; only Basic makes it ask for the password");
            } else {
                add(method + " " + path, Level.BAD, "answers " + answer.status() + (answer.status() == 401 ? " without WWW-Authenticate" : " where 401 is expected"),
                        method.equals("RPC_IN_DATA") ? "something on the way, or IIS without the RPC proxy feature, does not know the method"
                                : answer.status() / 100 == 2 ? "it takes requests without a login: switch Anonymous Authentication off for this virtual directory"
                                : answer.status() == 403 ? "it is denied on the way, or SSL Settings of the virtual directory want TLS" : "look into the log of IIS");
            }
        } catch (IOException e) {
            add(method + " " + path, Level.BAD, e.getMessage(), "");
        }
    }

    private void expect(Service service, String method, String path, String wanted, Set<Integer> good, String otherwise) {
        try {
            int status = client.request(target, site.nameOf(service), method, path, "Content-Length: 0").status();
            add(method + " " + path, good.contains(status) ? Level.GOOD : Level.BAD, "answers " + status + (good.contains(status) ? "" : "; expected " + wanted),
                    good.contains(status) ? "" : otherwise);
        } catch (IOException e) {
            add(method + " " + path, Level.BAD, e.getMessage(), otherwise);
        }
    }

    /** What must be alike here and on a server. */
    List<Finding> compare(HttpProbe server) {
        List<Finding> differences = new ArrayList<>();
        if (certificate.isPresent() && server.certificate.isPresent()) {
            boolean same = certificate.equals(server.certificate);
            differences.add(new Finding(server.where, "certificate beside the virtual address's", same ? Level.GOOD : site.http().mode().seesRequests() ? Level.WARNING : Level.BAD,
                    same ? "the same" : "another one", same ? "" : site.http().mode().seesRequests()
                            ? "Extended Protection refuses logins unless both are the same: export the servers' certificate with its key, and use it here"
                            : "clients are passed on to servers with different certificates: give all servers the same"));
        }
        if (!versions.isEmpty() && !server.versions.isEmpty() && !versions.equals(server.versions)) {
            differences.add(new Finding(server.where, "TLS versions beside the virtual address's", Level.NOTE, "others",
                    "Extended Protection wants the same TLS settings on all of them"));
        }
        Set<String> lost = new TreeSet<>(server.logins);
        lost.removeAll(logins);
        if (!lost.isEmpty() && !logins.isEmpty()) {
            differences.add(new Finding(server.where, "ways to log in", Level.WARNING, "the virtual address does not offer " + String.join(", ", lost),
                    "another server answered with other ways: set the virtual directories of all servers alike"));
        }
        return differences;
    }

    private void add(String subject, Level level, String text, String advice) {
        findings.add(new Finding(where, subject, level, text, advice));
    }
}
