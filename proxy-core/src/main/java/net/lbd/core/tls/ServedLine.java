package net.lbd.core.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.Settings;

/**
 * A certificate of a bind, with what its line in a list says otherwise. Immutable.
 *
 * @param settings those of the bind under those of the line
 * @param filters the names that it is for; none: its own
 * @param listed the line, if it stands in a list
 */
record ServedLine(Path path, Settings settings, List<String> filters, Optional<CertificateList.Line> listed) {

    ServedLine {
        Objects.requireNonNull(path, "path");
        filters = List.copyOf(filters);
    }

    static ServedLine of(Settings bind, CertificateList.Line line) {
        return of(bind, line, Path.of(line.path()));
    }

    /** @param path one of the files, where the line names a folder */
    static ServedLine of(Settings bind, CertificateList.Line line, Path path) {
        return new ServedLine(path, Settings.builder().putAll(bind).putAll(line.options()).build(), line.filters(), Optional.of(line));
    }

    /** The same error with the line of the list, if it stands in one. */
    TlsException told(TlsException e) {
        return listed.isEmpty() ? e : new TlsException(listed.get().location().fileAndLine() + ": " + e.getMessage(), e);
    }

    boolean uses(String file) {
        return path.toString().equals(file)
                || List.of(BindSettings.CA_FILE, BindSettings.CA_VERIFY_FILE, BindSettings.CRL_FILE).stream()
                        .anyMatch(setting -> settings.find(setting).filter(file::equals).isPresent());
    }
}
