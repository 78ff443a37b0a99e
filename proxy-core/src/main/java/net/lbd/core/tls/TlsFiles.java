package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedTrustManager;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.model.Verify;

/**
 * All that the TLS of a bind or server needs from the configuration and its files, read and judged
 * without a TLS library: {@code lbd -c} must be able to tell what a start would stumble over, and must
 * not wait for Netty. Stateless; reads files.
 */
public final class TlsFiles {

    /** All three that there are: BoringSSL always offers them, whatever is asked for. */
    static final List<String> TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Of each curve every name that OpenSSL takes, and BoringSSL's own. */
    private static final Map<String, String> CURVES = Map.ofEntries(
            Map.entry("X25519", "X25519"), Map.entry("x25519", "X25519"),
            Map.entry("P-256", "P-256"), Map.entry("prime256v1", "P-256"), Map.entry("secp256r1", "P-256"),
            Map.entry("P-384", "P-384"), Map.entry("secp384r1", "P-384"),
            Map.entry("P-521", "P-521"), Map.entry("secp521r1", "P-521"));

    private TlsFiles() { }

    /**
     * Whether a {@code bind … ssl} line can be put into service.
     *
     * @return what of it is not carried out as written, in sentences
     * @throws TlsException if it cannot
     */
    public static List<String> checkBind(Settings settings, TlsSources sources) throws TlsException {
        checkLine(settings, sources);
        for (ServedLine line : certificates(settings)) {
            certificate(line, sources);
            if (line.settings() != settings) {
                checkListed(line, sources);
            }
        }
        sources.ticketKeys(settings.find(BindSettings.TLS_TICKET_KEYS));
        return notesOfBind(settings, sources);
    }

    /** An error tells the line of the list. */
    private static void checkListed(ServedLine line, TlsSources sources) throws TlsException {
        try {
            checkLine(line.settings(), sources);
        } catch (TlsException e) {
            throw line.told(e);
        }
    }

    private static void checkLine(Settings settings, TlsSources sources) throws TlsException {
        trustedClients(settings, sources);
        versions(settings, BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER);
        suites(settings, BindSettings.CIPHERS, BindSettings.SSL_MIN_VER);
        curves(settings);
    }

    /** What of a bind that can be put into service is not carried out as written. */
    public static List<String> notesOfBind(Settings settings, TlsSources sources) throws TlsException {
        List<String> notes = notes(settings, BindSettings.CIPHERS, BindSettings.CIPHERSUITES);
        settings.find(BindSettings.CURVES).ifPresent(list -> Stream.of(list.split(":"))
                .filter(curve -> !CURVES.containsKey(curve))
                .forEach(curve -> notes.add("'curves': there is no curve " + curve + "; it is left out")));
        for (ServedLine line : certificates(settings)) {
            if (certificate(line, sources).hasEndedAnswer(sources.parts())) {
                notes.add("the OCSP answer " + sources.parts().beside(line.path(), PemParts.OCSP) + " is no longer valid; it is not shown");
            }
            Path list = sources.parts().beside(line.path(), PemParts.SCTL);
            if (sources.parts().loads(PemParts.SCTL) && Files.exists(list)) {
                notes.add(list + " is not sent: BoringSSL as it is used here cannot; say so with 'ssl-load-extra-files ocsp issuer key'");
            }
        }
        return notes;
    }

    /** As {@link #checkBind}, for a {@code server … ssl} line. */
    public static List<String> checkServer(Settings settings, TlsSources sources) throws TlsException {
        if (!settings.find(ServerSettings.CA_FILE).orElse("").equals(TlsSources.SYSTEM)) {
            // The machine's own are many, and no matter of the configuration.
            trustedServers(settings, sources);
        }
        ownIdentity(settings, sources);
        versions(settings, ServerSettings.SSL_MIN_VER, ServerSettings.SSL_MAX_VER);
        suites(settings, ServerSettings.CIPHERS, ServerSettings.SSL_MIN_VER);
        return notesOfServer(settings);
    }

    /** As {@link #notesOfBind}, of a server. */
    public static List<String> notesOfServer(Settings settings) {
        return notes(settings, ServerSettings.CIPHERS, ServerSettings.CIPHERSUITES);
    }

    /** The certificates of a bind; at least one. The first is the default. */
    static List<ServedLine> certificates(Settings bind) throws TlsException {
        List<ServedLine> plain = new ArrayList<>();
        for (Path file : certificatePaths(bind.get(BindSettings.CRT))) {
            plain.add(new ServedLine(file, bind, List.of(), Optional.empty()));
        }
        CertificateList list = bind.get(BindSettings.CRT_LIST);
        List<ServedLine> listed = new ArrayList<>();
        for (CertificateList.Line line : list.lines()) {
            for (Path file : certificatePaths(StringList.of(line.path()))) {
                listed.add(ServedLine.of(bind, line, file));
            }
        }
        List<ServedLine> all = new ArrayList<>(list.isFirst() ? listed : plain);
        all.addAll(list.isFirst() ? plain : listed);
        if (all.isEmpty()) {
            throw new TlsException("'ssl' needs a certificate: add 'crt FILE'");
        }
        return all;
    }

    /** The certificate of a line and its key; an error tells the line. */
    static PemFile certificate(ServedLine line, TlsSources sources) throws TlsException {
        try {
            return sources.certificate(line.path());
        } catch (TlsException e) {
            throw line.told(e);
        }
    }

    /** A file stands for itself, a folder for its files in the order of their names. */
    private static List<Path> certificatePaths(StringList names) throws TlsException {
        List<Path> files = new ArrayList<>();
        for (String name : names.values()) {
            Path path = Path.of(name);
            List<Path> named = Files.isDirectory(path) ? filesOf(path) : List.of(path);
            if (named.isEmpty()) {
                throw new TlsException("the folder " + path + " holds no certificate");
            }
            files.addAll(named);
        }
        return files;
    }

