package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.List;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Service;

/** The configuration of a site, and what its administrator should know of the choices made. */
public final class SiteConfiguration {

    private SiteConfiguration() { }

    /** The sections, in the order of the form. The same form always gives the same text. */
    public static String write(Site site) {
        ConfigurationText text = new ConfigurationText();
        text.section("global").line("log /dev/log local0")
                .comment("lbctl: for root and the group lbd").line("stats socket /run/lbd/admin.sock mode 660 level admin");
        if (site.transparent()) {
            text.comment("the way back of connections that bear the clients' addresses; needs CAP_NET_ADMIN").line("transparent-routing on");
        }
        if (site.oldClients()) {
            text.comment("Windows 7, 8.1 and Server 2012 R2: with an RSA certificate they have no authenticated encryption")
                    .line("ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES");
        }
        if (site.kerberos()) {
            text.comment("the login of a user in many groups is up to 48 KB long").line("tune.bufsize 51200");
        }
        PairSections.global(site, text);
        PairSections.write(site, text);
        text.section("defaults").line("mode http").line("log global").line("option httplog").line("option dontlognull")
                .line("option redispatch").line("retries 3").line("timeout connect " + site.timeouts().connect())
                .line("timeout client " + site.timeouts().normal()).line("timeout server " + site.timeouts().normal())
                .line("timeout queue 30s").line("timeout http-request " + site.timeouts().request())
                .comment("NTLM and Kerberos log a connection in, not a request: none is ever shared between clients").line("http-reuse never");
        new HttpSections(site, text).write();
        new MailSections(site, text).write();
        List<String> own = ours(site);
        return (own.isEmpty() ? "" : "# haproxy cannot read this file: " + HttpSections.list(own) + "\n\n") + text;
    }

    /** What HAProxy's language has no words for. */
    private static List<String> ours(Site site) {
        List<String> own = new ArrayList<>();
        if (site.pair().isPresent()) {
            own.add("vrrp");
        }
        if (site.http().mode().layer4()) {
            own.add("directors");
        }
        if (site.transparent()) {
            own.add("transparent-routing");
        }
        if (site.smtp().mode().offload() && MailSections.startsInTheClear("smtp", site.smtp().tlsPort())) {
            own.add("STARTTLS");
        }
        return own;
    }

    /** One sentence for each choice that has a price. */
    public static List<String> advice(Site site) {
        List<String> advice = new ArrayList<>();
        HttpMode mode = site.http().mode();
        if (mode == HttpMode.DISABLED) {
            advice.add("http is disabled: clients find neither Autodiscover nor their mailbox here");
        }
        if (mode == HttpMode.OFFLOAD && !site.version().needsAffinity()) {
            advice.add("http offload and Extended Protection exclude each other, and Exchange 2019 CU14 and SE have it on: switch it off on the"
                    + " servers, or choose bridging with the servers' own certificate");
        }
        if (mode == HttpMode.BRIDGING && !site.version().needsAffinity()) {
            advice.add("bridging with Extended Protection wants one certificate here and on all servers; 'lbctl exchange probe' compares them");
        }
        if (mode == HttpMode.BRIDGING && site.version().needsAffinity()) {
            advice.add("bridging to Exchange 2010: Windows Server 2008 R2 speaks TLS 1.0 only until TLS 1.2 is switched on in its registry (SCHANNEL); 'lbctl"
                    + " check-now' says so of a server that does");
        }
        if (site.transparent()) {
            advice.add("transparent: this machine must be the servers' default gateway, and no client may be in their network;"
                    + " 'lbctl preflight' looks at this machine");
        }
        if (mode.seesRequests()) {
            off(site, Service.AUTODISCOVER, advice, "Outlook and phones cannot set themselves up, and Outlook finds no free/busy times");
            off(site, Service.EWS, advice, "no free/busy times, no out-of-office, no Outlook for Mac");
        }
        if (site.oldClients()) {
            advice.add("old-clients: scanners call the suites with CBC obsolete; switch it off when Windows 7, 8.1 and Server 2012 R2 are gone");
        }
        site.pair().filter(pair -> pair.gateway().isEmpty() && (site.transparent() || mode == HttpMode.L4_NAT)).ifPresent(pair ->
                advice.add("ha: the servers' default gateway must move with the virtual address; unless it is that address, say ha.gateway"));
        site.pair().filter(pair -> pair.machines().isEmpty() && site.version().needsAffinity()).ifPresent(pair ->
                advice.add("ha without 'machines': the two machines do not share who belongs to which server, so that a takeover logs users of"
                        + " Exchange 2010 out"));
        if (site.trust().equals(Site.Trust.NONE) && (mode == HttpMode.BRIDGING || mode == HttpMode.FORWARD)) {
            advice.add("trust none: whoever can answer for a server's address is taken for the server");
        }
        if (site.smtp().mode() != Site.MailMode.DISABLED && site.smtpSources().isEmpty()) {
            advice.add("smtp without 'sources': the servers see this machine's address as every client's, so their own limits by address"
                    + " do nothing; make sure that no receive connector relays for it");
        }
        if (MailSections.startsInTheClear("smtp", site.smtp().tlsPort()) && site.smtp().mode().offload()) {
            advice.add("smtp ssl-offload on port " + site.smtp().tlsPort() + " is STARTTLS, carried out here; a client that speaks TLS from the first byte"
                    + " wants tls-port 465");
        }
        if ((site.imap().mode().offload() || site.pop().mode().offload()) && !site.version().needsAffinity()) {
            advice.add("imap or pop ssl-offload: the servers refuse logins in the clear until Set-ImapSettings/Set-PopSettings -LoginType"
                    + " PlainTextLogin");
        }
        return advice;
    }

    private static void off(Site site, Service service, List<String> advice, String what) {
        if (!site.http().services().contains(service)) {
            advice.add(service.word() + " is off: " + what);
        }
    }
}
