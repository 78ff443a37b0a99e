package net.lbd.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.config.syntax.DiagnosticPrinter;

/** A stand-in for {@code lbd -c -f FILE}, to compare verdicts before the daemon is there. */
public final class ConfigCheckMain {

    private ConfigCheckMain() { }

    public static void main(String[] args) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("-f")) {
                files.add(Path.of(args[++i]));
            }
        }
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        System.err.print(DiagnosticPrinter.plain().print(result.diagnostics()));
        System.exit(result.hasErrors() ? 1 : 0);
    }
}
