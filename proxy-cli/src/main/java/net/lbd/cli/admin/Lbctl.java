package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import net.lbd.cli.Version;
import net.lbd.cli.command.SocketLocations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code lbctl}: asks the daemon, and tells it what to do. Exit codes: 0 done, 1 refused or failed, 2 the
 * command line is wrong, 3 no daemon answers.
 */
@Command(name = "lbctl",
        description = "Controls the load balancer lbd.",
        mixinStandardHelpOptions = true,
        versionProvider = Lbctl.VersionText.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused or failed", "2:the command line is wrong", "3:lbd is not running"},
        subcommands = {StatusCommand.class, TopCommand.class, InfoCommand.class, SessionsCommand.class, HealthCommand.class, LogsCommand.class, CheckNowCommand.class, ExchangeCommand.class, CheckCommand.class, ConfigCommand.class, ExplainCommand.class,
            TestCommand.class, ReloadCommand.class, GenerationsCommand.class, UpgradeCommand.class, ServiceCommand.class, LayerFourCommand.class, VrrpCommand.class, SyncCommand.class, PreflightCommand.class, StopCommand.class, ServerCommand.class, MaintenanceCommand.class, TablesCommand.class, MapsCommand.class, CertCommand.class, ImportCommand.class, CompletionCommand.class, RawCommand.class})
public final class Lbctl implements Runnable {

    private static final Duration QUICK = Duration.ofSeconds(10);

    private final SocketLocations locations;
    private final Terminal terminal;

    @Option(names = {"-s", "--socket"}, paramLabel = "SOCKET", scope = ScopeType.INHERIT,
            description = "The daemon's control socket; default: LBD_SOCKET, else the usual places.")
    private Path socket;

    @Spec
    private CommandSpec spec;

    Lbctl(SocketLocations locations, Terminal terminal) {
        this.locations = Objects.requireNonNull(locations, "locations");
        this.terminal = Objects.requireNonNull(terminal, "terminal");
    }

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(out, err, Terminal.wantsColours());
        System.exit(run(SocketLocations.ofProcess(), terminal, args));
    }

    /** Runs one command line and returns its exit code. */
    static int run(SocketLocations locations, Terminal terminal, String... args) {
        CommandLine commandLine = new CommandLine(new Lbctl(locations, terminal));
        commandLine.setOut(terminal.out());
        commandLine.setErr(terminal.err());
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> explain(terminal, failure));
        commandLine.setParameterExceptionHandler((failure, words) -> explain(terminal, failure));
        return commandLine.execute(args);
    }

    private static int explain(Terminal terminal, ParameterException failure) {
        terminal.complain(failure.getMessage() + "; '" + failure.getCommandLine().getCommandSpec().qualifiedName()
                + " --help' tells more");
        return ExitCode.USAGE;
    }

    private static int explain(Terminal terminal, Exception failure) throws Exception {
        if (failure instanceof IOException) {
            terminal.complain(failure.getMessage());
            return failure instanceof DaemonClient.NotRunningException ? ExitCode.NOT_RUNNING : ExitCode.ERROR;
        }
        // A bug: the stack trace is what its report needs.
        throw failure;
    }

    /** Without a command: like {@code --help}, but wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    Terminal terminal() {
        return terminal;
    }

    /** Asks the daemon something that it answers at once. */
    String ask(String line) throws IOException {
        return ask(line, QUICK);
    }

    String ask(String line, Duration patience) throws IOException {
        return client().send(line, patience);
    }

    /** Asks for something that goes on until the daemon ends. */
    void follow(String line, Consumer<String> lines) throws IOException {
        client().follow(line, lines);
    }

    private DaemonClient client() {
        return new DaemonClient(Optional.ofNullable(socket).map(SocketLocations::only).orElse(locations).candidates());
    }

    /** What {@code --version} prints. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.CURRENT.toString().replaceFirst("^lbd", "lbctl")};
        }
    }
}
