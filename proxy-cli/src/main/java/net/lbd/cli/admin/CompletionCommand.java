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

    /**
     * Names of the running daemon behind the commands that take a server: asked when the key is pressed. Without a daemon, or
     * where this user may not ask, there are none, and nothing is printed into the command line.
     */
    private static final String SERVERS = """

            # Servers of the running daemon.
            function _complete_lbctl_servers() {
              case $COMP_CWORD:${COMP_WORDS[1]} in
                2:server | 2:health | 2:check-now | 2:maintenance)
                  local servers
                  servers=$(lbctl command 'show stat -1 4 -1' 2>/dev/null | awk -F, -v machines="${COMP_WORDS[1]}" \
                    '/^[^#]/ && NF > 2 { print machines == "maintenance" ? $2 : $1 "/" $2 }' | sort -u)
                  COMPREPLY=( $(compgen -W "$servers" -- "${COMP_WORDS[COMP_CWORD]}") )
                  [ "${#COMPREPLY[@]}" -gt 0 ] && return 0 ;;
              esac
              _complete_lbctl "$@"
            }
            complete -F _complete_lbctl_servers -o default lbctl lbctl.sh lbctl.bash
            """;

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
        lbctl.terminal().out().print(SERVERS);
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }
}
