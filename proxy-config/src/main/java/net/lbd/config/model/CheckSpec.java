package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * What a health check does, as a sequence of steps; a plain {@code check} is one connect step.
 * Immutable.
 */
public record CheckSpec(SourceLocation location, Kind kind, List<CheckStep> steps, Options options) {

    /** The layer that a success speaks for, and the words of the status. */
    public enum Kind {
        /** {@code check} alone: the connection is accepted. */
        CONNECT,
        /** {@code option httpchk}. */
        HTTP,
        /** {@code option tcp-check}. */
        TCP,
        /** {@code option smtpchk}. */
        SMTP,
        /** {@code option ldap-check}. */
        LDAP,
        /** {@code option mysql-check}. */
        MYSQL,
        /** {@code option pgsql-check}. */
        PGSQL,
        /** {@code option redis-check}. */
        REDIS,
        /** {@code option ssl-hello-chk}. */
        SSL_HELLO,
        /** {@code option external-check}. */
        EXTERNAL
    }

    /**
     * What a check may say beside its steps.
     *
     * @param disableOn404 {@code http-check disable-on-404}
     * @param sendState {@code http-check send-state}
     * @param words the arguments of the {@code option}: the greeting of {@code smtpchk}, the user of
     *     {@code mysql-check} and {@code pgsql-check}
     * @param command {@code external-check command}
     * @param path {@code external-check path}
     */
    public record Options(boolean disableOn404, boolean sendState, List<String> words, Optional<String> command,
            Optional<String> path) {

        public static final Options NONE = new Options(false, false, List.of(), Optional.empty(), Optional.empty());

        public Options {
            words = List.copyOf(words);
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(path, "path");
        }
    }

    /** A plain connect. */
    public static final CheckSpec CONNECT =
            new CheckSpec(SourceLocation.BUILT_IN, Kind.CONNECT, List.of(), Options.NONE);

    public CheckSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(kind, "kind");
        steps = List.copyOf(steps);
        Objects.requireNonNull(options, "options");
    }
}
