package net.lbd.config.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code vrrp} section: addresses that one of two machines holds. keepalived speaks the protocol; see {@code lbctl vrrp}. Immutable.
 * Source: RFC 5798 (VRRP version 3), keepalived.conf(5).
 *
 * @param clusterId 1 to 255, one for each pair of a network
 * @param priority 1 to 254: the highest of those that work holds the addresses
 * @param device where the machines talk to each other, and where the addresses stand that name no other interface
 * @param addresses the first says whether the protocol runs over IPv4 or IPv6
 * @param advert between two signs of life; default 1s, 10ms to 40.95s in steps of 10ms
 * @param preempt whether this machine takes the addresses back from one of lower priority
 * @param preemptDelay how long it waits until it does, at most 1000s
 * @param source the address of this machine where {@code peers} are told
 * @param peers the other machines where the network carries no multicast; empty: multicast
 * @param trackedDevices without their links this machine gives the addresses away
 * @param trackedBackends while one has no server this machine is worth {@value #BACKEND_PENALTY} less
 * @param file where the daemon writes whether it serves; keepalived reads it
 */
public record VrrpSpec(String name, SourceLocation location, int clusterId, int priority, String device, List<VirtualAddress> addresses,
        Duration advert, boolean preempt, Duration preemptDelay, Optional<InetAddress> source, List<InetAddress> peers,
        List<String> trackedDevices, List<String> trackedBackends, String file) {

    public static final int MASTER_PRIORITY = 200;
    public static final int BACKUP_PRIORITY = 150;
    /** Enough to be worth less than the backup, and for the backup to be worth less still. */
    public static final int BACKEND_PENALTY = 100;
    /** Of files beside a track file, which therefore no track file has: what backends cost, what is being written, standby by command. */
    public static final List<String> ENDINGS = List.of(".backends", ".new", ".standby");
    /** RFC 5798 section 5.2.7. */
    public static final Duration DEFAULT_ADVERT = Duration.ofSeconds(1);

    /**
     * An address that moves.
     *
     * @param prefix of its network, in bits
     * @param device empty: that of the section
     */
    public record VirtualAddress(InetAddress address, int prefix, Optional<String> device) {
        public VirtualAddress {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(device, "device");
        }

        public boolean isIpv6() {
            return address.getAddress().length == 16;
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefix;
        }
    }

    public VrrpSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(device, "device");
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(advert, "advert");
        Objects.requireNonNull(preemptDelay, "preemptDelay");
        Objects.requireNonNull(source, "source");
        peers = List.copyOf(peers);
        trackedDevices = List.copyOf(trackedDevices);
        trackedBackends = List.copyOf(trackedBackends);
        Objects.requireNonNull(file, "file");
    }

    /** The address that keepalived takes part by, and whose family all of the protocol has. */
    public boolean isIpv6() {
        return addresses.get(0).isIpv6();
    }

    /** Beside {@link #file}: how much less this machine is worth for the sake of its backends. */
    public String backendsFile() {
        return file + ".backends";
    }

    /** Beside {@link #file}: while it is there, this machine stands by as it was told by command. It outlives the daemon. */
    public String standbyFile() {
        return file + ".standby";
    }

    public String deviceOf(VirtualAddress address) {
        return address.device().orElse(device);
    }
}
