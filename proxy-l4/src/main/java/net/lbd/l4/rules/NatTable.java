package net.lbd.l4.rules;

import java.util.List;

/**
 * The table of directors in mode nat. Stateless. The kernel's connection tracking remembers the server of each connection, so
 * that no change of a rule touches one that is there.
 *
 * <pre>
 * chain     hook, priority       what it does
 * pre       nat prerouting -105  a new connection: @vip4/@vip6 to the director's chain, that to the server's, which rewrites it
 * out       nat output -105      the same for this machine's own
 * post      nat postrouting 95   source NAT by @snat4/@snat6
 * cut       prerouting -150      resets connections to servers in @dead4/@dead6
 * acct      forward -5           counts packets and bytes, and the first FIN or RST of each connection
 * </pre>
 */
public final class NatTable {

    /** One bit of the connection's mark says that its end has been counted. */
    private static final String CLOSED = "0x40000000";

    private NatTable() { }

    /** @param directors those in mode nat */
    public static TableImage of(String name, List<DirectorPlan> directors) {
        TableImage.Builder table = new TableImage.Builder("inet", name);
        table.chain("pre", "type nat hook prerouting priority -105; policy accept;");
        table.chain("out", "type nat hook output priority -105; policy accept;");
        table.chain("post", "type nat hook postrouting priority 95; policy accept;");
        table.chain("cut", "type filter hook prerouting priority -150; policy accept;");
        table.chain("acct", "type filter hook forward priority -5; policy accept;");
        table.chain("count", "");
        table.counter(TableOwner.counter());
        table.rule("acct", "meta l4proto tcp ct status dnat jump count");
        family(table, "ip", "4", "ipv4_addr");
        family(table, "ip6", "6", "ipv6_addr");
        for (DirectorPlan director : directors) {
            director(table, director);
        }
        return table.build();
    }

    private static void family(TableImage.Builder table, String ip, String suffix, String type) {
        String service = type + " . inet_service";
        String tuple = "type " + service + " . " + service;
        table.collection("map", "vip" + suffix, "type " + service + " : verdict;");
        table.collection("map", "snat" + suffix, "type " + service + " : " + type + ";");
        table.collection("map", "in" + suffix, tuple + " : counter;");
        table.collection("map", "out" + suffix, tuple + " : counter;");
        table.collection("map", "closes" + suffix, tuple + " : counter;");
        table.collection("set", "dead" + suffix, tuple + ";");
        String dispatch = ip + " daddr . tcp dport vmap @vip" + suffix;
        table.rule("pre", dispatch);
        table.rule("out", dispatch);
        String original = "ct original " + ip + " daddr . ct original proto-dst";
        String whole = original + " . ct reply " + ip + " saddr . ct reply proto-src";
        table.rule("post", "ct status dnat meta l4proto tcp snat " + ip + " to " + original + " map @snat" + suffix);
        table.rule("cut", "meta l4proto tcp " + whole + " @dead" + suffix + " reject with tcp reset");
        table.rule("count", "ct direction original meta l4proto tcp counter name " + whole + " map @in" + suffix);
        table.rule("count", "ct direction reply meta l4proto tcp counter name " + whole + " map @out" + suffix);
        table.rule("count", "meta l4proto tcp tcp flags & (fin | rst) != 0 ct mark & " + CLOSED + " == 0 counter name " + whole + " map @closes"
                + suffix + " ct mark set ct mark | " + CLOSED);
    }

    private static void director(TableImage.Builder table, DirectorPlan director) {
        String chain = "d_" + director.id();
        table.chain(chain, "");
        director.admission(table, chain);
        for (ServerPlan server : director.servers()) {
            server(table, director, server);
        }
        director.choice(table, chain, "s_");
        for (int port : director.spec().ports()) {
            String service = director.address() + " . " + port;
            table.element("vip" + director.suffix(), service, "goto " + chain);
            director.spec().source().ifPresent(source ->
                    table.element("snat" + director.suffix(), service, source.getHostAddress()));
        }
    }

    private static void server(TableImage.Builder table, DirectorPlan director, ServerPlan server) {
        String id = Integer.toString(server.id());
        for (String counter : List.of("new_", "end_", "in_", "out_")) {
            table.counter(counter + id);
        }
        String chain = "s_" + id;
        table.chain(chain, "");
        // What this machine opens itself is not forwarded, and its end not seen.
        table.rule(chain, "iif != 0 counter name new_" + id);
        director.remember(table, chain, server);
        String address = server.address().getHostAddress();
        String to = server.port().map(port -> (director.spec().isIpv6() ? "[" + address + "]" : address) + ":" + port).orElse(address);
        table.rule(chain, "meta l4proto tcp dnat " + director.ip() + " to " + to);
        for (int port : director.spec().ports()) {
            String tuple = director.address() + " . " + port + " . " + address + " . " + server.port().orElse(port);
            table.element("in" + director.suffix(), tuple, "\"in_" + id + "\"");
            table.element("out" + director.suffix(), tuple, "\"out_" + id + "\"");
            table.element("closes" + director.suffix(), tuple, "\"end_" + id + "\"");
            if (server.standing() == ServerPlan.Standing.CUT) {
                table.element("dead" + director.suffix(), tuple, "");
            }
        }
    }
}
