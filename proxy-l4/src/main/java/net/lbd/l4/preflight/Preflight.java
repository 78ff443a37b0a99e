package net.lbd.l4.preflight;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.config.model.ServerSpec;
import net.lbd.l4.Networks;
import net.lbd.l4.preflight.Finding.Remedy;
import net.lbd.l4.transparent.TransparentRouting;

/** Checks the machine against the directors of a configuration. Used by one thread. */
public final class Preflight {

    private final MachineFacts machine;
    /** Each thing is told once, whoever asks for it. */
    private final Map<String, Finding> findings = new LinkedHashMap<>();

    private Preflight(MachineFacts machine) {
        this.machine = Objects.requireNonNull(machine, "machine");
    }

    /** What this machine lacks for the directors; empty: nothing. */
    public static List<Finding> ofDirectors(List<DirectorSpec> directors) {
        return ofDirectors(directors, MachineFacts.HERE);
    }

    static List<Finding> ofDirectors(List<DirectorSpec> directors, MachineFacts machine) {
        Preflight preflight = new Preflight(machine);
        if (!directors.isEmpty()) {
            preflight.directors(directors);
        }
        return List.copyOf(preflight.findings.values());
    }

    /** What this machine lacks for the servers of proxies that see foreign addresses; empty: nothing. */
    public static List<Finding> ofTransparent(TransparentServers wanted) {
        return ofTransparent(wanted, MachineFacts.HERE);
    }

    static List<Finding> ofTransparent(TransparentServers wanted, MachineFacts machine) {
        Preflight preflight = new Preflight(machine);
        if (!wanted.isEmpty()) {
            preflight.transparent(wanted);
        }
        return List.copyOf(preflight.findings.values());
    }

    /** Whether this process could change the kernel's tables. */
    public static boolean mayChangeTables() {
        return MachineFacts.HERE.maySetUpNetworks() && MachineFacts.HERE.hasProgram("nft");
    }

    private void tell(boolean fatal, String what, Remedy... remedies) {
        findings.putIfAbsent(what, new Finding(fatal, what, List.of(remedies)));
    }

    private void transparent(TransparentServers wanted) {
        if (!machine.maySetUpNetworks()) {
            tell(true, "'source … usesrc' needs the capability CAP_NET_ADMIN, which this process has not",
                    Remedy.advice("systemctl edit lbd, and under [Service]: AmbientCapabilities=CAP_NET_ADMIN CapabilityBoundingSet=CAP_NET_ADMIN"));
        }
        for (boolean ipv6 : new boolean[] {false, true}) {
            if ((ipv6 ? wanted.hasIpv6() : wanted.hasIpv4()) && !wanted.isRoutingOurs() && !machine.hasWayBack(ipv6)) {
                List<Remedy> remedies = new ArrayList<>();
                TransparentRouting.byHand(ipv6).forEach(command -> remedies.add(Remedy.safe(command.toArray(String[]::new))));
                tell(true, "servers answer to the clients' addresses, and no rule of this machine leads IPv" + (ipv6 ? 6 : 4) + " packets to addresses"
                        + " that it has not to its own sockets: connections would time out; 'transparent-routing on' in global sets it up while lbd"
                        + " runs", remedies.toArray(Remedy[]::new));
            }
        }
        if (wanted.isRoutingOurs()) {
            for (String program : List.of("nft", "ip")) {
                if (!machine.hasProgram(program)) {
                    tell(true, "'transparent-routing on' needs the program '" + program + "', which is not there",
                            Remedy.advice("apt-get install nftables iproute2"));
                }
            }
        }
        if (machine.sysctl("net.ipv4.conf.all.rp_filter").filter("1"::equals).isPresent()) {
            sysctl(false, "net.ipv4.conf.all.src_valid_mark", "0", "with strict reverse path filtering marked packets are dropped");
        }
        wayThere(wanted);
    }

    /** Servers must send their answers through here. */
    private void wayThere(TransparentServers wanted) {
        Networks networks;
        try {
            networks = machine.networks();
        } catch (IOException e) {
            tell(false, "the interfaces of this machine cannot be read: " + e.getMessage());
            return;
        }
        wanted.addresses().forEach((name, address) -> {
            if (!address.isLoopbackAddress() && networks.deviceOf(address).isEmpty()) {
                tell(false, "server " + name + " (" + address.getHostAddress() + ") is in no network of this machine: unless its route to the"
                        + " clients leads through here, connections time out", Remedy.advice("this machine as the server's default gateway"));
            }
        });
    }

