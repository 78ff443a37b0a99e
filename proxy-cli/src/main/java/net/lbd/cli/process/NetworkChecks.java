package net.lbd.cli.process;

import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import net.lbd.cli.vrrp.VrrpChecks;
import net.lbd.config.model.Configuration;
import net.lbd.core.netns.NamespaceChecks;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Preflight;
import net.lbd.l4.preflight.TransparentServers;

/** What a configuration asks of the machine's network, and what is lacking. Stateless. */
public final class NetworkChecks {

    private NetworkChecks() { }

    public static List<Finding> of(Configuration configuration) {
        List<Finding> all = new ArrayList<>(Preflight.ofDirectors(configuration.directors()));
        all.addAll(Preflight.ofTransparent(TransparentServers.of(configuration)));
        if (!Epoll.isAvailable() && !TransparentServers.of(configuration).isEmpty()) {
            all.add(new Finding(true, "connections with foreign addresses ('usesrc') need the native epoll transport, which is not available here: "
                    + Epoll.unavailabilityCause().getMessage(), List.of()));
        }
        all.addAll(VrrpChecks.of(configuration.vrrp()));
        NamespaceChecks.of(configuration.namespaces().keySet()).forEach(lack -> all.add(new Finding(true, lack.what(),
                List.of(new Finding.Remedy(List.of(lack.remedy()), false)))));
        return all;
    }
}
