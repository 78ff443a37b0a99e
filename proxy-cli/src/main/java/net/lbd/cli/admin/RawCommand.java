package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl command LINE}: one line of the control socket's own language. */
@Command(name = "command", aliases = "raw", mixinStandardHelpOptions = true,
        description = "Sends a line to the control socket and prints the answer; 'lbctl command help' lists"
                + " the commands.")
final class RawCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(arity = "1..*", paramLabel = "LINE", description = "The command; several stand between ';'.")
    private List<String> words;

    @Override
    public Integer call() throws IOException {
        lbctl.terminal().out().print(lbctl.ask(String.join(" ", words), PATIENCE));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    /** A word that the control socket takes literally. */
    static String escape(String word) {
        return word.replaceAll("[\\\\;\\s]", "\\\\$0");
    }
}
