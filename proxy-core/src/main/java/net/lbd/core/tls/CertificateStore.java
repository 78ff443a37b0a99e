package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the TLS of the configuration in force is made from, by its files: certificates, authorities, lists of revoked certificates. They are
 * replaced while clients come, by commands or because a file has changed on disk. What takes the place of another does so in
 * all binds and servers or in none, and only after it was found to be usable; connections that are open keep what they
 * have. A reload reads all files anew. Thread-safe: one lock, which no event loop takes.
 */
public final class CertificateStore {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);

    private final TicketKeys ownKeys = TicketKeys.random();
    private final Shelf<PemFile> certificates =
            new Shelf<>(this, TlsSources::certificates, name -> PemFile.empty(Path.of(name)));
    private final Shelf<List<X509Certificate>> authorities = new Shelf<>(this, TlsSources::authorities, name -> List.of());
    private final Shelf<List<X509CRL>> revoked = new Shelf<>(this, TlsSources::revoked, name -> List.of());
    private final OcspUpdater ocsp = new OcspUpdater(Clock.systemUTC());
    private TlsSources sources = TlsSources.alone();
    /** How the files looked when they were read or last judged. */
    private final Map<String, List<Object>> judged = new HashMap<>();
    /** How changed files looked at the last look: one that is still being written changes once more. */
    private final Map<String, List<Object>> changing = new HashMap<>();

    // ---- a configuration

    /** Where the TLS of a configuration that is being built is to come from. */
    public TlsSources read(Settings global) throws TlsException {
        return TlsSources.of(global, ownKeys);
    }

    /** Takes over what a configuration was made from, which has just been put in force. */
    public synchronized void inForce(TlsSources now) {
        sources = now;
        certificates.reset();
        authorities.reset();
        revoked.reset();
        Map<String, Watched> watched = watched();
        judged.keySet().retainAll(watched.keySet());
        watched.forEach((name, file) -> judged.put(name, look(file.files)));
        changing.clear();
    }

    /** What was made of the files in service, and how files are told to change it no more. */
    public record Made<T>(T value, Runnable forget) { }

    /** Makes something of the files in service, between two reloads; those that nobody has asked for yet are read now. */
    public synchronized <T> Made<T> make(Function<TlsSources, T> maker) {
        List<TlsUser> before = List.copyOf(sources.users());
        T value = maker.apply(sources);
        List<TlsUser> added = new ArrayList<>(sources.users());
        added.removeAll(before);
        watched().forEach((name, file) -> judged.computeIfAbsent(name, n -> look(file.files)));
        return new Made<>(value, () -> forget(added));
    }

    private synchronized void forget(List<TlsUser> users) {
        sources.users().removeAll(users);
    }

    TlsSources sources() {
        return sources;
    }

    /** Certificates with their keys, by their files. */
    public Shelf<PemFile> certificates() {
        return certificates;
    }

    /** What {@code ca-file} and {@code ca-verify-file} name. */
    public Shelf<List<X509Certificate>> authorities() {
        return authorities;
    }

    /** What {@code crl-file} names. */
    public Shelf<List<X509CRL>> revoked() {
        return revoked;
    }

    /** The keys of {@code tls-ticket-keys}, by their files. */
    public synchronized Map<String, TicketKeys> ticketKeys() {
        return new LinkedHashMap<>(sources.ticketFiles());
    }

    /** Has the process's own ticket keys change; what was encrypted with the last two can still be read. */
    public void rotateTicketKeys() {
        ownKeys.rotate();
    }

    /**
     * Changes what a file holds, in all that are made from it or in none.
     *
     * @return how many those are
     */
    synchronized int replace(String name, Consumer<TlsSources> change) throws TlsException {
        TlsSources next = sources.copy();
        change.accept(next);
        List<TlsUser.Replacement> ready = new ArrayList<>();
        for (TlsUser user : next.users()) {
            if (user.uses(name)) {
                ready.add(user.prepare(next, name));
            }
        }
        sources = next;
        ready.forEach(TlsUser.Replacement::commit);
        return ready.size();
    }

    /**
     * Reads the files of a certificate again, and puts it in service.
     *
     * @throws TlsException if it cannot be used; the one in service stays
     */
    public synchronized void load(Path path) throws TlsException {
        String name = path.toString();
        Watched file = new Watched(Kind.CERTIFICATE, sources.parts().files(path));
        judged.put(name, look(file.files));
        changing.remove(name);
        read(name, file.kind);
    }

    // ---- OCSP

    /**
     * Has an answer of an authority (DER) go with the certificate that it is about.
     *
     * @return the certificate's file
     * @throws TlsException if it cannot be used, or is about none of the certificates
     */
    public synchronized String staple(byte[] answer) throws TlsException {
        Optional<String> about = Optional.empty();
        for (Map.Entry<String, PemFile> one : new TreeMap<>(sources.certificates()).entrySet()) {
            PemFile pem = one.getValue();
            if (!pem.certificates().isEmpty() && OcspAnswer.isAbout(answer, pem)) {
                byte[] judgedAnswer = OcspAnswer.judged("for " + one.getKey(), answer, pem.certificates().get(0));
                certificates.put(one.getKey(), pem.withOcsp(Optional.of(judgedAnswer)));
                about = Optional.of(one.getKey());
            }
        }
        return about.orElseThrow(() -> new TlsException("Certificate ID does not match any certificate or issuer."));
    }

    /** The certificates of lines with {@code ocsp-update on}. */
    synchronized Map<String, PemFile> wantingOcsp() {
        Map<String, PemFile> wanted = new TreeMap<>();
        for (TlsUser user : sources.users()) {
            if (user instanceof BindCertificates bind) {
                bind.lines().stream().filter(line -> line.settings().get(BindSettings.OCSP_UPDATE)).map(line -> line.path().toString())
                        .forEach(name -> Optional.ofNullable(sources.certificates().get(name)).ifPresent(pem -> wanted.put(name, pem)));
            }
        }
        return wanted;
    }

    /** Has an answer go with a certificate, unless another has come in its place meanwhile: then false. */
    synchronized boolean staple(String name, PemFile before, PemFile stapled) throws TlsException {
        if (sources.certificates().get(name) != before) {
            return false;
        }
        certificates.put(name, stapled);
        return true;
    }

    /** Asks authorities for the OCSP answers that are due. Blocks; for a thread of its own. */
    public void updateOcsp() {
        ocsp.update(this);
    }

    /** When the certificates in service end, by their files. */
    public Map<String, Instant> ends() {
        Map<String, Instant> ends = new TreeMap<>();
        certificates.contents().forEach((name, pem) -> {
            if (!pem.certificates().isEmpty()) {
                ends.put(name, pem.certificates().get(0).getNotAfter().toInstant());
            }
        });
        return ends;
    }

    // ---- lists

    /** The lines of the lists that are in service, by the lists' names. */
    public synchronized Map<String, List<CertificateList.Line>> lists() {
        Map<String, Map<Integer, CertificateList.Line>> byNumber = new TreeMap<>();
        for (TlsUser user : sources.users()) {
            if (user instanceof BindCertificates bind) {
                bind.lines().stream().flatMap(line -> line.listed().stream()).forEach(line ->
                        byNumber.computeIfAbsent(line.list(), l -> new TreeMap<>()).put(line.location().line(), line));
            }
        }
        Map<String, List<CertificateList.Line>> lists = new TreeMap<>();
        byNumber.forEach((list, lines) -> lists.put(list, List.copyOf(lines.values())));
        return lists;
    }

    /**
     * Adds a line to a list, in every bind that has it.
     *
     * @return how many those are
     * @throws TlsException if the certificate cannot be used, or is not known
     */
    public synchronized int addLine(CertificateList.Line line) throws TlsException {
        List<TlsUser.Replacement> ready = new ArrayList<>();
        for (BindCertificates bind : having(line.list())) {
            ready.add(bind.prepareLine(line, sources));
        }
        ready.forEach(TlsUser.Replacement::commit);
        return ready.size();
    }

    /** Takes a line out of a list; false if a bind would be left without a certificate. */
    public synchronized boolean removeLine(CertificateList.Line line) {
        Predicate<ServedLine> leaving = served -> served.listed().filter(listed -> listed.list().equals(line.list())
                && listed.location().line() == line.location().line()).isPresent();
        List<TlsUser.Replacement> ready = new ArrayList<>();
        for (BindCertificates bind : having(line.list())) {
            Optional<TlsUser.Replacement> without = bind.prepareWithout(leaving);
            if (without.isEmpty()) {
                return false;
            }
            ready.add(without.get());
        }
        ready.forEach(TlsUser.Replacement::commit);
        return true;
    }

    private List<BindCertificates> having(String list) {
        return sources.users().stream().filter(BindCertificates.class::isInstance).map(BindCertificates.class::cast)
                .filter(bind -> bind.lines().stream().anyMatch(l -> l.listed().filter(f -> f.list().equals(list)).isPresent())).toList();
    }

    // ---- files that change

    private enum Kind {
        CERTIFICATE("certificate"), AUTHORITIES("file of authorities"), REVOKED("list of revoked certificates");

        private final String said;

        Kind(String said) {
            this.said = said;
        }
    }

    private record Watched(Kind kind, List<Path> files) { }

    /** By the names in the configuration. */
    private Map<String, Watched> watched() {
        Map<String, Watched> all = new TreeMap<>();
        sources.revoked().keySet().forEach(name -> all.put(name, new Watched(Kind.REVOKED, List.of(Path.of(name)))));
        sources.authorities().keySet().stream().filter(name -> !name.equals(TlsSources.SYSTEM))
                .forEach(name -> all.put(name, new Watched(Kind.AUTHORITIES, withFilesOf(Path.of(name)))));
        sources.certificates().keySet().forEach(name -> all.put(name, new Watched(Kind.CERTIFICATE, sources.parts().files(Path.of(name)))));
        return all;
    }

    /** A folder changes with any of its files. */
    private static List<Path> withFilesOf(Path path) {
        List<Path> files = new ArrayList<>(List.of(path));
        if (Files.isDirectory(path)) {
            try {
                files.addAll(TlsFiles.filesOf(path));
            } catch (TlsException e) {
                // It has changed then, and reading it says what is wrong.
                LOG.debug("{}", e.getMessage());
            }
        }
        return files;
    }

    /** Looks for files that have changed, and stayed as they are since the last look. Reads files. */
    public void lookForChanges() {
        Map<String, Watched> all;
        synchronized (this) {
            all = watched();
        }
        all.forEach((name, file) -> {
            try {
                change(name, file);
            } catch (TlsException e) {
                LOG.warn("the {} {} has changed on disk and is not used, the one in service stays: {}", file.kind.said, name, e.getMessage());
            } catch (RuntimeException e) {
                // Nobody else would hear of it, and the next look would never come.
                LOG.error("the {} {} cannot be looked at", file.kind.said, name, e);
            }
        });
        lookForNewFiles();
    }

    /** Looks for new files in the folders of {@code crt}. What is no longer there stays in service until a reload. */
    private void lookForNewFiles() {
        Map<Path, List<BindCertificates>> folders = new TreeMap<>();
        synchronized (this) {
            for (TlsUser user : sources.users()) {
                if (user instanceof BindCertificates bind) {
                    bind.folders().forEach(folder -> folders.computeIfAbsent(folder, f -> new ArrayList<>()).add(bind));
                }
            }
        }
        folders.forEach((folder, binds) -> {
            try {
                for (Path file : TlsFiles.filesOf(folder)) {
                    takeNew(folder, file, binds);
                }
            } catch (TlsException e) {
                // The next look tells more, or a reload: what is in service needs no folder.
                LOG.debug("new certificates are not seen: {}", e.getMessage());
            }
        });
    }

    private synchronized void takeNew(Path folder, Path file, List<BindCertificates> binds) {
        String name = file.toString();
        if (sources.certificates().containsKey(name) || !sources.users().containsAll(binds)) {
            return;
        }
        List<Object> now = look(sources.parts().files(file));
        if (!settled(name, now)) {
            return;
        }
        try {
            TlsSources next = sources.copy();
            next.certificates().put(name, complete(file));
            List<TlsUser.Replacement> ready = new ArrayList<>();
            for (BindCertificates bind : binds) {
                ready.add(bind.prepareFile(folder, file, next));
            }
            sources = next;
            ready.forEach(TlsUser.Replacement::commit);
            LOG.info("the certificate {} is new in its folder and is in service now", name);
        } catch (TlsException e) {
            LOG.warn("the file {} is new in its folder and is not used: {}", name, e.getMessage());
        }
    }

    /** Whether files look otherwise than when they were last judged, and as they did at the last look; then they are judged by that. */
    private boolean settled(String name, List<Object> now) {
        if (now.equals(judged.get(name))) {
            changing.remove(name);
            return false;
        }
        if (!now.equals(changing.put(name, now))) {
            return false;
        }
        changing.remove(name);
        judged.put(name, now);
        return true;
    }

    private synchronized void change(String name, Watched file) throws TlsException {
        if (!judged.containsKey(name) || !settled(name, look(file.files))) {
            return;
        }
        read(name, file.kind);
        LOG.info("the {} {} has changed on disk and is in service now", file.kind.said, name);
    }

    private void read(String name, Kind kind) throws TlsException {
        switch (kind) {
            case CERTIFICATE -> certificates.put(name, complete(Path.of(name)));
            case AUTHORITIES -> authorities.put(name, TlsSources.readAuthorities(name));
            case REVOKED -> revoked.put(name, TlsSources.readRevoked(name));
        }
    }

    /** What a start can do without must not take the place of what is there. */
    private PemFile complete(Path file) throws TlsException {
        PemFile pem = PemFile.readWithKey(file, sources.parts());
        if (pem.hasEndedAnswer(sources.parts())) {
            throw new TlsException("the OCSP answer " + sources.parts().beside(file, PemParts.OCSP) + " is no longer valid");
        }
        return pem;
    }

    private static List<Object> look(List<Path> files) {
        List<Object> seen = new ArrayList<>();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                seen.add(List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey())));
            } catch (IOException e) {
                seen.add("absent");
            }
        }
        return seen;
    }
}
