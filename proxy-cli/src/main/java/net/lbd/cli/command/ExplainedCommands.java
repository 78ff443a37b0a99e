package net.lbd.cli.command;

import java.util.List;
import net.lbd.config.model.ControlSockets.Level;

/**
 * Commands of HAProxy that look into its own inside, which is another here: each says where what its user looks for is found.
 * Source: HAProxy manual, management guide.
 */
final class ExplainedCommands {

    static final List<Command> TABLE = List.of(
            explained("debug dev", Level.ADMIN, "'debug dev' stalls and crashes HAProxy for its developers, which lbd offers nobody:"
                    + " 'show threads' tells what it does, and 'jcmd PID help' what Java knows."),
            explained("trace", Level.OPERATOR, "lbd has no live traces: 'check now B/S' tells the steps of a check, 'show errors' what was refused,"
                    + " and 'lbctl explain URL' which rules a request meets."),
            explained("show trace", Level.OPERATOR, "lbd has no live traces: 'check now B/S' tells the steps of a check, 'show errors' what was"
                    + " refused, and 'lbctl explain URL' which rules a request meets."),
            explained("show profiling", Level.OPERATOR, "lbd measures no single functions: 'show activity' tells how busy its event loops are, and"
                    + " 'jcmd PID JFR.start' records what Java does."),
            explained("set profiling", Level.ADMIN, "lbd measures no single functions: 'show activity' tells how busy its event loops are, and"
                    + " 'jcmd PID JFR.start' records what Java does."),
            explained("show tasks", Level.OPERATOR, "lbd has no tasks as HAProxy has them: 'show activity' tells how many wait on each event loop,"
                    + " and 'show threads' what each thread does."),
            explained("httpclient", Level.ADMIN, "lbd sends no requests from here: 'check now B/S' asks a server, and curl anybody."));

    private ExplainedCommands() { }

    private static Command explained(String path, Level level, String sentence) {
        return Command.of(path, "", level, "not of lbd: tells what there is instead", invocation -> {
            throw new CommandException(sentence);
        });
    }
}
