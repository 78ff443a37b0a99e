package net.lbd.cli.admin;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lbctl completion}: what a shell needs to complete the words of {@code lbctl}; it asks no daemon. */
@Command(name = "completion", mixinStandardHelpOptions = true,
        description = {"Prints the completion of lbctl's words for a shell. Once, in a running shell:",
            "  source <(lbctl completion)",
            "The Debian package does it for every bash that has bash-completion."})
final class CompletionCommand implements Callable<Integer> {

    /** The shells that the script serves. */
    enum Shell { bash, zsh }

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", arity = "0..1", defaultValue = "bash",
            description = "One of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private Shell shell;

    @Override
    public Integer call() {
        if (shell == Shell.zsh) {
            lbctl.terminal().out().println("autoload -U +X compinit && compinit");
        }
        lbctl.terminal().out().print(AutoComplete.bash("lbctl", spec.root().commandLine()));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }
}
