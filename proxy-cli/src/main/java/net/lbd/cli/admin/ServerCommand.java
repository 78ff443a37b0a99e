package net.lbd.cli.admin;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl server BACKEND/SERVER ready|drain|maint}. */
@Command(name = "server", mixinStandardHelpOptions = true,
        description = "Changes what a server may get: everything (ready), only what belongs to it (drain),"
                + " nothing (maint).")
final class ServerCommand implements Callable<Integer> {

    /** The administrative states. */
    enum Wanted {
        ready, drain, maint
    }

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(index = "0", paramLabel = "BACKEND/SERVER", description = "The server.")
    private String server;

    @Parameters(index = "1", paramLabel = "STATE", description = "One of ${COMPLETION-CANDIDATES}.")
    private Wanted wanted;

    @Override
    public Integer call() throws IOException {
        String refusal = lbctl.ask("set server " + RawCommand.escape(server) + " state "
                + wanted.name().toLowerCase(Locale.ROOT)).strip();
        if (refusal.isEmpty()) {
            return ExitCode.OK;
        }
        lbctl.terminal().complain(server + ": " + refusal);
        return ExitCode.ERROR;
    }
}
