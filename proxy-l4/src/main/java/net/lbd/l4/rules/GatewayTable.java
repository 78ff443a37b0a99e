package net.lbd.l4.rules;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The table of directors in mode gateway. Stateless. Packets are taken where they come in and passed on to the server's MAC
 * address, which the kernel finds; answers do not come back, so that connection tracking would see half of each connection.
 * Instead {@code @flows} remembers the server of a flow, by a hash of its addresses and ports:
 *
 * <pre>
 * packet                          entry                what happens
 * any                             none                 a server is chosen and remembered for 15 minutes
 * SYN                             of a serving server  goes there
 * SYN                             other, or closing    a server is chosen
 * other                           open                 goes there, and the 15 minutes begin anew
 * first FIN or RST                open                 counted; the entry is closing and stays for a minute
 * other                           of a server cut off  the client is reset
 * </pre>
 *
 * Two flows of one hash share an entry; with 100,000 flows that is one in 20,000.
 */
public final class GatewayTable {

    private static final String CLOSING = "0x8000";
    private static final String OPEN_FOR = "15m";
    private static final String CLOSING_FOR = "60s";

    private GatewayTable() { }

    /**
     * @param directors those in mode gateway
     * @param entrances the interfaces where packets of each director's clients come in
     * @param exits the interface that leads to each server, by its id
     */
    public static TableImage of(String name, List<DirectorPlan> directors, Map<Integer, List<String>> entrances, Map<Integer, String> exits) {
        TableImage.Builder table = new TableImage.Builder("netdev", name);
        table.counter(TableOwner.counter());
        // Keys have the highest bit set, ids of servers have not.
        table.collection("map", "flows", "type mark : mark; flags dynamic,timeout; timeout " + OPEN_FOR + "; size 1048576;");
        table.collection("map", "serving", "type mark : verdict;");
        table.collection("map", "connected", "type mark : verdict;");
        table.collection("map", "closes", "type mark : counter;");
        String devices = entrances.values().stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new)).stream()
                .map(device -> "\"" + device + "\"").collect(Collectors.joining(", "));
        if (!devices.isEmpty()) {
            table.chain("ingress", "type filter hook ingress devices = { " + devices + " } priority -150; policy accept;");
        }
        for (String suffix : List.of("4", "6")) {
            String ip = suffix.equals("4") ? "ip" : "ip6";
            table.collection("map", "vip" + suffix, "type " + (suffix.equals("4") ? "ipv4_addr" : "ipv6_addr") + " . inet_service : verdict;");
            if (!devices.isEmpty()) {
                table.rule("ingress", ip + " daddr . tcp dport vmap @vip" + suffix);
            }
            known(table, ip, suffix);
        }
        for (DirectorPlan director : directors) {
            director(table, director, exits);
        }
        return table.build();
    }

    private static String key(String ip) {
        return "jhash " + ip + " saddr . tcp sport . " + ip + " daddr . tcp dport mod 2147483648 seed " + Shares.SEED + " offset 2147483648";
    }

    /** What happens to packets of flows that are known; the mark holds what is known. */
    private static void known(TableImage.Builder table, String ip, String suffix) {
        String close = "close" + suffix;
        table.chain(close, "");
        table.rule(close, "counter name meta mark map @closes");
        table.rule(close, "meta mark set meta mark | " + CLOSING);
        table.rule(close, "delete @flows { " + key(ip) + " : 0x0 }");
        table.rule(close, "add @flows { " + key(ip) + " timeout " + CLOSING_FOR + " : meta mark }");
        String open = "open" + suffix;
        table.chain(open, "");
        table.rule(open, "tcp flags & (fin | rst) != 0 goto " + close);
        table.rule(open, "update @flows { " + key(ip) + " timeout " + OPEN_FOR + " : meta mark }");
    }

    private static void director(TableImage.Builder table, DirectorPlan director, Map<Integer, String> exits) {
        String choose = "new_" + director.id();
        String chain = "d_" + director.id();
        table.chain(choose, "");
        table.chain(chain, "");
        for (ServerPlan server : director.servers()) {
            server(table, director, server, exits.get(server.id()));
        }
        director.choice(table, choose, "n_");
        table.rule(choose, "meta mark set 0x0");
        director.admission(table, chain);
        String syn = "tcp flags & (fin | syn | rst | ack) == syn ";
        table.rule(chain, "meta mark set " + key(director.ip()));
        table.rule(chain, "meta mark set meta mark map @flows");
        table.rule(chain, "meta mark >= 0x80000000 goto " + choose);
        table.rule(chain, syn + "meta mark vmap @serving");
        table.rule(chain, syn + "goto " + choose);
        table.rule(chain, "meta mark & " + CLOSING + " == 0 jump open" + director.suffix());
        table.rule(chain, "meta mark set meta mark & 0x7fff");
        table.rule(chain, "meta mark vmap @connected");
        table.rule(chain, "meta l4proto tcp reject with tcp reset");
        for (int port : director.spec().ports()) {
            table.element("vip" + director.suffix(), director.address() + " . " + port, "goto " + chain);
        }
    }

    private static void server(TableImage.Builder table, DirectorPlan director, ServerPlan server, String exit) {
        String id = Integer.toString(server.id());
        for (String counter : List.of("new_", "end_", "in_")) {
            table.counter(counter + id);
        }
        String pass = "s_" + id;
        table.chain(pass, "");
        table.rule(pass, "counter name in_" + id);
        table.rule(pass, "meta mark set 0x0");
        table.rule(pass, "fwd " + director.ip() + " to " + server.address().getHostAddress() + " device \"" + exit + "\"");
        String begin = "n_" + id;
        table.chain(begin, "");
        table.rule(begin, "tcp flags & (fin | syn | rst | ack) == syn counter name new_" + id);
        director.remember(table, begin, server);
        table.rule(begin, "delete @flows { " + key(director.ip()) + " : 0x0 }");
        table.rule(begin, "add @flows { " + key(director.ip()) + " timeout " + OPEN_FOR + " : " + mark(server) + " }");
        table.rule(begin, "goto " + pass);
        table.element("closes", mark(server), "\"end_" + id + "\"");
        if (server.takesNew()) {
            table.element("serving", mark(server), "goto " + pass);
        }
        if (server.standing() != ServerPlan.Standing.CUT) {
            table.element("connected", mark(server), "goto " + pass);
        }
    }

    private static String mark(ServerPlan server) {
        return String.format("0x%x", server.id());
    }
}
