package net.lbd.cli.process;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.Configuration;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Preflight;

/** What a configuration asks of the machine's network, and what is lacking. Stateless. */
public final class NetworkChecks {

    private NetworkChecks() { }

    public static List<Finding> of(Configuration configuration) {
        return new ArrayList<>(Preflight.ofDirectors(configuration.directors()));
    }
}
