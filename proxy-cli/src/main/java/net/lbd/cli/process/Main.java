package net.lbd.cli.process;

import java.io.PrintStream;
import java.util.List;
import net.lbd.cli.Version;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.process.MessageStyle.Label;
import net.lbd.cli.process.Options.UsageException;
import net.lbd.cli.reload.ConfigurationSource;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.reference.KeywordList;
import net.lbd.core.runtime.EngineOptions;

/**
 * {@code lbd}. Exit codes: 0 all is well (also: valid with warnings, stopped as told), 1 it is not, 2 a check
 * finds nothing wrong, but no listener either. A user's mistake is answered by sentences, never by a stack
 * trace.
 */
public final class Main {

    private Main() { }

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        Options options;
        try {
            options = Options.parse(words);
        } catch (UsageException e) {
            err.print(MessageStyle.plain(Label.ALERT, e.getMessage()));
            return 1;
        }
        if (!options.isSilent()) {
            options.notices().forEach(n -> err.print(MessageStyle.plain(Label.NOTICE, n)));
        }
        return switch (options.mode()) {
            case HELP -> print(out, Options.usage());
            case VERSION -> print(out, Version.CURRENT + "\n");
            case KEYWORDS -> print(out, KeywordList.text());
            // Classes below are loaded by these branches alone: a check must not wait for Netty.
            case BUILD -> print(out, BuildReport.text());
            case CHECK -> check(options, out, err);
            case RUN -> daemon(options, err);
        };
    }

    private static int print(PrintStream out, String text) {
        out.print(text);
        out.flush();
        return 0;
    }

    private static int check(Options options, PrintStream out, PrintStream err) {
        return new ConfigurationCheck(out, err, wantsColours())
                .verdict(source(options).load(), options.format(), options.isSilent(), options.zeroWarning())
                .exitCode();
    }

    private static int daemon(Options options, PrintStream err) {
        return new Daemon(options, source(options), CoreEngine.create(new EngineOptions()),
                SystemdNotifier.of(System.getenv()), SocketLocations.ofProcess(), err).run();
    }

    private static ConfigurationSource source(Options options) {
        ConfigurationLoader loader = new ConfigurationLoader(Environment.ofProcess());
        return () -> loader.load(options.files());
    }

    /** The start script knows whether standard error is a terminal; Java 17 and 25 answer differently. */
    static boolean wantsColours() {
        return Boolean.getBoolean("lbd.terminal.stderr") && System.getenv("NO_COLOR") == null;
    }
}
