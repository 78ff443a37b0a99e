package net.lbd.cli.exchange;

import java.util.List;
import net.lbd.cli.exchange.Site.HttpMode;

/**
 * The ways to carry HTTPS to Exchange, with what speaks for and against each; after chapter 4 of the ALOHA deployment guide for
 * Exchange 2013. The numbers of users are the guide's, for its largest appliance.
 */
public enum Architecture {
    BRIDGING(HttpMode.BRIDGING, false, "TLS ends here and begins again", "3K", "nothing changes on the servers; every service has its own farm and checks",
            "servers see this machine's address; costs TLS twice; Extended Protection wants the servers' own certificate here"),
    BRIDGING_TRANSPARENT(HttpMode.BRIDGING, true, "the same, with the client's address", "3K", "servers see who comes; every service has its own farm",
            "the servers' way back must lead through here; no client in their subnet"),
    OFFLOAD(HttpMode.OFFLOAD, false, "TLS ends here, servers get HTTP", "10K", "servers do no TLS; every service has its own farm and checks",
            "logins cross your network in the clear; Extended Protection must be off; servers see this machine's address"),
    OFFLOAD_TRANSPARENT(HttpMode.OFFLOAD, true, "the same, with the client's address", "10K", "servers do no TLS and see who comes",
            "as offload, and the servers' way back must lead through here"),
    FORWARD(HttpMode.FORWARD, false, "TCP passed on", "20K", "nothing changes on the servers; Extended Protection and client certificates just work",
            "one farm for all services: one that fails takes the server out; servers see this machine's address"),
    FORWARD_TRANSPARENT(HttpMode.FORWARD, true, "the same, with the client's address", "20K", "servers see who comes",
            "one farm; the servers' way back must lead through here; no client in their subnet"),
    L4_SNAT(HttpMode.L4_SNAT, false, "packets, from this machine's address", "200K", "nothing changes on the servers; any subnet",
            "servers are reached by the clients' packets; about 64,000 connections for a service; servers see this machine's address"),
    L4_NAT(HttpMode.L4_NAT, false, "packets, from the client's address", "500K", "servers see who comes",
            "this machine is the servers' default gateway; no client in their subnet"),
    L4_DSR(HttpMode.L4_DSR, false, "packets in, answers past here", "1M", "fastest: answers take the direct way; servers see who comes",
            "one network segment; the virtual address on a loopback adapter of every server; no change of port");

    private final HttpMode mode;
    private final boolean transparent;
    private final String title;
    private final String users;
    private final String pros;
    private final String cons;

    Architecture(HttpMode mode, boolean transparent, String title, String users, String pros, String cons) {
        this.mode = mode;
        this.transparent = transparent;
        this.title = title;
        this.users = users;
        this.pros = pros;
        this.cons = cons;
    }

    public HttpMode mode() {
        return mode;
    }

    public boolean transparent() {
        return transparent;
    }

    public String title() {
        return title;
    }

    /** Up to how many users the guide recommends it. */
    public String users() {
        return users;
    }

    public String pros() {
        return pros;
    }

    public String cons() {
        return cons;
    }

    /** Whether the servers' network settings must change for it. */
    public boolean intrusive() {
        return showsClient();
    }

    /** Whether the servers see the client's address as the packets' source. */
    public boolean showsClient() {
        return transparent || mode == HttpMode.L4_NAT || mode == HttpMode.L4_DSR;
    }

    /** Of a form; none where HTTP is disabled. */
    public static List<Architecture> of(Site site) {
        return java.util.Arrays.stream(values()).filter(a -> a.mode == site.http().mode() && a.transparent == site.http().transparent()).toList();
    }
}