    /** The certificates of a folder. */
    static List<Path> filesOf(Path folder) throws TlsException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile).filter(p -> !PemParts.belongsToAnother(p))
                    .filter(p -> !p.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new TlsException("cannot list the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** What checks the clients of a bind; empty if they are not checked. */
    static Optional<ClientJudge> trustedClients(Settings bind, TlsSources sources) throws TlsException {
        if (bind.get(BindSettings.VERIFY) == Verify.NONE) {
            return Optional.empty();
        }
        Optional<String> named = bind.find(BindSettings.CA_FILE);
        Optional<String> unnamed = bind.find(BindSettings.CA_VERIFY_FILE);
        if (named.isEmpty() && unnamed.isEmpty()) {
            throw new TlsException("'verify' needs the authorities to trust: add 'ca-file FILE'");
        }
        List<X509Certificate> told = named.isPresent() ? sources.authorities(named.get()) : List.of();
        List<X509Certificate> all = new ArrayList<>(told);
        if (unnamed.isPresent()) {
            all.addAll(sources.authorities(unnamed.get()));
        }
        return Optional.of(new ClientJudge(all, revoked(bind.find(BindSettings.CRL_FILE), sources),
                bind.get(BindSettings.NO_CA_NAMES) ? List.of() : told,
                bind.get(BindSettings.CRT_IGNORE_ERR), bind.get(BindSettings.CA_IGNORE_ERR)));
    }

    /** What checks a server; empty if it is not checked. */
    static Optional<X509ExtendedTrustManager> trustedServers(Settings server, TlsSources sources) throws TlsException {
        if (server.get(ServerSettings.VERIFY) == Verify.NONE) {
            return Optional.empty();
        }
        String file = server.find(ServerSettings.CA_FILE).orElseThrow(() -> new TlsException(
                "'ssl' needs the authorities to trust: add 'ca-file FILE' or 'ca-file @system-ca', or 'verify none'"));
        return Optional.of(SystemAuthorities.manager(sources.authorities(file), revoked(server.find(ServerSettings.CRL_FILE), sources)));
    }

    private static List<X509CRL> revoked(Optional<String> file, TlsSources sources) throws TlsException {
        return file.isEmpty() ? List.of() : sources.revoked(file.get());
    }

    /** What is shown to a server that asks who we are. */
    static Optional<PemFile> ownIdentity(Settings server, TlsSources sources) throws TlsException {
        Optional<String> file = server.find(ServerSettings.CRT);
        return file.isEmpty() ? Optional.empty() : Optional.of(sources.certificate(Path.of(file.get())));
    }

    /** The versions to speak, by their names in Java; at least one. */
    static List<String> versions(Settings settings, Setting<TlsVersion> lowest, Setting<TlsVersion> highest)
            throws TlsException {
        TlsVersion min = settings.get(lowest);
        TlsVersion max = settings.get(highest);
        List<String> versions = Arrays.stream(TlsVersion.values())
                .filter(v -> v.compareTo(min) >= 0 && v.compareTo(max) <= 0).map(TlsVersion::javaName).toList();
        if (versions.isEmpty()) {
            throw new TlsException("ssl-min-ver " + min.keyword() + " is above ssl-max-ver " + max.keyword());
        }
        return versions;
    }

    /** The suites of TLS 1.2 and older to offer, best first. */
    static List<String> suites(Settings settings, Setting<String> ciphers, Setting<TlsVersion> lowest)
            throws TlsException {
        Optional<String> list = settings.find(ciphers);
        if (list.isEmpty()) {
            return ciphers == ServerSettings.CIPHERS ? CipherSuites.forServers().names()
                    : CipherSuites.byDefault(settings.get(lowest).compareTo(TlsVersion.TLS_1_2) < 0).names();
        }
        List<String> suites = CipherSuites.read(list.get()).names();
        if (suites.isEmpty()) {
            throw new TlsException("'ciphers " + list.get() + "' leaves no suite that lbd knows");
        }
        return suites;
    }

    /** The curves to offer, best first, by BoringSSL's names; empty leaves the choice to it. */
    static List<String> curves(Settings bind) throws TlsException {
        Optional<String> list = bind.find(BindSettings.CURVES);
        if (list.isEmpty()) {
            return List.of();
        }
        List<String> known = Stream.of(list.get().split(":")).filter(CURVES::containsKey).map(CURVES::get).distinct().toList();
        if (known.isEmpty()) {
            throw new TlsException("'curves " + list.get() + "' leaves no curve that lbd knows; use "
                    + String.join(", ", new TreeSet<>(CURVES.values())));
        }
        return known;
    }

    private static List<String> notes(Settings settings, Setting<String> ciphers, Setting<String> ciphersuites) {
        List<String> notes = new ArrayList<>();
        settings.find(ciphers).map(CipherSuites::read).filter(read -> !read.leftOut().isEmpty()).ifPresent(read ->
                notes.add("'ciphers': there is no suite for " + String.join(", ", read.leftOut())
                        + "; " + (read.leftOut().size() == 1 ? "it is" : "they are") + " left out"));
        settings.find(ciphersuites).map(list -> List.of(list.split("[:, ]+")))
                .filter(suites -> !suites.containsAll(TLS13) || !TLS13.containsAll(suites))
                .ifPresent(suites -> notes.add("'ciphersuites " + String.join(":", suites)
                        + "' has no effect: lbd always offers " + String.join(", ", TLS13)));
        return notes;
    }
}
