package net.lbd.cli.command;

import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.RateLimit;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyRuntime;

/** {@code clear counters}. Source: HAProxy manual, management guide, "clear counters". */
final class CounterCommands {

    static final List<Command> TABLE = List.of(
            Command.of("clear counters", "", Level.OPERATOR, "clear max statistics counters", i -> clear(i, false)),
            Command.of("clear counters all", "", Level.ADMIN, "clear all statistics counters", i -> clear(i, true)));

    private CounterCommands() { }

    private static String clear(Invocation invocation, boolean all) throws CommandException {
        if (!invocation.arguments().isEmpty()) {
            throw new CommandException("'clear counters' takes nothing, or 'all'.");
        }
        invocation.daemon().engine().runtime().ifPresent(runtime -> clear(runtime, all));
        ProcessRates rates = invocation.daemon().engine().rates();
        for (RateLimit rate : List.of(rates.connections(), rates.sessions(), rates.ssl())) {
            rate.rate().clearMax();
        }
        return "";
    }

    private static void clear(ProxyRuntime runtime, boolean all) {
        for (Frontend frontend : runtime.frontends()) {
            if (all) {
                frontend.counters().clear();
            } else {
                frontend.counters().clearMax();
            }
        }
        for (Backend backend : runtime.backends()) {
            if (all) {
                backend.counters().clear();
            } else {
                backend.counters().clearMax();
            }
            for (Server server : backend.servers()) {
                if (all) {
                    server.state().clearCounters();
                } else {
                    server.state().counters().clearMax();
                }
            }
        }
    }
}
