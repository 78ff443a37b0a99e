package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * The lines of the {@code crt-list} files of a bind. Immutable.
 *
 * @param isFirst they stand before every {@code crt}, so that the first of them is the default certificate
 */
public record CertificateList(List<Line> lines, boolean isFirst) {

    /** A bind without {@code crt-list}. */
    public static final CertificateList NONE = new CertificateList(List.of(), false);

    public CertificateList {
        lines = List.copyOf(lines);
    }

    /**
     * One certificate of a list.
     *
     * @param list the file that the line stands in
     * @param name the certificate's file as the line has it
     * @param path the certificate's file, looked up
     * @param options what the line wants otherwise than the bind; the keys are those of {@link BindSettings}
     * @param optionText the options as the line has them, without brackets; empty for none
     * @param filters the names that it is for, with {@code *} and {@code !}; none: those of the certificate
     */
    public record Line(String list, String name, String path, Settings options, String optionText, List<String> filters,
            SourceLocation location) {
        public Line {
            Objects.requireNonNull(list, "list");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(options, "options");
            Objects.requireNonNull(optionText, "optionText");
            filters = List.copyOf(filters);
            Objects.requireNonNull(location, "location");
        }
    }
}
