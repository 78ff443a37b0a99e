package net.lbd.cli.process;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.lbd.cli.reload.Participant;
import net.lbd.config.model.Configuration;
import net.lbd.l4.preflight.Finding;
import net.lbd.l4.preflight.Preflight;
import net.lbd.l4.preflight.TransparentServers;
import net.lbd.l4.transparent.TransparentRouting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back of connections with foreign addresses: refuses a configuration that would time out, and sets the way up where
 * {@code transparent-routing} says so. What was set up stays until the end: connections of an older configuration may live by it.
 * Thread-safe.
 */
final class TransparentWay implements Participant, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransparentWay.class);

    private final TransparentRouting routing = new TransparentRouting();
    private boolean made;
    private TransparentServers checked = new TransparentServers(Map.of(), 0, false);

    @Override
    public synchronized Change prepare(Configuration configuration) throws IOException {
        TransparentServers wanted = TransparentServers.of(configuration);
        if (!wanted.isEmpty() && !wanted.equals(checked)) {
            List<Finding> findings = Preflight.ofTransparent(wanted);
            findings.stream().filter(f -> !f.isFatal()).forEach(f -> LOG.warn("{}", f.text()));
            List<String> fatal = findings.stream().filter(Finding::isFatal).map(Finding::what).toList();
            if (!fatal.isEmpty()) {
                throw new IOException(String.join("; ", fatal) + "; 'lbctl preflight' tells the commands");
            }
            if (wanted.isRoutingOurs()) {
                setUp(wanted);
            }
            checked = wanted;
        }
        return Change.NOTHING;
    }

    private void setUp(TransparentServers wanted) throws IOException {
        made = true;
        if (wanted.hasIpv4()) {
            routing.setUp(false);
        }
        if (wanted.hasIpv6()) {
            routing.setUp(true);
        }
    }

    @Override
    public synchronized void close() {
        if (made) {
            try {
                routing.remove();
            } catch (IOException e) {
                LOG.error("the rules of transparent-routing stay behind: {}", e.getMessage());
            }
        }
    }
}
