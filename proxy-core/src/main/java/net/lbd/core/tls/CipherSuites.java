package net.lbd.core.tls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A list of cipher suites for TLS 1.2 and older as OpenSSL writes it ({@code ciphers}), carried out over
 * the suites that BoringSSL has. Netty would leave such names out without a word, and then offer every
 * suite there is. Immutable. Source: openssl-ciphers(1), "CIPHER LIST FORMAT".
 *
 * @param names what is left, best first, by their names of the IANA registry, which both engines take
 * @param leftOut words of the list that stand for nothing here, such as suites with finite-field
 *     Diffie-Hellman
 */
public record CipherSuites(List<String> names, List<String> leftOut) {

    /** One suite and the words of a list that mean it. */
    private record Suite(String openSsl, String iana, int bits, Set<String> words) { }

    /** Those of BoringSSL but for pre-shared keys, in the order that OpenSSL's {@code ALL} has. */
    private static final List<Suite> ALL = List.of(
            suite("ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
            suite("ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            suite("ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
            suite("ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
            suite("ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
            suite("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            suite("ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
            suite("ECDHE-RSA-AES256-SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
            suite("ECDHE-ECDSA-AES128-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
            suite("ECDHE-RSA-AES128-SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
            suite("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
            suite("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"),
            suite("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
            suite("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"));

    /** Forward secrecy and authenticated encryption only: the default of the field's hardening guides. */
    private static final List<String> DEFAULT = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    /** TLS 1.1 and older know no authenticated encryption: without these nobody could speak them. */
    private static final List<String> DEFAULT_BEFORE_12 = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");

    private static final Map<String, String> OPENSSL_NAMES =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Suite::iana, Suite::openSsl));

    /** How OpenSSL names a suite of the IANA registry, as HAProxy logs it; for those of TLS 1.3 the names are one. */
    public static String openSslName(String iana) {
        return OPENSSL_NAMES.getOrDefault(iana, iana);
    }

    public CipherSuites {
        names = List.copyOf(names);
        leftOut = List.copyOf(leftOut);
    }

    /** What clients may have if the configuration says nothing. */
    static CipherSuites byDefault(boolean beforeTls12) {
        List<String> names = new ArrayList<>(DEFAULT);
        if (beforeTls12) {
            names.addAll(DEFAULT_BEFORE_12);
        }
        return new CipherSuites(names, List.of());
    }

    /**
     * What servers are offered if the configuration says nothing: everything, the best first. A server chooses what it likes best of
     * it, and Exchange on Windows Server before 2016 has neither GCM nor ChaCha20 with elliptic curves and an RSA certificate.
     */
    static CipherSuites forServers() {
        Set<String> names = new LinkedHashSet<>(DEFAULT);
        ALL.forEach(suite -> names.add(suite.iana));
        return new CipherSuites(List.copyOf(names), List.of());
    }

    /** Carries out a list; nothing may be left. */
    static CipherSuites read(String list) {
        Map<String, Suite> chosen = new LinkedHashMap<>();
        Set<String> killed = new HashSet<>();
        List<String> leftOut = new ArrayList<>();
        for (String word : list.trim().split("[:, ]+")) {
            char operator = word.isEmpty() ? ' ' : word.charAt(0);
            List<Suite> meant = "!-+".indexOf(operator) < 0 ? meant(word) : meant(word.substring(1));
            switch (operator) {
                case '!' -> meant.forEach(s -> {
                    killed.add(s.openSsl);
                    chosen.remove(s.openSsl);
                });
                case '-' -> meant.forEach(s -> chosen.remove(s.openSsl));
                case '+' -> meant.forEach(s -> Optional.ofNullable(chosen.remove(s.openSsl))
                        .ifPresent(removed -> chosen.put(s.openSsl, removed)));
                case '@' -> {
                    if (word.equals("@STRENGTH")) {
                        byStrength(chosen);
                    } else {
                        leftOut.add(word);
                    }
                }
                default -> {
                    if (meant.isEmpty()) {
                        leftOut.add(word);
                    }
                    meant.stream().filter(s -> !killed.contains(s.openSsl))
                            .forEach(s -> chosen.putIfAbsent(s.openSsl, s));
                }
            }
        }
        return new CipherSuites(chosen.values().stream().map(Suite::iana).toList(), leftOut);
    }

    /** How many bits the keys of a cipher have, by its OpenSSL name; 0 if it is not known. */
    public static int keyBits(String openSslName) {
        return openSslName.isEmpty() ? 0 : openSslName.contains("AES128") || openSslName.contains("AES_128") ? 128
                : openSslName.contains("3DES") ? 168 : 256;
    }

    private static void byStrength(Map<String, Suite> chosen) {
        List<Suite> sorted = new ArrayList<>(chosen.values());
        sorted.sort(Comparator.comparingInt(Suite::bits).reversed());
        chosen.clear();
        sorted.forEach(s -> chosen.put(s.openSsl, s));
    }

    /** A name, or words that must all hold, joined by {@code +}. */
    private static List<Suite> meant(String word) {
        List<String> parts = List.of(word.split("\\+"));
        return ALL.stream()
                .filter(s -> s.openSsl.equals(word) || s.iana.equals(word) || s.words.containsAll(parts))
                .toList();
    }

    private static Suite suite(String openSsl, String iana) {
        Set<String> words = new HashSet<>();
        Collections.addAll(words, "ALL", "DEFAULT", "HIGH");
        boolean ephemeral = openSsl.startsWith("ECDHE-");
        Collections.addAll(words, ephemeral
                ? new String[] {"kECDHE", "kEECDH", "ECDHE", "EECDH", "ECDH"}
                : new String[] {"kRSA", "RSA"});
        Collections.addAll(words, openSsl.contains("ECDSA") ? new String[] {"aECDSA", "ECDSA"} : new String[] {"aRSA"});
        boolean strong = !openSsl.contains("AES128");
        if (openSsl.contains("CHACHA20")) {
            words.add("CHACHA20");
        } else {
            Collections.addAll(words, "AES", strong ? "AES256" : "AES128");
        }
        if (openSsl.contains("GCM")) {
            words.add("AESGCM");
        }
        if (openSsl.endsWith("-SHA")) {
            Collections.addAll(words, "SHA", "SHA1");
            Collections.addAll(words, ephemeral ? new String[] {"TLSv1", "TLSv1.0"} : new String[] {"SSLv3"});
        } else {
            words.add("TLSv1.2");
        }
        return new Suite(openSsl, iana, strong ? 256 : 128, words);
    }
}
