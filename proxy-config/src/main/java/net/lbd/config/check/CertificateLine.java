package net.lbd.config.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.CertificateList;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Diagnostics;

/**
 * A line of a {@code crt-list} that a command adds to it. Immutable.
 *
 * @param line empty if there are errors
 */
public record CertificateLine(Optional<CertificateList.Line> line, List<Diagnostic> errors) {

    public CertificateLine {
        Objects.requireNonNull(line, "line");
        errors = List.copyOf(errors);
    }

    /**
     * Reads a line as a list has it.
     *
     * @param list the file that it is for
     * @param number the place that it gets
     * @param global where authorities are looked for
     */
    public static CertificateLine read(String list, int number, String text, Settings global) {
        Diagnostics diagnostics = new Diagnostics();
        Path here = Path.of("").toAbsolutePath();
        Optional<CertificateList.Line> line = new CertificateListReader(here, new CertificateFinder(here, diagnostics), diagnostics)
                .read(list, number, text, global.find(GlobalSettings.CA_BASE));
        return diagnostics.hasErrors() ? new CertificateLine(Optional.empty(), diagnostics.sorted()) : new CertificateLine(line, List.of());
    }
}
