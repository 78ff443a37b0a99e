package net.lbd.cli.vrrp;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.lbd.config.model.VrrpSpec;
import net.lbd.config.model.VrrpSpec.VirtualAddress;

/**
 * keepalived's configuration, from sections {@code vrrp}. Source: keepalived.conf(5) of 2.2.7. Stateless.
 *
 * <p>All machines begin as backup: the one of the highest priority takes the addresses after three adverts, and {@code nopreempt}
 * works. A daemon that does not serve puts its instance into the fault state (weight 0), which works with {@code nopreempt} too. IPv6
 * addresses are deprecated ({@code preferred_lft 0}): else the kernel would choose them for connections of its own, to servers too.
 */
public final class KeepalivedText {

    /** The folder of the package. */
    public static final String ALIVE = "/usr/share/lbd/vrrp-alive";
    public static final String FILE = "/etc/keepalived/keepalived.conf";

    private final StringBuilder out = new StringBuilder();
    private final String alive;
    private final String user;

    private KeepalivedText(String alive, String user) {
        this.alive = Objects.requireNonNull(alive, "alive");
        this.user = Objects.requireNonNull(user, "user");
    }

    /**
     * @param alive the program that looks whether the daemon still does its work
     * @param user who runs it
     */
    public static String of(List<VrrpSpec> sections, String alive, String user) {
        KeepalivedText text = new KeepalivedText(alive, user);
        text.line(0, "# Written by 'lbctl vrrp config' from the vrrp sections of lbd's configuration: change it there.");
        text.line(0, "global_defs {");
        text.line(1, "router_id lbd");
        text.line(1, "vrrp_version 3");
        // An interface that comes later, or goes and comes, is no reason to end.
        text.line(1, "dynamic_interfaces");
        text.line(1, "enable_script_security");
        text.line(1, "script_user " + user);
        // A machine that was cut off and still holds the addresses hears of the other: neighbours are told again who has them.
        text.line(1, "vrrp_garp_lower_prio_repeat 1");
        text.line(1, "vrrp_garp_master_refresh 60");
        text.line(0, "}");
        sections.forEach(text::section);
        return text.out.toString();
    }

    private void section(VrrpSpec spec) {
        line(0, "");
        file(spec.name() + "_serves", spec.file(), 0, "1");
        if (!spec.trackedBackends().isEmpty()) {
            file(spec.name() + "_backends", spec.backendsFile(), 1, "0");
        }
        line(0, "vrrp_script " + spec.name() + "_alive {");
        line(1, "script \"" + alive + " " + spec.file() + "\"");
        line(1, "interval 1");
        line(1, "timeout 2");
        line(1, "fall 2");
        line(1, "rise 1");
        line(1, "weight 0");
        line(0, "}");
        line(0, "vrrp_instance " + spec.name() + " {");
        line(1, "state BACKUP");
        line(1, "interface " + spec.device());
        line(1, "virtual_router_id " + spec.clusterId());
        line(1, "priority " + spec.priority());
        line(1, "advert_int " + seconds(spec.advert()));
        if (!spec.preempt()) {
            line(1, "nopreempt");
        } else if (!spec.preemptDelay().isZero()) {
            line(1, "preempt_delay " + seconds(spec.preemptDelay()));
        }
        spec.source().ifPresent(source -> line(1, "unicast_src_ip " + source.getHostAddress()));
        if (!spec.peers().isEmpty()) {
            block("unicast_peer", spec.peers().stream().map(InetAddress::getHostAddress).toList());
        }
        block("virtual_ipaddress", spec.addresses().stream().filter(a -> a.isIpv6() == spec.isIpv6()).map(a -> address(spec, a)).toList());
        List<String> others = spec.addresses().stream().filter(a -> a.isIpv6() != spec.isIpv6()).map(a -> address(spec, a)).toList();
        if (!others.isEmpty()) {
            block("virtual_ipaddress_excluded", others);
        }
        block("track_file", spec.trackedBackends().isEmpty() ? List.of(spec.name() + "_serves")
                : List.of(spec.name() + "_serves", spec.name() + "_backends"));
        block("track_script", List.of(spec.name() + "_alive"));
        if (!spec.trackedDevices().isEmpty()) {
            block("track_interface", spec.trackedDevices());
        }
        line(0, "}");
    }

    /** @param value until the daemon has written one */
    private void file(String name, String path, int weight, String value) {
        line(0, "track_file " + name + " {");
        line(1, "file \"" + path + "\"");
        line(1, "weight " + weight);
        line(1, "init_file " + value);
        line(0, "}");
    }

    private static String address(VrrpSpec spec, VirtualAddress address) {
        return address + " dev " + spec.deviceOf(address) + (address.isIpv6() ? " preferred_lft 0" : "");
    }

    private void block(String name, List<String> lines) {
        line(1, name + " {");
        lines.forEach(text -> line(2, text));
        line(1, "}");
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private void line(int depth, String text) {
        out.append("    ".repeat(text.isEmpty() ? 0 : depth)).append(text).append('\n');
    }
}
