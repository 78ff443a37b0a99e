package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import net.lbd.cli.exchange.Site.HttpMode;
import net.lbd.cli.exchange.Site.Mail;

/** Where a site listens. */
final class Ports {

    /** The port of the RPC endpoint mapper, which nobody can choose. */
    static final int ENDPOINT_MAPPER = 135;

    /**
     * One virtual address and port.
     *
     * @param layer4 whether the kernel takes its packets, so that no socket listens
     */
    record Listen(String address, int port, String what, boolean layer4) {
        /** {@code 10.0.0.1:443}; an IPv6 address in brackets. */
        String endpoint() {
            return ConfigurationText.endpoint(address, port);
        }
    }

    private Ports() { }

    static List<Listen> of(Site site) {
        List<Listen> all = new ArrayList<>();
        Site.Http http = site.http();
        if (http.mode() != HttpMode.DISABLED) {
            boolean layer4 = http.mode().layer4();
            all.add(new Listen(http.address(), http.port(), "HTTPS", layer4));
            if (http.clearPort() != http.port()) {
                all.add(new Listen(http.address(), http.clearPort(), "HTTP", layer4));
            }
        }
        mail(all, site.imap(), "IMAP");
        mail(all, site.pop(), "POP");
        mail(all, site.smtp(), "SMTP");
        if (site.rpc().enabled()) {
            all.add(new Listen(site.rpc().address(), ENDPOINT_MAPPER, "the RPC endpoint mapper", false));
            all.add(new Listen(site.rpc().address(), site.rpc().clientAccessPort(), "RPC Client Access", false));
            all.add(new Listen(site.rpc().address(), site.rpc().addressBookPort(), "the RPC Address Book", false));
        }
        return all;
    }

    private static void mail(List<Listen> all, Mail mail, String what) {
        if (mail.mode().clear()) {
            all.add(new Listen(mail.address(), mail.clearPort(), what, false));
        }
        if (mail.mode().forward() || mail.mode().offload()) {
            all.add(new Listen(mail.address(), mail.tlsPort(), what + " with TLS", false));
        }
    }

    /** Every address that the site listens on, once. */
    static List<String> addresses(Site site) {
        return List.copyOf(new TreeSet<>(of(site).stream().map(Listen::address).toList()));
    }

    /** The sentence about two services on one address and port. */
    static Optional<String> clash(Site site) {
        Map<String, Listen> seen = new HashMap<>();
        for (Listen listen : of(site)) {
            Listen other = seen.put(listen.endpoint(), listen);
            if (other != null) {
                return Optional.of(other.what() + " and " + listen.what() + " both want " + listen.endpoint() + "; give one of them another address or port");
            }
        }
        return Optional.empty();
    }
}
