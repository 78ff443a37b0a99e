package net.lbd.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.DirectorSpec;
import net.lbd.testkit.lab.Lab;

/** An example's client, balancer and servers as machines of a laboratory, on the networks that the example's addresses belong to. */
final class ExampleNetwork {

    private static final String OUTSIDE = "198.51.100.";

    private ExampleNetwork() { }

    /** The machine of a server. */
    static String machine(String server) {
        return "s" + server.substring(server.lastIndexOf('.') + 1);
    }

    private static String network(String address) {
        return address.substring(0, address.lastIndexOf('.'));
    }

    /** What the balancer holds: virtual addresses and those that it lends to connections. */
    static Set<String> addresses(ExampleText example) {
        Set<String> all = new TreeSet<>();
        example.configuration().frontends().forEach(f -> f.binds().forEach(bind -> {
            if (bind.address() instanceof AddressSpec.Ip ip) {
                all.add(ip.address().getHostAddress());
            }
        }));
        for (DirectorSpec director : example.configuration().directors()) {
            all.add(director.address().getHostAddress());
            director.source().ifPresent(source -> all.add(source.getHostAddress()));
        }
        return all;
    }

    static boolean isDirect(ExampleText example) {
        return example.configuration().directors().stream().anyMatch(d -> d.mode() == DirectorSpec.Mode.GATEWAY);
    }

    /** Builds the machines, and returns the client's address: in the directors' network where servers answer directly, else outside of all. */
    static String build(Lab lab, ExampleText example) {
        Set<String> own = addresses(example);
        Set<String> networks = new TreeSet<>();
        own.forEach(address -> networks.add(network(address)));
        example.servers().forEach(address -> networks.add(network(address)));
        lab.machine("lb").machine("client").network("outside").cable("lb", "out", "outside", OUTSIDE + "1/24");
        int number = 0;
        for (String network : networks) {
            String there = "net" + number;
            List<String> held = new ArrayList<>(List.of(network + ".254/24"));
            own.stream().filter(address -> network(address).equals(network)).forEach(address -> held.add(address + "/32"));
            lab.network(there).cable("lb", "eth" + number, there, held.toArray(String[]::new));
            for (String server : example.servers()) {
                if (network(server).equals(network)) {
                    String machine = machine(server);
                    lab.machine(machine).cable(machine, "eth0", there, server + "/24");
                    lab.on(machine, "ip route add default via " + network + ".254");
                }
            }
            number++;
        }
        if (!isDirect(example)) {
            lab.cable("client", "eth0", "outside", OUTSIDE + "2/24");
            lab.on("client", "ip route add default via " + OUTSIDE + "1");
            return OUTSIDE + "2";
        }
        DirectorSpec director = example.configuration().directors().get(0);
        String client = director.allowed().isEmpty() ? network(director.address().getHostAddress()) + ".77" : director.allowed().get(0).first().getHostAddress();
        List<String> list = List.copyOf(networks);
        lab.cable("client", "eth0", "net" + list.indexOf(network(client)), client + "/24");
        for (String server : example.servers()) {
            lab.on(machine(server), "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2; ip addr add "
                    + director.address().getHostAddress() + "/32 dev lo");
        }
        return client;
    }
}
