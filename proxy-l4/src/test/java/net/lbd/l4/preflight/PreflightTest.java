package net.lbd.l4.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.l4.Networks;
import org.junit.jupiter.api.Test;

/** What is told of a machine that is not set up, with the command that mends it. */
class PreflightTest {

    /** A balancer with a network of clients and one of servers, all set up. */
    private static final class FakeMachine implements MachineFacts {
        private boolean wayBack;

        @Override
        public boolean hasWayBack(boolean ipv6) {
            return wayBack && !ipv6;
        }

        final Map<String, String> sysctls = new HashMap<>(Map.of("net.ipv4.ip_forward", "1", "net.ipv6.conf.all.forwarding", "1",
                "net.ipv4.conf.all.send_redirects", "0", "net.ipv4.conf.eth0.send_redirects", "0"));
        final Set<String> programs = new HashSet<>(Set.of("nft"));
        boolean capable = true;

        @Override
        public Optional<String> sysctl(String name) {
            return Optional.ofNullable(sysctls.get(name));
        }

        @Override
        public boolean maySetUpNetworks() {
            return capable;
        }

        @Override
        public boolean hasProgram(String name) {
            return programs.contains(name);
        }

        @Override
        public Networks networks() throws IOException {
            return Networks.of(Map.of("lo", List.of("127.0.0.1/8"), "eth0", List.of("10.0.0.1/24", "10.0.0.10/32"), "eth1", List.of("10.0.1.1/24")));
        }
    }

    private final FakeMachine machine = new FakeMachine();

    private List<String> findings(String text) {
        return Preflight.ofDirectors(new ConfigurationLoader(Environment.ofProcess()).loadText("t.cfg", text).configuration().orElseThrow()
                .directors(), machine).stream().map(f -> (f.isFatal() ? "FATAL " : "") + f.text()).toList();
    }

    private static final String NAT = "director d 10.0.0.10:443 TCP\n mode nat\n server s 10.0.1.5\n";
    private static final String GATEWAY = "director d 10.0.0.10:443 TCP\n mode gateway\n server s 10.0.0.5\n";

    @Test
    void nothingIsToldOfAMachineThatIsSetUp() {
        assertThat(findings(NAT)).isEmpty();
        assertThat(findings(GATEWAY)).isEmpty();
        assertThat(findings("frontend f\n bind :80\n")).isEmpty();
    }

    @Test
    void whatIsLackingStopsTheStart() {
        machine.sysctls.put("net.ipv4.ip_forward", "0");
        machine.programs.clear();
        machine.capable = false;
        assertThat(findings(NAT)).containsExactly(
                "FATAL directors need the program 'nft', which is not there; mend it with: apt-get install nftables",
                "FATAL directors need the capability CAP_NET_ADMIN, which this process has not; mend it with: systemctl edit lbd,"
                        + " and under [Service]: AmbientCapabilities=CAP_NET_ADMIN CapabilityBoundingSet=CAP_NET_ADMIN RestrictAddressFamilies=AF_NETLINK",
                "FATAL mode nat needs a kernel that forwards packets (net.ipv4.ip_forward is 0); mend it with: sysctl -w net.ipv4.ip_forward=1");
    }

    @Test
    void whatMayBeMeantIsAWarning() {
        assertThat(findings("director d 10.0.0.11:443 TCP\n server s 10.0.1.5\n")).containsExactly("director 'd': no interface has the address"
                + " 10.0.0.11, so that nobody finds it here; on a standby of a pair that is as it should be; mend it with: ip addr add"
                + " 10.0.0.11/32 dev eth0");
        machine.sysctls.put("net.ipv4.conf.eth0.send_redirects", "1");
        assertThat(findings("director d 10.0.0.10:443 TCP\n server s 10.0.0.5\n")).containsExactly(
                "director 'd': server s (10.0.0.5) is in the network of the director's address: clients of that network are answered past"
                        + " this machine, and time out; mend it with: 'source ADDRESS' in the director, or 'mode gateway'",
                "in one network the kernel tells clients and servers of a way past this machine (net.ipv4.conf.eth0.send_redirects is 1);"
                        + " mend it with: sysctl -w net.ipv4.conf.eth0.send_redirects=0");
        assertThat(findings("director d 10.0.0.10:443 TCP\n server s 10.7.0.5\n")).singleElement().asString().contains("unless its route");
        assertThat(findings("director d 10.0.0.10:443 TCP\n source 10.0.1.9\n server s 10.7.0.5\n")).singleElement().asString()
                .contains("no interface has the source address 10.0.1.9");
    }

    @Test
    void gatewayNeedsServersInANetworkOfThisMachine() {
        assertThat(findings("director d 10.0.0.10:443 TCP\n mode gateway\n interface eth7\n server s 10.7.0.5\n")).containsExactly(
                "FATAL director 'd': server s (10.7.0.5) is in no network of this machine; in mode gateway packets are passed on to its MAC"
                        + " address; mend it with: 'mode nat' with 'source' reaches servers behind routers",
                "FATAL director 'd': there is no interface 'eth7'");
    }

    private List<String> ofTransparent(String text) {
        return Preflight.ofTransparent(TransparentServers.of(new ConfigurationLoader(Environment.ofProcess()).loadText("t.cfg", text).configuration()
                .orElseThrow()), machine).stream().map(f -> (f.isFatal() ? "FATAL " : "") + f.text()).toList();
    }

    private static String transparent(String global, String server) {
        return "global\n" + global + "defaults\n mode tcp\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten l\n bind :25\n"
                + " source 0.0.0.0 usesrc clientip\n server s " + server + ":25\n";
    }

    @Test
    void answersToForeignAddressesNeedAWayBack() {
        assertThat(ofTransparent(transparent("", "10.0.1.5"))).singleElement().asString()
                .startsWith("FATAL servers answer to the clients' addresses, and no rule of this machine leads IPv4 packets")
                .contains("nft 'add table inet lbd_transparent'; ").endsWith("ip -4 route replace local default dev lo table 19522");
        machine.wayBack = true;
        assertThat(ofTransparent(transparent("", "10.0.1.5"))).isEmpty();
        assertThat(ofTransparent(transparent("", "[fd00::5]"))).anyMatch(f -> f.startsWith("FATAL") && f.contains("IPv6"));
        assertThat(ofTransparent(transparent("", "10.0.9.5"))).containsExactly("server l/s (10.0.9.5) is in no network of this machine: unless its"
                + " route to the clients leads through here, connections time out; mend it with: this machine as the server's default gateway");
    }

    @Test
    void routingOfOurOwnNeedsItsPrograms() {
        machine.programs.add("ip");
        assertThat(ofTransparent(transparent(" transparent-routing on\n", "10.0.1.5"))).isEmpty();
        machine.programs.clear();
        machine.capable = false;
        assertThat(ofTransparent(transparent(" transparent-routing on\n", "10.0.1.5"))).hasSize(3).allMatch(f -> f.startsWith("FATAL"));
        assertThat(ofTransparent("frontend f\n mode http\n timeout client 1s\n bind :80\n")).isEmpty();
    }
}
