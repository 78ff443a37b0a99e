package net.lbd.l4;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code nft list counters} prints. Stateless. */
final class CounterList {

    private static final Pattern COUNTER = Pattern.compile("counter (\\w+) \\{[^}]*?packets (\\d+) bytes (\\d+)");

    private CounterList() { }

    /** Packets and bytes by the counter's name. */
    static Map<String, long[]> read(String text) {
        Map<String, long[]> counters = new HashMap<>();
        Matcher matcher = COUNTER.matcher(text);
        while (matcher.find()) {
            counters.put(matcher.group(1), new long[] {Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))});
        }
        return counters;
    }
}
