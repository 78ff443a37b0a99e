package net.lbd.cli.process;

import java.io.PrintStream;
import java.util.Objects;
import net.lbd.cli.process.MessageStyle.Label;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticFormat;
import net.lbd.config.syntax.DiagnosticPrinter;

/**
 * {@code lbd -c}: reads and checks a configuration, and tells the verdict as HAProxy does. Loads neither
 * Netty nor the log, so that it is quick. Used by one thread.
 */
public final class ConfigurationCheck {

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
     * Prints the diagnostics and the verdict; returns whether the configuration is valid.
     *
     * @param silent print nothing at all
     * @param zeroWarning take warnings for errors
     */
    public boolean verdict(LoadResult result, boolean silent, boolean zeroWarning) {
        boolean valid = isValid(result, zeroWarning);
        if (silent) {
            return valid;
        }
        err.print((colours ? DiagnosticPrinter.coloured() : DiagnosticPrinter.plain()).print(result.diagnostics()));
        if (result.hasErrors()) {
            err.print(MessageStyle.plain(Label.ALERT, "Fatal errors found in configuration."));
        } else if (!valid) {
            err.print(MessageStyle.plain(Label.ALERT,
                    "Some warnings were found and 'zero-warning' (-dW) is set. Aborting."));
        }
        err.flush();
        if (valid) {
            if (result.hasWarnings()) {
                out.println("Warnings were found.");
            }
            out.println("Configuration file is valid");
        }
        out.flush();
        return valid;
    }

    /** As {@link #verdict}, for machines: one document on standard output and nothing else. */
    public boolean verdict(LoadResult result, DiagnosticFormat format, boolean silent, boolean zeroWarning) {
        if (format == DiagnosticFormat.TEXT || silent) {
            return verdict(result, silent, zeroWarning);
        }
        boolean valid = isValid(result, zeroWarning);
        out.print(format.write(result.diagnostics(), valid));
        out.flush();
        return valid;
    }

    private static boolean isValid(LoadResult result, boolean zeroWarning) {
        return !result.hasErrors() && !(zeroWarning && result.hasWarnings());
    }
}