    private void directors(List<DirectorSpec> directors) {
        if (!machine.hasProgram("nft")) {
            tell(true, "directors need the program 'nft', which is not there", Remedy.advice("apt-get install nftables"));
        }
        if (!machine.maySetUpNetworks()) {
            tell(true, "directors need the capability CAP_NET_ADMIN, which this process has not",
                    Remedy.advice("systemctl edit lbd, and under [Service]: AmbientCapabilities=CAP_NET_ADMIN CapabilityBoundingSet=CAP_NET_ADMIN"
                            + " RestrictAddressFamilies=AF_NETLINK"));
        }
        Networks networks;
        try {
            networks = machine.networks();
        } catch (IOException e) {
            tell(true, "the interfaces of this machine cannot be read: " + e.getMessage());
            return;
        }
        for (DirectorSpec director : directors) {
            addresses(director, networks);
            if (director.mode() == DirectorSpec.Mode.NAT) {
                nat(director, networks);
            } else {
                gateway(director, networks);
            }
        }
    }

    private void addresses(DirectorSpec director, Networks networks) {
        InetAddress address = director.address();
        if (!networks.isLocal(address)) {
            String device = networks.deviceOf(address).orElse("eth0");
            tell(false, "director '" + director.name() + "': no interface has the address " + address.getHostAddress()
                    + ", so that nobody finds it here; on a standby of a pair that is as it should be",
                    Remedy.advice("ip addr add " + address.getHostAddress() + (director.isIpv6() ? "/128" : "/32") + " dev " + device));
        }
        director.source().filter(source -> !networks.isLocal(source)).ifPresent(source ->
                tell(false, "director '" + director.name() + "': no interface has the source address " + source.getHostAddress()
                        + ", so that the servers' answers do not come back; on a standby of a pair that is as it should be",
                        Remedy.advice("ip addr add " + source.getHostAddress() + (director.isIpv6() ? "/128" : "/32") + " dev "
                                + networks.deviceOf(source).orElse("eth0"))));
    }

    private void nat(DirectorSpec director, Networks networks) {
        sysctl(true, director.isIpv6() ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward", "1",
                "mode nat needs a kernel that forwards packets");
        Optional<String> front = networks.deviceOf(director.address());
        for (ServerSpec server : director.backend().servers()) {
            InetAddress address = ((AddressSpec.Ip) server.address()).address();
            Optional<String> back = networks.deviceOf(address);
            if (director.source().isEmpty() && back.isEmpty()) {
                tell(false, "director '" + director.name() + "': server " + server.name() + " (" + address.getHostAddress()
                        + ") is in no network of this machine: unless its route to the clients leads through here, connections time out",
                        Remedy.advice("'source ADDRESS' in the director, or on the server a route to the clients by this machine"));
            } else if (director.source().isEmpty() && back.equals(front)) {
                tell(false, "director '" + director.name() + "': server " + server.name() + " (" + address.getHostAddress()
                        + ") is in the network of the director's address: clients of that network are answered past this machine, and"
                        + " time out", Remedy.advice("'source ADDRESS' in the director, or 'mode gateway'"));
            }
            if (!director.isIpv6() && back.isPresent() && back.equals(front)) {
                redirects("all");
                redirects(back.get());
            }
        }
    }

    /** In one network the kernel would tell clients the shorter way, past itself. */
    private void redirects(String device) {
        sysctl(false, "net.ipv4.conf." + device + ".send_redirects", "0",
                "in one network the kernel tells clients and servers of a way past this machine");
    }

    private void gateway(DirectorSpec director, Networks networks) {
        for (ServerSpec server : director.backend().servers()) {
            InetAddress address = ((AddressSpec.Ip) server.address()).address();
            if (networks.deviceOf(address).isEmpty()) {
                tell(true, "director '" + director.name() + "': server " + server.name() + " (" + address.getHostAddress()
                        + ") is in no network of this machine; in mode gateway packets are passed on to its MAC address",
                        Remedy.advice("'mode nat' with 'source' reaches servers behind routers"));
            }
        }
        for (String device : director.interfaces()) {
            if (!networks.hasDevice(device)) {
                tell(true, "director '" + director.name() + "': there is no interface '" + device + "'");
            }
        }
        if (director.interfaces().isEmpty() && networks.deviceOf(director.address()).isEmpty()) {
            tell(true, "director '" + director.name() + "': " + director.address().getHostAddress()
                    + " is in no network of this machine; the interface of the clients must be named", Remedy.advice("'interface NAME' in the director"));
        }
    }

    private void sysctl(boolean fatal, String name, String wanted, String why) {
        String value = machine.sysctl(name).orElse("not there");
        if (!value.equals(wanted)) {
            tell(fatal, why + " (" + name + " is " + value + ")", Remedy.safe("sysctl", "-w", name + "=" + wanted));
        }
    }
}
