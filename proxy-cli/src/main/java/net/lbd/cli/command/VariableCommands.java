package net.lbd.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.GlobalVariables;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;
import net.lbd.core.runtime.ChangeRefused;
import net.lbd.core.runtime.ServerChanges;

/**
 * Commands about the variables of the process; a reload begins anew. Source: HAProxy manual, management guide, "get var", "set var"; the
 * answers were read off HAProxy 2.6.
 */
final class VariableCommands {

    static final List<Command> TABLE = List.of(
            Command.of("get var", "<name>", Level.OPERATOR, "retrieve contents of a process-wide variable", VariableCommands::get),
            Command.of("set var", "<name> [fmt|expr] {<fmt>|<expr>}", Level.ADMIN,
                    "set variable from an expression or a format (wants experimental-mode on)", VariableCommands::set));

    private VariableCommands() { }

    private static String get(Invocation invocation) throws CommandException {
        String name = invocation.argument(0);
        if (name.isEmpty()) {
            throw new CommandException("Missing process-wide variable identifier.");
        }
        try {
            Optional<String> told = variables(invocation).variable(name);
            return name + ": " + told.orElseThrow(() -> new CommandException("Variable not found.")) + "\n";
        } catch (ChangeRefused e) {
            throw new CommandException(e.getMessage());
        }
    }

    private static String set(Invocation invocation) throws CommandException {
        ModeCommands.wantsExperimental(invocation);
        String name = invocation.argument(0);
        if (name.isEmpty()) {
            throw new CommandException("Missing process-wide variable identifier.");
        }
        if (!name.startsWith("proc.")) {
            throw new CommandException("'set var': cannot set variable '" + name + "', only scope 'proc' is permitted here.");
        }
        String kind = invocation.argument(1);
        boolean named = kind.equals("fmt") || kind.equals("expr");
        List<String> value = invocation.arguments().subList(Math.min(named ? 2 : 1, invocation.arguments().size()), invocation.arguments().size());
        if (value.isEmpty()) {
            throw new CommandException("Missing either 'expr', 'fmt' or expression.");
        }
        GlobalVariables variables = read(kind.equals("fmt") ? "set-var-fmt" : "set-var", name, value);
        try {
            variables(invocation).setVariables(variables);
        } catch (ChangeRefused e) {
            throw new CommandException(e.getMessage());
        }
        return "";
    }

    /** As a line of {@code global} says it, which is checked in the same way: what needs traffic has no value there. */
    private static GlobalVariables read(String keyword, String name, List<String> value) throws CommandException {
        String line = keyword + " " + quoted(name) + " " + value.stream().map(VariableCommands::quoted).collect(Collectors.joining(" "));
        LoadResult read = new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath())).loadText("<set var>", "global\n" + line + "\n");
        if (read.hasErrors() || !read.notYetSupported().isEmpty()) {
            throw new CommandException(read.diagnostics().stream().filter(d -> d.severity() == Severity.ERROR || read.notYetSupported().contains(d))
                    .map(Diagnostic::message).collect(Collectors.joining("\n")));
        }
        return read.configuration().orElseThrow().global().settings().get(GlobalSettings.VARIABLES);
    }

    /** One word, whatever its characters: nothing in strong quotes means anything but itself. */
    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static ServerChanges variables(Invocation invocation) throws CommandException {
        return invocation.daemon().engine().serverChanges().orElseThrow(() -> new CommandException("this daemon has no variables"));
    }
}
