package net.lbd.cli.command;

import java.io.IOException;
import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.vrrp.VrrpStatus;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.VrrpSpec;

/** Commands about addresses that are shared with a partner. */
final class VrrpCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show vrrp", "", Level.USER, "the addresses shared with a partner, and who holds them", VrrpCommands::show),
            Command.of("set vrrp", "<section> { standby | ready }", Level.ADMIN,
                    "give the addresses of a vrrp section to the partner, or let this machine have them again", VrrpCommands::set));

    /** The titles of the columns, which {@code lbctl vrrp status} shows too. */
    private static final String TITLES = "#section,state,cluster_id,priority,interface,addresses,held,reason";

    private VrrpCommands() { }

    private static String show(Invocation invocation) {
        StringBuilder out = new StringBuilder(TITLES).append('\n');
        for (VrrpStatus status : invocation.daemon().vrrp()) {
            VrrpSpec spec = status.spec();
            out.append(String.join(",", spec.name(), status.state(), Integer.toString(spec.clusterId()),
                    Integer.toString(Math.max(1, spec.priority() - status.penalty())), spec.device(), addresses(spec.addresses()),
                    addresses(status.held()), status.reason().replace(',', ';'))).append('\n');
        }
        return out.toString();
    }

    private static String addresses(List<VrrpSpec.VirtualAddress> addresses) {
        return String.join(" ", addresses.stream().map(VrrpSpec.VirtualAddress::toString).toList());
    }

    private static String set(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(1);
        if (!wanted.equals("standby") && !wanted.equals("ready")) {
            throw new CommandException("'set vrrp <section>' expects 'standby' or 'ready'.");
        }
        try {
            if (!invocation.daemon().standBy(invocation.argument(0), wanted.equals("standby"))) {
                throw new CommandException("No such vrrp section.");
            }
        } catch (IOException e) {
            throw new CommandException("This cannot be written down, and nothing has changed: " + e);
        }
        return "";
    }
}
