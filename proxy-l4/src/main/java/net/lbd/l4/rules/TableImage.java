package net.lbd.l4.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One table of nftables as it is to be. Immutable; made by a {@link Builder}.
 *
 * <p>{@link #changesFrom} writes differences only: an element that stays is never taken out and put back, and a chain whose rules
 * stay is left alone. While a change is committed a packet may still run the rule that the change replaces, and find the set of
 * that rule empty; so whoever makes a chain must end it with a rule that looks nothing up.
 */
public final class TableImage {

    private final String family;
    private final String name;
    /** {@code counter x}, {@code map y} or {@code set z}, and what stands behind it. */
    private final Map<String, String> objects;
    private final Map<String, Chain> chains;
    /** By set or map: what stands before the colon, and what behind it; empty in a set. */
    private final Map<String, Map<String, String>> elements;

    /** @param header of a chain that the kernel calls; empty for others */
    private record Chain(String header, List<String> rules) { }

    private TableImage(Builder builder) {
        this.family = builder.family;
        this.name = builder.name;
        this.objects = builder.objects;
        this.elements = builder.elements;
        this.chains = new LinkedHashMap<>();
        builder.rules.forEach((chain, rules) -> chains.put(chain, new Chain(builder.headers.getOrDefault(chain, ""), List.copyOf(rules))));
    }

    /** Collects a table; used by one thread. */
    public static final class Builder {
        private final String family;
        private final String name;
        private final Map<String, String> objects = new LinkedHashMap<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, List<String>> rules = new LinkedHashMap<>();
        private final Map<String, Map<String, String>> elements = new LinkedHashMap<>();

        public Builder(String family, String name) {
            this.family = Objects.requireNonNull(family, "family");
            this.name = Objects.requireNonNull(name, "name");
        }

        public Builder counter(String counter) {
            objects.put("counter " + counter, "");
            return this;
        }

        /** @param kind {@code set} or {@code map} */
        public Builder collection(String kind, String collection, String declaration) {
            objects.put(kind + " " + collection, " { " + declaration + " }");
            elements.putIfAbsent(collection, new LinkedHashMap<>());
            return this;
        }

        /** @param header such as {@code type filter hook forward priority 0; policy accept;}; empty: only others lead here */
        public Builder chain(String chain, String header) {
            headers.put(chain, header);
            rules.putIfAbsent(chain, new ArrayList<>());
            return this;
        }

        public Builder rule(String chain, String rule) {
            rules.get(chain).add(rule);
            return this;
        }

        public Builder element(String collection, String key, String value) {
            elements.get(collection).put(key, value);
            return this;
        }

        public TableImage build() {
            return new TableImage(this);
        }
    }

    /** {@code inet lbd}, as commands name it. */
    public String title() {
        return family + " " + name;
    }

    /** Takes the table away, whether it is there or not. */
    public String removal() {
        return "add table " + title() + "\ndelete table " + title() + "\n";
    }

    /**
     * The commands of one transaction that lead from another image to this one, parted by line ends; empty if there is nothing to
     * do.
     *
     * @param before what the kernel has; empty: nobody knows, and whatever bears the name is replaced
     */
    public String changesFrom(Optional<TableImage> before) {
        StringBuilder out = new StringBuilder();
        if (before.isEmpty()) {
            out.append(removal()).append("add table ").append(title()).append('\n');
        }
        TableImage old = before.orElseGet(() -> new Builder(family, name).build());
        removeElements(out, old);
        declare(out, old);
        writeRules(out, old);
        addElements(out, old);
        removeLeftovers(out, old);
        return out.toString();
    }

    private void line(StringBuilder out, String verb, String what) {
        out.append(verb).append(' ').append(what).append('\n');
    }

    private String in(String kindAndName) {
        int blank = kindAndName.indexOf(' ');
        return kindAndName.substring(0, blank) + " " + title() + kindAndName.substring(blank);
    }

    private boolean staysCollection(String collection) {
        return elements.containsKey(collection);
    }

    /** Elements may lead to chains and counters that go. */
    private void removeElements(StringBuilder out, TableImage old) {
        old.elements.forEach((collection, entries) -> {
            if (!staysCollection(collection)) {
                return;
            }
            Map<String, String> now = elements.get(collection);
            List<String> gone = new ArrayList<>();
            entries.forEach((key, value) -> {
                if (!value.equals(now.get(key))) {
                    gone.add(value.isEmpty() ? key : key + " : " + value);
                }
            });
            if (!gone.isEmpty()) {
                line(out, "delete element", title() + " " + collection + " { " + String.join(", ", gone) + " }");
            }
        });
    }

    private void declare(StringBuilder out, TableImage old) {
        objects.forEach((object, declaration) -> {
            if (!old.objects.containsKey(object)) {
                line(out, "add", in(object) + declaration);
            }
        });
        old.chains.forEach((chain, was) -> {
            Chain now = chains.get(chain);
            if (now != null && !now.header.equals(was.header)) {
                line(out, "flush chain", title() + " " + chain);
                line(out, "delete chain", title() + " " + chain);
            }
        });
        chains.forEach((chain, now) -> {
            Chain was = old.chains.get(chain);
            if (was == null || !was.header.equals(now.header)) {
                line(out, "add chain", title() + " " + chain + (now.header.isEmpty() ? "" : " { " + now.header + " }"));
            }
        });
    }

    private void writeRules(StringBuilder out, TableImage old) {
        chains.forEach((chain, now) -> {
            Chain was = old.chains.get(chain);
            boolean anew = was == null || !was.header.equals(now.header);
            if (!anew && was.rules.equals(now.rules)) {
                return;
            }
            if (!anew && !was.rules.isEmpty()) {
                line(out, "flush chain", title() + " " + chain);
            }
            now.rules.forEach(rule -> line(out, "add rule", title() + " " + chain + " " + rule));
        });
    }

    private void addElements(StringBuilder out, TableImage old) {
        elements.forEach((collection, entries) -> {
            Map<String, String> had = old.elements.getOrDefault(collection, Map.of());
            List<String> fresh = new ArrayList<>();
            entries.forEach((key, value) -> {
                if (!value.equals(had.get(key))) {
                    fresh.add(value.isEmpty() ? key : key + " : " + value);
                }
            });
            if (!fresh.isEmpty()) {
                line(out, "add element", title() + " " + collection + " { " + String.join(", ", fresh) + " }");
            }
        });
    }

    private void removeLeftovers(StringBuilder out, TableImage old) {
        old.chains.keySet().stream().filter(chain -> !chains.containsKey(chain)).forEach(
                chain -> line(out, "flush chain", title() + " " + chain));
        old.chains.keySet().stream().filter(chain -> !chains.containsKey(chain)).forEach(
                chain -> line(out, "delete chain", title() + " " + chain));
        old.objects.keySet().stream().filter(object -> !objects.containsKey(object) && !object.startsWith("counter ")).forEach(
                object -> line(out, "delete", in(object)));
        // Maps hold counters until they are gone themselves.
        old.objects.keySet().stream().filter(object -> !objects.containsKey(object) && object.startsWith("counter ")).forEach(
                object -> line(out, "delete", in(object)));
    }
}
