package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the binds in force, by their files: replaced while clients come, by commands or because a file has
 * changed on disk. A certificate takes the place of another in all its binds or in none, and only after it was found
 * to be usable; connections that are open keep what they have. A reload reads all files anew. Thread-safe: one lock,
 * which no event loop takes.
 */
public final class CertificateStore {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);
    /** What belongs to a certificate, by what is appended to its name. */
    private static final List<String> PARTS = List.of("", ".key", ".ocsp", ".pass");

    private List<BindTls> binds = List.of();
    /** How the files looked when they were read or last judged. */
    private final Map<Path, List<Object>> judged = new HashMap<>();
    /** How changed files looked at the last look: one that is still being written changes once more. */
    private final Map<Path, List<Object>> changing = new HashMap<>();

    /** Takes over what the binds of a configuration serve, which has just been read. */
    public synchronized void inForce(List<BindTls> now) {
        binds = List.copyOf(now);
        Set<Path> paths = paths();
        judged.keySet().retainAll(paths);
        paths.forEach(path -> judged.put(path, look(path)));
        changing.clear();
    }

    private Set<Path> paths() {
        Set<Path> paths = new HashSet<>();
        binds.forEach(bind -> paths.addAll(bind.paths()));
        return paths;
    }

    /** The certificates in service, by their files. */
    public synchronized Map<Path, PemFile> inService() {
        Map<Path, PemFile> all = new TreeMap<>();
        binds.forEach(bind -> bind.certificates().forEach(pem -> all.putIfAbsent(pem.path(), pem)));
        return all;
    }

    /**
     * Reads the files of a certificate again, and puts it in service.
     *
     * @throws TlsException if it cannot be used; the one in service stays
     */
    public synchronized void load(Path path) throws TlsException {
        judged.put(path, look(path));
        changing.remove(path);
        replace(path, PemFile.readWithKey(path));
    }

    /** Puts a certificate in the place of the one of this file, in every bind. */
    private void replace(Path path, PemFile pem) throws TlsException {
        List<BindTls.Replacement> ready = new ArrayList<>();
        for (BindTls bind : binds) {
            if (bind.paths().contains(path)) {
                ready.add(bind.prepare(path, pem));
            }
        }
        ready.forEach(BindTls.Replacement::commit);
    }

    /** Looks for files that have changed, and stayed as they are since the last look. Reads files. */
    public void lookForChanges() {
        for (Path path : pathsInForce()) {
            try {
                change(path);
            } catch (TlsException e) {
                LOG.warn("the certificate {} has changed on disk and is not used, the one in service stays: {}", path, e.getMessage());
            } catch (RuntimeException e) {
                // Nobody else would hear of it, and the next look would never come.
                LOG.error("the certificate {} cannot be looked at", path, e);
            }
        }
    }

    private synchronized Set<Path> pathsInForce() {
        return paths();
    }

    private synchronized void change(Path path) throws TlsException {
        List<Object> now = look(path);
        List<Object> before = judged.get(path);
        if (before == null || now.equals(before)) {
            changing.remove(path);
            return;
        }
        if (!now.equals(changing.put(path, now))) {
            return;
        }
        changing.remove(path);
        judged.put(path, now);
        replace(path, PemFile.readWithKey(path));
        LOG.info("the certificate {} has changed on disk and is in service now", path);
    }

    private static List<Object> look(Path path) {
        List<Object> seen = new ArrayList<>();
        for (String part : PARTS) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(
                        path.resolveSibling(path.getFileName() + part), BasicFileAttributes.class);
                seen.add(List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey())));
            } catch (IOException e) {
                seen.add("absent");
            }
        }
        return seen;
    }
}
