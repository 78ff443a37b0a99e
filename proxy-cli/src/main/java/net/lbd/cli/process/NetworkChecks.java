package net.lbd.cli.process;

import java.util.ArrayList;
import java.util.List;
import net.lbd.cli.vrrp.VrrpChecks;
import net.lbd.config.model.Configuration;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Preflight;
import net.lbd.l4.preflight.TransparentServers;

/** What a configuration asks of the machine's network, and what is lacking. Stateless. */
public final class NetworkChecks {

    private NetworkChecks() { }

    public static List<Finding> of(Configuration configuration) {
        List<Finding> all = new ArrayList<>(Preflight.ofDirectors(configuration.directors()));
        all.addAll(Preflight.ofTransparent(TransparentServers.of(configuration)));
        all.addAll(VrrpChecks.of(configuration.vrrp()));
        return all;
    }
}
