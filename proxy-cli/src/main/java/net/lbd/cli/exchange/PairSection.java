package net.lbd.cli.exchange;

import java.util.List;
import java.util.TreeSet;
import net.lbd.cli.exchange.Site.Pair;
import net.lbd.cli.exchange.Site.Role;

/** The section of a highly available pair that a form asks for. */
final class PairSection {

    private final Site site;
    private final Pair pair;
    private final ConfigurationText text;

    PairSection(Site site, Pair pair, ConfigurationText text) {
        this.site = site;
        this.pair = pair;
        this.text = text;
    }

    void write() {
        text.section("vrrp exchange").line("role " + (pair.role() == Role.MASTER ? "master" : "backup")).line("interface " + pair.networkInterface())
                .line("cluster-id " + pair.clusterId());
        for (String address : addresses(site)) {
            text.line("virtual-address " + address);
        }
    }

    /** Every address that the site listens on, once. */
    static List<String> addresses(Site site) {
        return List.copyOf(new TreeSet<>(Ports.of(site).stream().map(Ports.Listen::address).toList()));
    }
}
