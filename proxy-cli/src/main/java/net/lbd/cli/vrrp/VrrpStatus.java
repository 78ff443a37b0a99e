package net.lbd.cli.vrrp;

import java.util.List;
import java.util.Objects;
import net.lbd.config.model.VrrpSpec;

/**
 * A {@code vrrp} section as it stands now. Immutable.
 *
 * @param held its addresses that this machine has
 * @param reason why keepalived is told that this machine does not serve; empty: it serves
 * @param penalty how much less than its priority this machine is worth
 */
public record VrrpStatus(VrrpSpec spec, List<VrrpSpec.VirtualAddress> held, String reason, int penalty) {

    public VrrpStatus {
        Objects.requireNonNull(spec, "spec");
        held = List.copyOf(held);
        Objects.requireNonNull(reason, "reason");
    }

    /** ACTIVE holds all addresses, STANDBY none. */
    public String state() {
        return held.isEmpty() ? reason.isEmpty() ? "STANDBY" : "FAULT" : held.size() < spec.addresses().size() ? "PART" : "ACTIVE";
    }
}
