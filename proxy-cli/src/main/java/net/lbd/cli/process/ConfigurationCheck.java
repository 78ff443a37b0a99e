package net.lbd.cli.process;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.cli.process.MessageStyle.Label;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.DiagnosticFormat;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.config.syntax.Severity;
import net.lbd.core.runtime.StartCheck;

/**
 * {@code lbd -c}: reads and checks a configuration and the files of TLS that it names, and tells the
 * verdict as HAProxy does. Loads neither Netty nor the log, so that it is quick. Used by one thread.
 */
public final class ConfigurationCheck {

    /** What a configuration is worth. */
    public enum Verdict {
        VALID(0),
        INVALID(1),
        /** Nothing is wrong with it, but there is nothing to do: a start is refused. */
        NO_LISTENER(2),
        /** Nothing is wrong with it, but it uses what this version does not carry out: a start is refused. */
        NOT_STARTABLE(3);

        private final int exitCode;

        Verdict(int exitCode) {
            this.exitCode = exitCode;
        }

        /** HAProxy's, but for the last. */
        public int exitCode() {
            return exitCode;
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final boolean colours;

    /** @param colours whether {@code err} is a terminal */
    public ConfigurationCheck(PrintStream out, PrintStream err, boolean colours) {
        this.out = Objects.requireNonNull(out, "out");
        this.err = Objects.requireNonNull(err, "err");
        this.colours = colours;
    }

    /**
     * Prints the diagnostics and the verdict: as text on both streams, or for machines as one document on
     * standard output and nothing else.
     *
     * @param silent print nothing at all
     * @param zeroWarning take warnings for errors, whatever the configuration says
     * @param startable a valid configuration that this version cannot carry out is none; else that is told, and no more
     */
    public Verdict verdict(LoadResult result, DiagnosticFormat format, boolean silent, boolean zeroWarning, boolean startable) {
        List<Diagnostic> diagnostics = new ArrayList<>(result.diagnostics());
        result.configuration().ifPresent(configuration -> diagnostics.addAll(StartCheck.of(configuration)));
        boolean errors = has(diagnostics, Severity.ERROR);
        boolean warnings = has(diagnostics, Severity.WARNING);
        boolean fatalWarnings = warnings && (zeroWarning || result.isZeroWarning());
        List<Diagnostic> missing = result.notYetSupported();
        Verdict verdict = errors || fatalWarnings ? Verdict.INVALID
                : result.configuration().filter(StartCheck::hasListener).isEmpty() ? Verdict.NO_LISTENER
                : startable && !missing.isEmpty() ? Verdict.NOT_STARTABLE
                : Verdict.VALID;
        if (silent) {
            return verdict;
        }
        if (format != DiagnosticFormat.TEXT) {
            if (verdict == Verdict.NO_LISTENER) {
                diagnostics.add(StartCheck.noListener());
            }
            out.print(format.write(diagnostics, verdict == Verdict.VALID, verdict == Verdict.VALID && missing.isEmpty()));
            out.flush();
            return verdict;
        }
        err.print((colours ? DiagnosticPrinter.coloured() : DiagnosticPrinter.plain()).print(diagnostics));
        if (errors) {
            err.print(MessageStyle.plain(Label.ALERT, "Fatal errors found in configuration."));
        } else if (fatalWarnings) {
            err.print(MessageStyle.plain(Label.ALERT,
                    "Some warnings were found and 'zero-warning' (-dW) is set. Aborting."));
        }
        err.flush();
        out.print(text(verdict, warnings, missing));
        out.flush();
        return verdict;
    }

    private static String text(Verdict verdict, boolean warnings, List<Diagnostic> missing) {
        return switch (verdict) {
            case VALID, NOT_STARTABLE -> (warnings ? "Warnings were found.\n" : "") + "Configuration file is valid\n"
                    + (missing.isEmpty() ? "" : unstartable(missing));
            case NO_LISTENER -> "Configuration file has no error but will not start (no listener) => exit(2).\n";
            case INVALID -> "";
        };
    }

    /** HAProxy would start with the file: that lbd will not must not be read off notices alone. */
    private static String unstartable(List<Diagnostic> missing) {
        Diagnostic first = missing.get(0);
        return "lbd does not start with it: it uses what this version does not carry out yet, "
                + (missing.size() == 1 ? "1 time" : missing.size() + " times") + " (" + first.code() + "), the first at "
                + first.location().fileAndLine() + ".\n";
    }

    private static boolean has(List<Diagnostic> diagnostics, Severity severity) {
        return diagnostics.stream().anyMatch(d -> d.severity() == severity);
    }
}
