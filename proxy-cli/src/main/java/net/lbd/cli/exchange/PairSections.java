package net.lbd.cli.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.cli.exchange.Site.Pair;

/** What two machines share: their addresses, and the tables of persistence. */
final class PairSections {

    private static final String NAME = "exchange";
    private static final int PEERS_PORT = 1024;

    private PairSections() { }

    /** Behind a table's line: that the other machine has it too. */
    static String ofTable(Site site) {
        return sharesTables(site) ? " peers " + NAME : "";
    }

    private static boolean sharesTables(Site site) {
        return site.version().needsAffinity() && site.pair().map(pair -> !pair.machines().isEmpty()).orElse(false);
    }

    /** The lines of {@code global}. */
    static void global(Site site, ConfigurationText text) {
        if (sharesTables(site)) {
            text.line("localpeer " + site.pair().orElseThrow().role().written());
        }
    }

    static void write(Site site, ConfigurationText text) {
        Optional<Pair> pair = site.pair();
        if (pair.isEmpty()) {
            return;
        }
        Pair two = pair.get();
        text.section("vrrp " + NAME).line("cluster-id " + two.clusterId());
        if (two.role() == Site.Role.ENVIRONMENT) {
            text.comment("/etc/default/lbd says LBD_ROLE=master or LBD_ROLE=backup, so that both machines have this file");
        }
        text.line("role " + two.role().written()).line("interface " + two.device()).line("advert " + two.advert());
        addresses(site).forEach(address -> text.line("virtual-address " + address));
        if (!two.preempt()) {
            text.line("nopreempt");
        }
        if (sharesTables(site)) {
            text.section("peers " + NAME).line("peer master " + ConfigurationText.endpoint(two.machines().get(0), PEERS_PORT))
                    .line("peer backup " + ConfigurationText.endpoint(two.machines().get(1), PEERS_PORT));
        }
    }

    /** With prefixes, and the interface of the one that has another. */
    static List<String> addresses(Site site) {
        Pair pair = site.pair().orElseThrow();
        List<String> all = new ArrayList<>();
        List<String> moving = new ArrayList<>(Ports.addresses(site));
        site.http().source().filter(source -> !moving.contains(source)).ifPresent(moving::add);
        for (String address : moving) {
            int most = address.indexOf(':') < 0 ? 32 : 128;
            all.add(address + "/" + (pair.prefix() == 0 || pair.prefix() > most ? most : pair.prefix()));
        }
        pair.gateway().ifPresent(gateway -> all.add(gateway.address() + (gateway.device().equals(pair.device()) ? "" : " interface " + gateway.device())));
        return all;
    }
}
