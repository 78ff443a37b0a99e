package net.lbd.l4;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.DirectorSpec;
import net.lbd.l4.rules.ServerPlan;
import net.lbd.testkit.lab.Lab;

/** What the tests of the laboratory share: directors of a text, servers whose state the test says, and machines to try them on. */
final class LabRules {

    /** Servers by name; a server that is not named serves with weight 1. */
    static final class Servers {
        private final Map<String, FakeServer> known = new ConcurrentHashMap<>();

        FakeServer server(String name) {
            return known.computeIfAbsent(name, FakeServer::new);
        }

        Optional<ServerView> view(String director, String server) {
            return Optional.of(server(server));
        }
    }

    static final class FakeServer implements ServerView {
        private final String name;
        volatile int weight = 1;
        volatile boolean sorry;
        volatile ServerPlan.Standing standing = ServerPlan.Standing.SERVING;
        final AtomicLong opened = new AtomicLong();
        final AtomicLong bytesIn = new AtomicLong();
        final AtomicLong bytesOut = new AtomicLong();

        FakeServer(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public int shownWeight() {
            return weight;
        }

        @Override
        public String shownState() {
            return standing.name();
        }

        @Override
        public ServerPlan.Standing standing() {
            return standing;
        }

        @Override
        public boolean isSorry() {
            return sorry;
        }

        @Override
        public void count(Traffic traffic) {
            opened.addAndGet(traffic.opened());
            bytesIn.addAndGet(traffic.bytesIn());
            bytesOut.addAndGet(traffic.bytesOut());
        }
    }

    private LabRules() { }

    static List<DirectorSpec> directors(String text) {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).loadText("lab.cfg", text);
        return result.configuration().orElseThrow(() -> new AssertionError(result.diagnostics().toString())).directors();
    }

    /** An engine that works on a machine of the laboratory. */
    static PacketEngine engine(Lab lab, String machine, Servers servers) throws IOException {
        Map<String, List<String>> networks = lab.on(machine, "ip -o addr").lines().map(l -> l.split("\\s+"))
                .collect(Collectors.groupingBy(w -> w[1], Collectors.mapping(w -> w[3], Collectors.toList())));
        return new PacketEngine("lbd", lab.command(machine, "nft"), servers::view, () -> Networks.of(networks));
    }

    /** A client's network and a servers' one, both with IPv6, and a balancer between them that is the servers' gateway. */
    static Lab twoNetworks() throws IOException {
        Lab lab = new Lab();
        lab.network("front").network("back");
        lab.machine("client").cable("client", "eth0", "front", "10.91.1.2/24", "10.91.1.3/24", "fd91:1::2/64");
        lab.machine("lb").cable("lb", "eth0", "front", "10.91.1.1/24", "10.91.1.10/24", "fd91:1::1/64", "fd91:1::10/64")
                .cable("lb", "eth1", "back", "10.91.2.1/24", "fd91:2::1/64");
        for (String server : List.of("s1", "s2", "s3")) {
            String last = "1" + server.charAt(1);
            lab.machine(server).cable(server, "eth0", "back", "10.91.2." + last + "/24", "fd91:2::" + last + "/64");
            lab.on(server, "ip route add default via 10.91.2.1; ip -6 route add default via fd91:2::1");
        }
        lab.on("lb", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        return lab;
    }

    /** One network for all, with a balancer that is nobody's gateway; the servers hold its address on their loopback. */
    static Lab oneNetwork() throws IOException {
        Lab lab = new Lab();
        lab.network("net");
        lab.machine("client").cable("client", "eth0", "net", "10.92.1.2/24", "fd92:1::2/64");
        lab.machine("lb").cable("lb", "eth0", "net", "10.92.1.1/24", "10.92.1.10/24", "fd92:1::1/64", "fd92:1::10/64");
        for (String server : List.of("s1", "s2")) {
            String last = "1" + server.charAt(1);
            lab.machine(server).cable(server, "eth0", "net", "10.92.1." + last + "/24", "fd92:1::" + last + "/64");
            lab.on(server, "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2;"
                    + " ip addr add 10.92.1.10/32 dev lo; ip addr add fd92:1::10/128 dev lo nodad");
        }
        lab.on("lb", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0");
        return lab;
    }

    /** How often each server answered. */
    static Map<String, Long> byServer(List<String> answers) {
        return answers.stream().collect(Collectors.groupingBy(a -> a.split(" ")[0], Collectors.counting()));
    }
}
