package net.lbd.l4.transparent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.l4.rules.TableOwner;

/**
 * The kernel's rules by which what servers answer to foreign addresses comes to this machine's sockets: packets that belong to a
 * transparent socket get a mark, and what bears the mark is taken for this machine's. Without them such packets are forwarded or
 * dropped, and connections time out. What is here bears names of our own, and can be made twice without harm. Used by one thread at a
 * time. Source: the kernel's Documentation/networking/tproxy.rst.
 */
public final class TransparentRouting {

    /** The table of nftables. */
    public static final String TABLE = "lbd_transparent";
    /** The mark of packets, and the number of the routing table: the letters LB. */
    static final int MARK = 0x4c42;

    private static final String RULE = "meta l4proto tcp socket transparent 1 meta mark set 0x" + Integer.toHexString(MARK) + " accept";
    private static final Pattern LOOKUP = Pattern.compile("\\blookup (\\S+)");
    private static final Pattern LOCAL_DEFAULT = Pattern.compile("(?m)^local (default|0\\.0\\.0\\.0/0|::/0) ");
    private static final List<String> OF_THE_SYSTEM = List.of("local", "main", "default");

    private final Commands commands;

    /** On this machine. */
    public TransparentRouting() {
        this(Commands.HERE);
    }

    TransparentRouting(Commands commands) {
        this.commands = Objects.requireNonNull(commands, "commands");
    }

    /** The commands that make it, for people, and for {@code lbctl preflight --apply}. */
    public static List<List<String>> byHand(boolean ipv6) {
        List<List<String>> all = new ArrayList<>();
        all.add(List.of("nft", "add table inet " + TABLE));
        all.add(List.of("nft", "add chain inet " + TABLE + " prerouting { type filter hook prerouting priority mangle; }"));
        all.add(List.of("nft", "add rule inet " + TABLE + " prerouting " + RULE));
        all.add(command(ipv6, "rule", "add", "fwmark", hex(), "lookup", table()));
        all.add(command(ipv6, "route", "replace", "local", "default", "dev", "lo", "table", table()));
        return all;
    }

    private static String hex() {
        return "0x" + Integer.toHexString(MARK);
    }

    private static String table() {
        return Integer.toString(MARK);
    }

    private static List<String> command(boolean ipv6, String... words) {
        List<String> all = new ArrayList<>(List.of("ip", ipv6 ? "-6" : "-4"));
        all.addAll(List.of(words));
        return all;
    }

    /** Whether a rule of anybody leads packets of this family to a routing table that takes all for this machine's. */
    public boolean isThere(boolean ipv6) {
        try {
            Matcher rules = LOOKUP.matcher(commands.run(command(ipv6, "rule", "show"), "").text());
            while (rules.find()) {
                if (!OF_THE_SYSTEM.contains(rules.group(1))
                        && LOCAL_DEFAULT.matcher(commands.run(command(ipv6, "route", "show", "table", rules.group(1)), "").text() + "\n").find()) {
                    return true;
                }
            }
            return false;
        } catch (IOException noProgram) {
            return false;
        }
    }

    /**
     * Makes it, or finds it made.
     *
     * @throws IOException with the program's own words, if it cannot be made
     */
    public void setUp(boolean ipv6) throws IOException {
        nft("add table inet " + TABLE + "\nadd counter inet " + TABLE + " " + TableOwner.counter() + "\nadd chain inet " + TABLE
                + " prerouting { type filter hook prerouting priority mangle; }\nflush chain inet " + TABLE + " prerouting\nadd rule inet "
                + TABLE + " prerouting " + RULE + "\n");
        if (!commands.run(command(ipv6, "rule", "show"), "").text().contains("fwmark " + hex() + " lookup " + table())) {
            must(command(ipv6, "rule", "add", "fwmark", hex(), "lookup", table()));
        }
        must(command(ipv6, "route", "replace", "local", "default", "dev", "lo", "table", table()));
    }

    /** Takes all of it away, unless another process of ours lives by it. */
    public void remove() throws IOException {
        String counters = commands.run(List.of("nft", "list", "counters", "table", "inet", TABLE), "").text();
        if (TableOwner.otherIn(counters).isPresent()) {
            nft("delete counter inet " + TABLE + " " + TableOwner.counter() + "\n");
            return;
        }
        nft("add table inet " + TABLE + "\ndelete table inet " + TABLE + "\n");
        for (boolean ipv6 : new boolean[] {false, true}) {
            if (commands.run(command(ipv6, "rule", "show"), "").text().contains("fwmark " + hex() + " lookup " + table())) {
                must(command(ipv6, "rule", "del", "fwmark", hex(), "lookup", table()));
                must(command(ipv6, "route", "flush", "table", table()));
            }
        }
    }

    private void nft(String script) throws IOException {
        Commands.Result result = commands.run(List.of("nft", "-f", "-"), script);
        if (result.code() != 0) {
            throw new IOException("nft: " + result.text().replace('\n', ' '));
        }
    }

    private void must(List<String> command) throws IOException {
        Commands.Result result = commands.run(command, "");
        if (result.code() != 0) {
            throw new IOException("'" + String.join(" ", command) + "': " + result.text().replace('\n', ' '));
        }
    }
}
