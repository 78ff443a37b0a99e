package net.lbd.core.dns;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.keyword.section.SystemNameServers;
import net.lbd.config.model.ResolversSpec;
import net.lbd.config.syntax.SourceLocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sections of a configuration by name, with the one named {@code default} that is there without being written: the name servers of
 * the machine. Immutable.
 */
public final class ResolverSections {

    public static final ResolverSections NONE = new ResolverSections(Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(ResolverSections.class);
    private static final String DEFAULT = "default";

    private final Map<String, Resolvers> byName;

    private ResolverSections(Map<String, Resolvers> byName) {
        this.byName = byName;
    }

    /** The sections of a new configuration: those that have not changed stay what they are. Opens nothing. */
    public ResolverSections follow(List<ResolversSpec> specs, Resolvers.Sockets sockets) {
        Map<String, Resolvers> next = new LinkedHashMap<>();
        for (ResolversSpec spec : specs) {
            next.put(spec.name(), sameOrNew(spec, sockets));
        }
        if (!next.containsKey(DEFAULT)) {
            ofSystem().ifPresent(spec -> next.put(DEFAULT, sameOrNew(spec, sockets)));
        }
        return new ResolverSections(next);
    }

    /** Sections for rules that are only shown: nobody is ever asked. */
    public static ResolverSections unused(List<ResolversSpec> specs) {
        // A loop without a thread, as long as nothing is executed on it.
        return NONE.follow(specs, new Resolvers.Sockets(new DefaultEventLoop(), NioDatagramChannel::new, NioSocketChannel::new));
    }

    private Resolvers sameOrNew(ResolversSpec spec, Resolvers.Sockets sockets) {
        Resolvers before = byName.get(spec.name());
        return before != null && withoutPlace(before.spec()).equals(withoutPlace(spec)) ? before : new Resolvers(spec, sockets);
    }

    /** Where a section stands in the file is not what it is. */
    private static ResolversSpec withoutPlace(ResolversSpec spec) {
        return new ResolversSpec(spec.name(), SourceLocation.BUILT_IN, spec.nameServers(), spec.retries(), spec.resolve(), spec.retry(),
                spec.holds(), spec.payloadBytes());
    }

    private static Optional<ResolversSpec> ofSystem() {
        try {
            return Optional.of(ResolversSpec.usual(DEFAULT, SystemNameServers.read()));
        } catch (IOException e) {
            LOG.info("no section 'default' of resolvers: cannot read /etc/resolv.conf: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** A section by its name. */
    public Optional<Resolvers> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In the order of the file. */
    public List<Resolvers> all() {
        return List.copyOf(byName.values());
    }
}
