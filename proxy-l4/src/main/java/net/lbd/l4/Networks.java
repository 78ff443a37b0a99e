package net.lbd.l4;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The networks of this machine at one moment. Immutable. */
public final class Networks {

    /** Tells how the networks are when it is asked. */
    interface Source {
        Networks now() throws IOException;
    }

    private record Network(String device, InetAddress address, int prefix) {
        boolean holds(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] theirs = other.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                if (((mine[bit / 8] ^ theirs[bit / 8]) & 0x80 >> bit % 8) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;
    private final List<String> devices;

    private Networks(List<Network> networks, List<String> devices) {
        this.networks = networks;
        this.devices = devices;
    }

    /** @throws IOException if the system does not tell */
    public static Networks now() throws IOException {
        List<Network> networks = new ArrayList<>();
        List<String> devices = new ArrayList<>();
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            devices.add(device.getName());
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                networks.add(new Network(device.getName(), address.getAddress(), address.getNetworkPrefixLength()));
            }
        }
        return new Networks(networks, devices);
    }

    /** Of addresses with their prefix length, by interface. */
    public static Networks of(Map<String, List<String>> addresses) throws IOException {
        List<Network> networks = new ArrayList<>();
        for (Map.Entry<String, List<String>> device : addresses.entrySet()) {
            for (String address : device.getValue()) {
                int slash = address.indexOf('/');
                networks.add(new Network(device.getKey(), InetAddress.getByName(address.substring(0, slash)),
                        Integer.parseInt(address.substring(slash + 1))));
            }
        }
        return new Networks(networks, List.copyOf(addresses.keySet()));
    }

    /** The interface, other than the loopback, whose network the address is in; of several the narrowest network. */
    public Optional<String> deviceOf(InetAddress address) {
        Optional<Network> best = Optional.empty();
        for (Network network : networks) {
            if (!network.device.equals("lo") && network.holds(address) && network.prefix < address.getAddress().length * 8
                    && best.filter(b -> b.prefix >= network.prefix).isEmpty()) {
                best = Optional.of(network);
            }
        }
        return best.map(Network::device);
    }

    /** Whether an interface has the address. */
    public boolean isLocal(InetAddress address) {
        return networks.stream().anyMatch(n -> Arrays.equals(n.address.getAddress(), address.getAddress()));
    }

    public boolean hasDevice(String name) {
        return devices.contains(name);
    }
}
