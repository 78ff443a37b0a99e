package net.lbd.cli.command;

import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.command.CommandSession.Severities;
import net.lbd.config.model.ControlSockets.Level;

/**
 * Commands about what a client's session is allowed and told. Source: HAProxy manual, management guide, "experimental-mode", "expert-mode",
 * "set severity-output".
 */
final class ModeCommands {

    static final List<Command> TABLE = List.of(
            Command.of("experimental-mode", "[on|off]", Level.ADMIN, "allow experimental commands: 'set var'", i -> {
                if (i.argument(0).isEmpty()) {
                    return "experimental-mode is " + (i.session().isExperimental() ? "ON" : "OFF") + "\n";
                }
                i.session().setExperimental(on(i, "experimental-mode"));
                return "";
            }),
            Command.of("expert-mode", "[on|off]", Level.ADMIN, "allow expert commands; there are none", i -> {
                if (i.argument(0).isEmpty()) {
                    return "expert-mode is " + (i.session().isExpert() ? "ON" : "OFF") + "\n";
                }
                i.session().setExpert(on(i, "expert-mode"));
                return "";
            }),
            Command.of("set severity-output", "none|number|string", Level.USER,
                    "set presence of severity level in feedback information", ModeCommands::severities));

    private ModeCommands() { }

    /** @throws CommandException unless the session has switched experimental commands on */
    static void wantsExperimental(Invocation invocation) throws CommandException {
        if (!invocation.session().isExperimental()) {
            throw new CommandException("This command is restricted to experimental mode only.");
        }
    }

    private static boolean on(Invocation invocation, String mode) throws CommandException {
        String value = invocation.argument(0);
        if (!value.equals("on") && !value.equals("off")) {
            throw new CommandException("'" + mode + "' expects 'on' or 'off'.");
        }
        return value.equals("on");
    }

    private static String severities(Invocation invocation) throws CommandException {
        invocation.session().setSeverities(switch (invocation.argument(0)) {
            case "none" -> Severities.NONE;
            case "number" -> Severities.NUMBER;
            case "string" -> Severities.STRING;
            default -> throw new CommandException("one of 'none', 'number', 'string' is a required argument");
        });
        return "";
    }
}
