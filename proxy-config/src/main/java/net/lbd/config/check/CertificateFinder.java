package net.lbd.config.check;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Word;

/**
 * Finds files of certificates: relative names under a base folder, bare names also with {@code .pem}
 * appended. Not thread-safe.
 */
final class CertificateFinder {

    private final Path workingDirectory;
    private final Diagnostics diagnostics;
    /** What was reported already: a file that many lines name is told once. */
    private final Set<Path> missing = new HashSet<>();

    CertificateFinder(Path workingDirectory, Diagnostics diagnostics) {
        this.workingDirectory = workingDirectory;
        this.diagnostics = diagnostics;
    }

    /** A file of authorities: under {@code ca-base}, or a name that begins with {@code @}. */
    Optional<String> findAuthorities(Word at, String name, Optional<String> base) {
        return name.startsWith("@") ? Optional.of(name)
                : findUnderBase(at, name, base, "no authorities '" + name + "' are there");
    }

    /** A file with lists of revoked certificates: under {@code ca-base}. */
    Optional<String> findRevoked(Word at, String name, Optional<String> base) {
        return findUnderBase(at, name, base, "no list of revoked certificates '" + name + "' is there");
    }

    private Optional<String> findUnderBase(Word at, String name, Optional<String> base, String absent) {
        try {
            Path path = base.map(workingDirectory::resolve).orElse(workingDirectory).resolve(name);
            if (Files.isReadable(path)) {
                return Optional.of(path.toString());
            }
            if (missing.add(path)) {
                if (Files.exists(path)) {
                    diagnostics.error(Code.CERTIFICATE, at, "the file '" + path + "' may not be read");
                } else {
                    missing(at, absent + "; tried " + path, Path.of(name).isAbsolute(), base, "ca-base");
                }
            }
        } catch (InvalidPathException e) {
            diagnostics.error(Code.CERTIFICATE, at, "'" + name + "' is not a path");
        }
        return Optional.empty();
    }

    /** A file that is named as it is, relative to the working directory; reports that it is not there, and returns false. */
    boolean findFile(Word name, String what) {
        try {
            Path path = workingDirectory.resolve(name.text());
            if (Files.isReadable(path)) {
                return true;
            }
            if (!Files.exists(path)) {
                diagnostics.error(Code.MISSING_FILE, name, "no " + what + " '" + name + "' is there; tried " + path);
            } else {
                diagnostics.error(Code.MISSING_FILE, name, "the " + what + " '" + path + "' may not be read");
            }
        } catch (InvalidPathException e) {
            diagnostics.error(Code.MISSING_FILE, name, "'" + name + "' is not a path");
        }
        return false;
    }

    /** Looks up what a bind names under {@code ca-base}: authorities, and lists of revoked certificates. */
    void resolveAuthorities(Settings.Builder settings, Optional<String> caBase) {
        for (Setting<String> setting : List.of(BindSettings.CA_FILE, BindSettings.CA_VERIFY_FILE, BindSettings.CRL_FILE)) {
            settings.find(setting).ifPresent(value -> {
                Word at = new Word(value.value(), value.location(), value.value().length());
                (setting == BindSettings.CRL_FILE ? findRevoked(at, value.value(), caBase) : findAuthorities(at, value.value(), caBase))
                        .ifPresent(path -> settings.put(setting, path, value.location()));
            });
        }
    }

    /** The path to use, or empty after an error that shows every path tried. */
    Optional<String> find(Word name, Optional<String> base, String baseKeyword) {
        Set<Path> tried = new LinkedHashSet<>();
        boolean absolute;
        try {
            Path path = Path.of(name.text());
            // An absolute name ignores the base, as resolve does; without a base the working directory counts.
            Path folder = base.map(b -> workingDirectory.resolve(b)).orElse(workingDirectory);
            absolute = path.isAbsolute();
            tried.add(folder.resolve(path));
            tried.add(folder.resolve(name.text() + ".pem"));
        } catch (InvalidPathException e) {
            diagnostics.error(Code.CERTIFICATE, name, "'" + name + "' is not a path");
            return Optional.empty();
        }
        for (Path path : tried) {
            if (Files.exists(path)) {
                if (!Files.isReadable(path)) {
                    diagnostics.error(Code.CERTIFICATE, name, "the certificate '" + path + "' may not be read");
                    return Optional.empty();
                }
                return Optional.of(path.toString());
            }
        }
        if (!missing.add(tried.iterator().next())) {
            // Told at its first place.
            return Optional.empty();
        }
        missing(name, "no certificate '" + name + "' is there; tried " + String.join(", ", tried.stream().map(Path::toString).toList()),
                absolute, base, baseKeyword);
        return Optional.empty();
    }

    private void missing(Word at, String message, boolean absolute, Optional<String> base, String baseKeyword) {
        if (absolute) {
            diagnostics.error(Code.CERTIFICATE, at, message);
        } else {
            diagnostics.error(Code.CERTIFICATE, at, message,
                    base.isPresent() ? baseKeyword + " is '" + base.get() + "'" : "'" + baseKeyword + "' in global sets where names are looked up");
        }
    }
}
