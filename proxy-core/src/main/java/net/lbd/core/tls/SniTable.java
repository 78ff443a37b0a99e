package net.lbd.core.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the certificate for what a client offers: by the whole name, else by the name with its first label replaced by
 * {@code *}, else the default one. For each name an ECDSA certificate goes before one with an RSA key if the client takes
 * it. Immutable. Source: HAProxy manual, "crt", "crt-list", "strict-sni".
 *
 * @param <C> what stands for a certificate
 */
final class SniTable<C> {

    /** A certificate, the kind of its key, and the names that it is for. */
    record Entry<C>(C certificate, boolean ecdsa, List<String> names, List<String> excluded) {
        Entry {
            names = List.copyOf(names);
            excluded = List.copyOf(excluded);
        }
    }

    /** The first certificate of each kind; of two for one name and kind the first counts. */
    private static final class Pair<C> {
        private Entry<C> ecdsa;
        private Entry<C> rsa;

        private void add(Entry<C> entry) {
            if (entry.ecdsa && ecdsa == null) {
                ecdsa = entry;
            } else if (!entry.ecdsa && rsa == null) {
                rsa = entry;
            }
        }

        private C choose(ClientOffer offer) {
            if (ecdsa != null && (offer.takesEcdsa() || rsa == null)) {
                return ecdsa.certificate;
            }
            return rsa.certificate;
        }
    }

    private final Map<String, Pair<C>> exact = new HashMap<>();
    private final Map<String, List<Entry<C>>> wildcard = new HashMap<>();
    private final Pair<C> byDefault = new Pair<>();
    private final boolean strict;
    private final boolean needsOffer;
    private final Entry<C> first;

    /**
     * @param entries at least one, in the order of the configuration; the first is the default
     * @param strict a name that no certificate is for, and no name, are refused
     */
    SniTable(List<Entry<C>> entries, boolean strict) {
        this.strict = strict;
        this.first = entries.get(0);
        this.needsOffer = strict || entries.size() > 1;
        for (Entry<C> entry : entries) {
            for (String name : entry.names) {
                String lower = name.toLowerCase(Locale.ROOT);
                if (lower.startsWith("*.")) {
                    wildcard.computeIfAbsent(lower.substring(1), n -> new ArrayList<>()).add(entry);
                } else if (lower.equals("*")) {
                    wildcard.computeIfAbsent("", n -> new ArrayList<>()).add(entry);
                } else if (!entry.excluded.contains(lower)) {
                    exact.computeIfAbsent(lower, n -> new Pair<>()).add(entry);
                }
            }
        }
        byDefault.add(first);
        // One that is for the same names with a key of the other kind stands in for the default as well.
        entries.stream().filter(e -> e.ecdsa != first.ecdsa && e.names.equals(first.names)).findFirst().ifPresent(byDefault::add);
    }

    /** Whether it matters what the client offers. */
    boolean needsOffer() {
        return needsOffer;
    }

    /** The default certificate. */
    C first() {
        return first.certificate;
    }

    /** Empty if there is none for it, which only {@code strict-sni} leads to. */
    Optional<C> find(ClientOffer offer) {
        String name = offer.name();
        Pair<C> whole = exact.get(name);
        if (whole != null && !name.isEmpty()) {
            return Optional.of(whole.choose(offer));
        }
        int dot = name.indexOf('.');
        if (dot > 0) {
            Optional<C> wild = among(wildcard.get(name.substring(dot)), name, offer);
            if (wild.isPresent()) {
                return wild;
            }
        }
        Optional<C> any = name.isEmpty() ? Optional.empty() : among(wildcard.get(""), name, offer);
        return any.isPresent() || strict ? any : Optional.of(byDefault.choose(offer));
    }

    private static <C> Optional<C> among(List<Entry<C>> entries, String name, ClientOffer offer) {
        if (entries == null) {
            return Optional.empty();
        }
        Pair<C> pair = new Pair<>();
        for (Entry<C> entry : entries) {
            if (!entry.excluded.contains(name)) {
                pair.add(entry);
            }
        }
        return pair.ecdsa == null && pair.rsa == null ? Optional.empty() : Optional.of(pair.choose(offer));
    }
}
