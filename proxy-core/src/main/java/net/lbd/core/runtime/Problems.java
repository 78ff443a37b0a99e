package net.lbd.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;
import net.lbd.config.syntax.SourceLocation;

/** Collects what stands in the way of running a configuration. Used by one thread. */
final class Problems {

    /** A listener cannot be opened. */
    static final String LISTEN = Code.CANNOT_LISTEN.id();
    /** A certificate, key or other part of TLS cannot be used. */
    static final String TLS = Code.TLS.id();
    /** The configuration asks for what this version cannot do. */
    static final String UNSUPPORTED = Code.UNSUPPORTED.id();
    /** A host name cannot be resolved. */
    static final String RESOLVE = Code.UNRESOLVED.id();
    /** Connections to a server cannot come from where they should. */
    static final String SOURCE = Code.SOURCE.id();
    /** A change takes a restart. */
    static final String RESTART = Code.RESTART.id();
    /** No peer of a section is this process. */
    static final String NO_LOCAL_PEER = Code.NO_LOCAL_PEER.id();
    /** A stick-table has another definition than before. */
    static final String TABLE_ANEW = Code.TABLE_ANEW.id();
    /** Nothing to do: no proxy listens on an address. */
    static final String NO_LISTENER = Code.NOTHING_TO_SERVE.id();

    private final List<Diagnostic> all = new ArrayList<>();

    void error(String code, SourceLocation where, String message, String hint) {
        add(Severity.ERROR, code, where, message, hint);
    }

    void warning(String code, SourceLocation where, String message, String hint) {
        add(Severity.WARNING, code, where, message, hint);
    }

    void notice(String code, SourceLocation where, String message, String hint) {
        add(Severity.NOTICE, code, where, message, hint);
    }

    void add(Diagnostic diagnostic) {
        all.add(diagnostic);
    }

    private void add(Severity severity, String code, SourceLocation where, String message, String hint) {
        all.add(new Diagnostic(severity, code, where, 0, "", message,
                hint.isEmpty() ? Optional.empty() : Optional.of(hint)));
    }

    boolean hasErrors() {
        return all.stream().anyMatch(d -> d.severity() == Severity.ERROR);
    }

    List<Diagnostic> list() {
        return List.copyOf(all);
    }
}
