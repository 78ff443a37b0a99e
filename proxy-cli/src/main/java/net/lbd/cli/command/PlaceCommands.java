package net.lbd.cli.command;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.command.ServerCommands.Target;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.ServerState;
import net.lbd.core.dns.DnsCounter;
import net.lbd.core.dns.Resolvers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where servers are, and who is asked. Source: HAProxy manual, management guide, "set server", "show resolvers"; the answers were read
 * off HAProxy 2.6.
 */
final class PlaceCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show resolvers", "[<section>]", Level.USER,
                    "count what name servers were asked and have answered", PlaceCommands::resolvers));

    private static final Logger LOG = LoggerFactory.getLogger(PlaceCommands.class);
    private static final String BY = " by 'stats socket command'";
    private static final int WIDTH = 13;

    private PlaceCommands() { }

    /** {@code set server B/S addr IP [port PORT]}; the port may be a difference: {@code +10}. */
    static String setAddress(Invocation invocation, Target target) throws CommandException {
        String text = invocation.argument(2);
        if (text.isEmpty()) {
            throw new CommandException("set server <b>/<s> addr requires an address and optionally a port.");
        }
        if (!NetUtil.isValidIpV4Address(text) && !NetUtil.isValidIpV6Address(text)) {
            throw new CommandException("Invalid addr '" + text + "'" + BY);
        }
        if (!invocation.argument(3).isEmpty() && !invocation.argument(3).equals("port")) {
            throw new CommandException("'" + invocation.argument(3) + "' stands where 'port' was expected.");
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        ServerSpec spec = specOf(invocation, target);
        if (spec.address() instanceof AddressSpec.Unix) {
            throw new CommandException("the server is reached by a Unix socket; its address cannot be set.");
        }
        Optional<InetSocketAddress> before = now(target);
        int portBefore = before.map(InetSocketAddress::getPort).orElseGet(() -> portOf(spec.address()));
        int port = port(invocation.argument(4), portBefore, spec);
        boolean sameAddress = before.map(InetSocketAddress::getAddress).filter(address::equals).isPresent();
        String answer = (sameAddress ? "no need to change the addr"
                : "IP changed from '" + before.map(b -> b.getAddress().getHostAddress()).orElse("(none)") + "' to '" + address.getHostAddress() + "'")
                + (invocation.argument(4).isEmpty() ? "" : port == portBefore ? ", no need to change the port"
                        : ", port changed from '" + portBefore + "' to '" + port + "'") + BY;
        if (!sameAddress || port != portBefore) {
            invocation.daemon().engine().places().setAddress(target.server(), new InetSocketAddress(address, port));
            LOG.info("Server {}/{}: {}", target.backend(), target.server(), answer);
        }
        return answer + "\n";
    }

    private static int port(String text, int before, ServerSpec spec) throws CommandException {
        if (text.isEmpty()) {
            return before;
        }
        boolean relative = text.startsWith("+") || text.startsWith("-");
        if (!text.matches("[+-]?[0-9]{1,5}")) {
            throw new CommandException("problem converting string '" + text + "' to int" + BY);
        }
        if (relative || !(portSpec(spec.address()) instanceof PortSpec.Fixed)) {
            throw new CommandException("can't change <port> to port map, nor the port of a server that has none of its own" + BY);
        }
        int port = Integer.parseInt(text);
        if (port > 65535) {
            throw new CommandException("provided port is not valid" + BY);
        }
        return port;
    }

    /** {@code set server B/S fqdn NAME}. */
    static String setHostName(Invocation invocation, Target target) throws CommandException {
        String name = invocation.argument(2);
        if (name.isEmpty()) {
            throw new CommandException("set server <b>/<s> fqdn requires a FQDN.");
        }
        ServerSpec spec = specOf(invocation, target);
        if (!(spec.address() instanceof AddressSpec.Host host) || !spec.settings().isSet(ServerSettings.RESOLVERS)) {
            throw new CommandException("set server <b>/<s> fqdn failed because no resolution is configured.");
        }
        if (host.name().startsWith("_")) {
            throw new CommandException("set server <b>/<s> fqdn failed because SRV resolution is configured.");
        }
        if (name.length() > 253 || !name.matches("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?\\.?")) {
            throw new CommandException("invalid FQDN '" + name + "'.");
        }
        ServerState.Place place = target.server().state().place();
        String path = target.backend() + "/" + target.server();
        String before = place.hostName().orElse(host.name());
        if (before.equals(name) && !place.byHand()) {
            return "no need to change the FDQN" + BY + "\n";
        }
        invocation.daemon().engine().places().setHostName(target.server(), name);
        LOG.info("{} is found by the name {} instead of {} now", path, name, before);
        return path + " changed its FQDN from " + before + " to " + name + BY + "\n";
    }

    private static Optional<InetSocketAddress> now(Target target) {
        return target.server().checkAddress(Optional.empty()) instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? Optional.of(inet) : Optional.empty();
    }

    private static ServerSpec specOf(Invocation invocation, Target target) throws CommandException {
        return invocation.daemon().engine().runtime().flatMap(r -> r.configuration().backend(target.backend().name()))
                .flatMap(b -> b.server(target.server().name())).orElseThrow(() -> new CommandException("No such server."));
    }

    private static PortSpec portSpec(AddressSpec address) {
        return address instanceof AddressSpec.Ip ip ? ip.port() : address instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
    }

    private static int portOf(AddressSpec address) {
        return portSpec(address) instanceof PortSpec.Fixed fixed ? fixed.port() : 0;
    }

    private static String resolvers(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(0);
        List<Resolvers> sections = invocation.daemon().engine().places().resolvers().all().stream()
                .filter(section -> wanted.isEmpty() || section.name().equals(wanted)).toList();
        if (sections.isEmpty() && !wanted.isEmpty()) {
            throw new CommandException("Can't find that resolvers section");
        }
        StringBuilder out = new StringBuilder();
        for (Resolvers section : sections) {
            out.append("Resolvers section ").append(section.name()).append('\n');
            for (Resolvers.Statistics server : section.statistics()) {
                out.append(" nameserver ").append(server.nameServer()).append(":\n");
                for (DnsCounter counter : DnsCounter.values()) {
                    String label = "  " + counter.label() + ":";
                    out.append(label).append(" ".repeat(WIDTH + 2 - label.length())).append(server.counters().get(counter)).append('\n');
                }
            }
        }
        return out.toString();
    }
}
