package net.lbd.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StringList;

/**
 * What the files hold that TLS is made from, each read once, and who is made from them. Of one configuration: a reload reads
 * everything anew. Not thread-safe: used by the thread that builds a configuration, then under the store's lock.
 */
public final class TlsSources {

    /** Stands in {@code ca-file} for the authorities that the machine trusts. */
    static final String SYSTEM = "@system-ca";

    private final TlsTuning tuning;
    private final PemParts parts;
    private final TicketKeys ownKeys;
    private final Map<String, PemFile> certificates;
    private final Map<String, List<X509Certificate>> authorities;
    private final Map<String, List<X509CRL>> revoked;
    private final Map<String, TicketKeys> ticketFiles;
    private final List<TlsUser> users;

    private TlsSources(TlsTuning tuning, PemParts parts, TicketKeys ownKeys) {
        this.tuning = tuning;
        this.parts = parts;
        this.ownKeys = ownKeys;
        this.certificates = new TreeMap<>();
        this.authorities = new TreeMap<>();
        this.revoked = new TreeMap<>();
        this.ticketFiles = new LinkedHashMap<>();
        this.users = new ArrayList<>();
    }

    private TlsSources(TlsSources other) {
        this.tuning = other.tuning;
        this.parts = other.parts;
        this.ownKeys = other.ownKeys;
        this.certificates = new TreeMap<>(other.certificates);
        this.authorities = new TreeMap<>(other.authorities);
        this.revoked = new TreeMap<>(other.revoked);
        this.ticketFiles = other.ticketFiles;
        this.users = other.users;
    }

    /** For what stands alone: settings of {@code global} are those of none, and tickets are read by nobody else. */
    public static TlsSources alone() {
        return new TlsSources(TlsTuning.of(Settings.EMPTY), PemParts.ALL, TicketKeys.random());
    }

    /** For a check: as {@link CertificateStore#read}, without a store, whose log a check has no use for. */
    public static TlsSources toCheck(Settings global) throws TlsException {
        return of(global, TicketKeys.ofCheck());
    }

    /** As {@link #toCheck}, where the settings themselves are wrong. */
    public static TlsSources toCheckAlone() {
        return new TlsSources(TlsTuning.of(Settings.EMPTY), PemParts.ALL, TicketKeys.ofCheck());
    }

    /** With nothing read yet, but the folder of {@code issuers-chain-path}. */
    static TlsSources of(Settings global, TicketKeys ownKeys) throws TlsException {
        Set<String> loaded = new HashSet<>();
        StringList extra = global.get(GlobalSettings.SSL_LOAD_EXTRA_FILES);
        Stream.of(PemParts.KEY, PemParts.ISSUER, PemParts.OCSP, PemParts.SCTL)
                .filter(ending -> extra.values().contains("all") || extra.values().contains(ending.substring(1))).forEach(loaded::add);
        List<List<X509Certificate>> issuers = global.find(GlobalSettings.ISSUERS_CHAIN_PATH).isPresent()
                ? PemParts.chains(Path.of(global.get(GlobalSettings.ISSUERS_CHAIN_PATH))) : List.of();
        return new TlsSources(TlsTuning.of(global), new PemParts(loaded, global.get(GlobalSettings.SSL_LOAD_EXTRA_DEL_EXT), issuers,
                global.get(GlobalSettings.SSL_SKIP_SELF_ISSUED_CA)), ownKeys);
    }

    /** One that can be changed without changing this; files of ticket keys and users are the same. */
    TlsSources copy() {
        return new TlsSources(this);
    }

    TlsTuning tuning() {
        return tuning;
    }

    PemParts parts() {
        return parts;
    }

    List<TlsUser> users() {
        return users;
    }

    /** Files are told to change to it from now on. */
    void add(TlsUser user) {
        users.add(user);
    }

    // ---- what the files hold

    /** A certificate with its key. */
    PemFile certificate(Path file) throws TlsException {
        PemFile known = certificates.get(file.toString());
        if (known == null) {
            known = PemFile.readWithKey(file, parts);
            certificates.put(file.toString(), known);
        }
        return known;
    }

    Map<String, PemFile> certificates() {
        return certificates;
    }

    /** The certificates of a file, of all files of a folder, or of the machine. */
    List<X509Certificate> authorities(String name) throws TlsException {
        List<X509Certificate> known = authorities.get(name);
        if (known == null) {
            known = readAuthorities(name);
            authorities.put(name, known);
        }
        return known;
    }

    Map<String, List<X509Certificate>> authorities() {
        return authorities;
    }

    static List<X509Certificate> readAuthorities(String name) throws TlsException {
        if (name.equals(SYSTEM)) {
            return SystemAuthorities.bundle();
        }
        if (name.startsWith("@")) {
            throw new TlsException("'ca-file " + name + "': the only name of this kind is " + SYSTEM);
        }
        Path path = Path.of(name);
        if (!Files.isDirectory(path)) {
            return PemFile.readCertificates(path);
        }
        List<X509Certificate> all = new ArrayList<>();
        for (Path file : TlsFiles.filesOf(path)) {
            all.addAll(PemFile.readCertificates(file));
        }
        if (all.isEmpty()) {
            throw new TlsException("the folder " + path + " holds no certificate");
        }
        return all;
    }

    /** The lists of revoked certificates of a file. */
    List<X509CRL> revoked(String name) throws TlsException {
        List<X509CRL> known = revoked.get(name);
        if (known == null) {
            known = readRevoked(name);
            revoked.put(name, known);
        }
        return known;
    }

    Map<String, List<X509CRL>> revoked() {
        return revoked;
    }

    static List<X509CRL> readRevoked(String name) throws TlsException {
        try {
            return revoked(name, Files.readAllBytes(Path.of(name)));
        } catch (IOException e) {
            throw new TlsException("cannot use the list of revoked certificates " + name + ": " + e.getMessage(), e);
        }
    }

    /** @param name for messages */
    static List<X509CRL> revoked(String name, String text) throws TlsException {
        return revoked(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<X509CRL> revoked(String name, byte[] content) throws TlsException {
        try {
            List<X509CRL> lists = new ArrayList<>();
            for (CRL list : CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(content))) {
                lists.add((X509CRL) list);
            }
            if (lists.isEmpty()) {
                throw new TlsException("'crl-file " + name + "' holds no list of revoked certificates");
            }
            return lists;
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot use the list of revoked certificates " + name + ": " + e.getMessage(), e);
        }
    }

    /** The keys of tickets: those of a file, or of the process. */
    TicketKeys ticketKeys(java.util.Optional<String> file) throws TlsException {
        if (file.isEmpty()) {
            return ownKeys;
        }
        TicketKeys known = ticketFiles.get(file.get());
        if (known == null) {
            known = TicketKeys.read(Path.of(file.get()));
            ticketFiles.put(file.get(), known);
        }
        return known;
    }

    Map<String, TicketKeys> ticketFiles() {
        return ticketFiles;
    }
}
