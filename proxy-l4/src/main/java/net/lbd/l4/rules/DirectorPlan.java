package net.lbd.l4.rules;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.DirectorSpec;

/**
 * A director at one moment. Immutable.
 *
 * @param id kept over changes
 * @param opened new connections since leastconn was last reckoned: what to expect until it is reckoned again
 */
public record DirectorPlan(int id, DirectorSpec spec, List<ServerPlan> servers, long opened) {

    public DirectorPlan {
        Objects.requireNonNull(spec, "spec");
        servers = List.copyOf(servers);
    }

    /** Those that new connections may go to: without any, one sorry server. */
    List<ServerPlan> takers() {
        List<ServerPlan> regular = servers.stream().filter(s -> !s.sorry() && s.takesNew()).toList();
        return regular.isEmpty() ? servers.stream().filter(s -> s.sorry() && s.takesNew()).limit(1).toList() : regular;
    }

    // ---- words of nftables

    /** {@code ip} or {@code ip6}. */
    String ip() {
        return spec.isIpv6() ? "ip6" : "ip";
    }

    String addressType() {
        return spec.isIpv6() ? "ipv6_addr" : "ipv4_addr";
    }

    /** {@code 4} or {@code 6}: what names of things end with that are there for each family. */
    String suffix() {
        return spec.isIpv6() ? "6" : "4";
    }

    String address() {
        return spec.address().getHostAddress();
    }

    /** What persistence takes for one client. */
    String client() {
        int prefix = spec.persistence().orElseThrow().prefix();
        return ip() + " saddr" + (prefix == spec.address().getAddress().length * 8 ? "" : " & " + mask(prefix));
    }

    private String mask(int prefix) {
        byte[] bytes = new byte[spec.address().getAddress().length];
        for (int bit = 0; bit < prefix; bit++) {
            bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException cannotHappen) {
            throw new AssertionError("the length is that of another address", cannotHappen);
        }
    }

    /** Declares the clients of {@code allow}, and drops all others first in a chain. */
    void admission(TableImage.Builder table, String chain) {
        if (spec.allowed().isEmpty()) {
            return;
        }
        String set = "allow_" + id;
        table.collection("set", set, "type " + addressType() + "; flags interval; auto-merge;");
        for (AddressRange range : spec.allowed()) {
            table.element(set, range.toString(), "");
        }
        table.rule(chain, ip() + " saddr != @" + set + " drop");
    }

    /**
     * The rules that lead a new connection to a server; none, if there is no server.
     *
     * @param prefix of the chains of servers; their ids follow
     */
    void choice(TableImage.Builder table, String chain, String prefix) {
        if (spec.persistence().isPresent()) {
            servers.stream().filter(ServerPlan::takesPersistent).forEach(
                    s -> table.rule(chain, client() + " @" + memory(s) + " goto " + prefix + s.id()));
        }
        List<ServerPlan> takers = takers();
        if (takers.isEmpty()) {
            return;
        }
        if (takers.size() > 1) {
            Shares shares = Shares.slots(this, takers);
            table.rule(chain, selector(shares.size()) + " vmap " + shares.map(prefix));
        }
        // No set in the last rule: see TableImage.
        table.rule(chain, "goto " + prefix + Shares.best(takers).id());
    }

    private String selector(int slots) {
        return switch (spec.balance()) {
            case ROUNDROBIN, LEASTCONN -> "numgen inc mod " + slots;
            case SOURCE -> "jhash " + ip() + " saddr mod " + slots + " seed " + Shares.SEED;
            case SRCDST -> "jhash " + ip() + " saddr . " + ip() + " daddr mod " + slots + " seed " + Shares.SEED;
        };
    }

    /** The set that remembers the clients of a server. */
    String memory(ServerPlan server) {
        return "of_" + server.id() + "_" + spec.persistence().orElseThrow().timeout().toSeconds();
    }

    /** Declares what remembers clients, and has the chain of a server do it. */
    void remember(TableImage.Builder table, String chain, ServerPlan server) {
        if (spec.persistence().isPresent()) {
            table.collection("set", memory(server), "type " + addressType() + "; flags dynamic,timeout; timeout "
                    + spec.persistence().get().timeout().toSeconds() + "s; size 262144;");
            table.rule(chain, "update @" + memory(server) + " { " + client() + " }");
        }
    }
}
