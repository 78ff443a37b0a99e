package net.lbd.cli.process;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import net.lbd.cli.Version;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.process.MessageStyle.Label;
import net.lbd.cli.process.Options.UsageException;
import net.lbd.cli.reload.ConfigurationSource;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.reference.KeywordList;
import net.lbd.config.syntax.Conditionals;
import net.lbd.config.syntax.Variables;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.Transport;

/**
 * {@code lbd}. Exit codes: 0 all is well (also: valid with warnings, stopped as told), 1 it is not, 2 a check
 * finds nothing wrong, but no listener either. A user's mistake is answered by sentences, never by a stack
 * trace.
 */
public final class Main {

    private Main() { }

    public static void main(String[] args) {
        Optional<Options> options = parse(List.of(args), System.err);
        int code = options.map(o -> run(o, List.of(args), System.out, System.err)).orElse(1);
        if (options.filter(o -> o.mode() == Options.Mode.RUN).isPresent()) {
            System.exit(code);
        }
        // Nothing is left to be tidied up, and since Java 21 System.exit looks for a logger of exits in every jar of the
        // class path, which takes a check longer than reading its file.
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        return parse(words, err).map(options -> run(options, words, out, err)).orElse(1);
    }

    /** Empty if the command line cannot be followed, which is then told. */
    private static Optional<Options> parse(List<String> words, PrintStream err) {
        try {
            return Optional.of(Options.parse(words));
        } catch (UsageException e) {
            err.print(MessageStyle.plain(Label.ALERT, e.getMessage()));
            return Optional.empty();
        }
    }

    private static int run(Options options, List<String> words, PrintStream out, PrintStream err) {
        if (!options.isSilent()) {
            options.notices().forEach(n -> err.print(MessageStyle.plain(Label.NOTICE, n)));
        }
        return switch (options.mode()) {
            case HELP -> print(out, Options.usage());
            case VERSION -> print(out, Version.CURRENT + "\n");
            case KEYWORDS -> print(out, KeywordList.text());
            case CONDITION -> condition(options.condition().orElseThrow(), err);
            case DUMP -> dump(options, out, err);
            // Classes below are loaded by these branches alone: a check must not wait for Netty.
            case BUILD -> print(out, BuildReport.text());
            case CHECK -> check(options, out, err);
            case RUN -> daemon(options, words, err);
        };
    }

    private static int print(PrintStream out, String text) {
        out.print(text);
        out.flush();
        return 0;
    }

    /** HAProxy's exit codes. */
    private static int condition(String text, PrintStream err) {
        try {
            return Conditionals.holds(text, new Variables(Environment.ofProcess().variables())) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            err.print(MessageStyle.plain(Label.ALERT, "-cc: " + e.getMessage()));
            return 2;
        }
    }

    private static int dump(Options options, PrintStream out, PrintStream err) {
        ConfigurationLoader.Effective effective = new ConfigurationLoader(Environment.ofProcess()).effective(options.files());
        if (effective.text().isEmpty()) {
            return new ConfigurationCheck(out, err, wantsColours())
                    .verdict(effective.result(), options.format(), options.isSilent(), options.zeroWarning(), false).exitCode();
        }
        return print(out, effective.text().get());
    }

    private static int check(Options options, PrintStream out, PrintStream err) {
        ConfigurationLoader.beginEarly();
        return new ConfigurationCheck(out, err, wantsColours())
                .verdict(loader(options).load(options.files()), options.format(), options.isSilent(), options.zeroWarning(),
                        options.startable())
                .exitCode();
    }

    private static int daemon(Options options, List<String> words, PrintStream err) {
        try (Predecessor predecessor = new Predecessor(options)) {
            ReceivedSockets received = predecessor.take();
            return new Daemon(options, source(options), CoreEngine.create(new EngineOptions(Transport.best(), options.peerName(), Version.CURRENT.product(),
                            received, Runtime.getRuntime()::halt)),
                    SystemdNotifier.of(System.getenv()), SocketLocations.ofProcess(), predecessor, new Successor(words), err).run();
        } catch (IOException e) {
            err.print(MessageStyle.plain(Label.ALERT, "nothing is taken over, and the other process serves on: " + e.getMessage()));
            return 1;
        }
    }

    private static ConfigurationSource source(Options options) {
        ConfigurationLoader loader = loader(options);
        return () -> loader.compared(options.files());
    }

    private static ConfigurationLoader loader(Options options) {
        Environment process = Environment.ofProcess();
        return new ConfigurationLoader(options.peerName().map(name -> process.with("HAPROXY_LOCALPEER", name)).orElse(process));
    }

    /** The start script knows whether standard error is a terminal; Java 17 and 25 answer differently. */
    static boolean wantsColours() {
        return Boolean.getBoolean("lbd.terminal.stderr") && System.getenv("NO_COLOR") == null;
    }
}
