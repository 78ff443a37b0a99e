package net.lbd.cli.command;

import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.l4.DirectorStatus;
import net.lbd.l4.Traffic;

/** Commands about directors. */
final class DirectorCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show l4", "", Level.USER, "the kernel's counts of directors and their servers", DirectorCommands::show));

    /** The titles of the columns, which {@code lbctl l4 status} shows too. */
    private static final String TITLES =
            "#director,server,address,method,weight,state,active,total,packets_in,bytes_in,packets_out,bytes_out";

    private DirectorCommands() { }

    /** A line for each director, and one for each of its servers below it. */
    private static String show(Invocation invocation) {
        StringBuilder out = new StringBuilder(TITLES).append('\n');
        for (DirectorStatus director : invocation.daemon().directors()) {
            String method = switch (director.spec().mode()) {
                case NAT -> director.spec().source().isPresent() ? "SNAT" : "Masq";
                case GATEWAY -> "Route";
            };
            String address = director.spec().isIpv6() ? "[" + director.spec().address().getHostAddress() + "]"
                    : director.spec().address().getHostAddress();
            String ports = String.join("+", director.spec().ports().stream().map(String::valueOf).toList());
            boolean served = director.servers().stream().anyMatch(DirectorStatus.ServerStatus::isServing);
            line(out, List.of(director.spec().name(), "", address + ":" + ports, method, "", served ? "UP" : "DOWN"), director.traffic());
            for (DirectorStatus.ServerStatus server : director.servers()) {
                line(out, List.of(director.spec().name(), server.name(), server.address(), method,
                        Integer.toString(server.weight()), server.state()), server.traffic());
            }
        }
        return out.toString();
    }

    private static void line(StringBuilder out, List<String> words, Traffic traffic) {
        out.append(String.join(",", words));
        for (long number : new long[] {traffic.active(), traffic.opened(), traffic.packetsIn(), traffic.bytesIn(), traffic.packetsOut(),
            traffic.bytesOut()}) {
            out.append(',').append(number);
        }
        out.append('\n');
    }
}
