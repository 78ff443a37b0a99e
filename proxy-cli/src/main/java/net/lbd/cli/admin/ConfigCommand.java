package net.lbd.cli.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.lbd.cli.process.ConfigurationCheck;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.syntax.DiagnosticFormat;
import net.lbd.config.reference.KeywordList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl config}: what a configuration comes to, and what one may hold; needs no daemon. */
@Command(name = "config", mixinStandardHelpOptions = true,
        description = "Shows the effective configuration, or the words of the language; needs no running daemon.",
        subcommands = {ConfigCommand.Dump.class, ConfigCommand.Keywords.class})
final class ConfigCommand implements Runnable {

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** {@code lbctl config dump}. */
    @Command(name = "dump", mixinStandardHelpOptions = true,
            description = "Prints the configuration with defaults written out where they apply, and where each line comes from.")
    static final class Dump implements Callable<Integer> {

        @ParentCommand
        private ConfigCommand config;

        @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", defaultValue = "/etc/lbd/lbd.cfg",
                description = "Read this file, or every *.cfg of this folder; may be repeated. Default: ${DEFAULT-VALUE}.")
        private List<Path> files;

        @Override
        public Integer call() {
            ConfigurationLoader.Effective effective = new ConfigurationLoader(Environment.ofProcess()).effective(files);
            if (effective.text().isEmpty()) {
                new ConfigurationCheck(System.out, System.err, false).verdict(effective.result(), DiagnosticFormat.TEXT, false, false, false);
                return ExitCode.ERROR;
            }
            config.lbctl.terminal().out().print(effective.text().get());
            config.lbctl.terminal().out().flush();
            return ExitCode.OK;
        }
    }

    /** {@code lbctl config keywords}. */
    @Command(name = "keywords", mixinStandardHelpOptions = true,
            description = "Lists every word of the language: where it may stand, its arguments, and whether this version carries it out.")
    static final class Keywords implements Callable<Integer> {

        @ParentCommand
        private ConfigCommand config;

        @Override
        public Integer call() {
            config.lbctl.terminal().out().print(KeywordList.text());
            config.lbctl.terminal().out().flush();
            return ExitCode.OK;
        }
    }
}
