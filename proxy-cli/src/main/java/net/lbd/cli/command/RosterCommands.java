package net.lbd.cli.command;

import java.nio.file.Path;
import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.check.AddedServer;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.runtime.ChangeRefused;
import net.lbd.core.runtime.ServerChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that add servers, take them out, and change how cookies stand for them; a reload takes all of it back. Source: HAProxy manual,
 * management guide, "add server", "del server", "enable dynamic-cookie"; the answers were read off HAProxy 2.6.
 */
final class RosterCommands {

    static final List<Command> TABLE = List.of(
            Command.of("add server", "<bk>/<srv> <addr>[:<port>] [<parameter>]*", Level.ADMIN,
                    "create a new server, in maintenance and unchecked, until the next reload", RosterCommands::add),
            Command.of("del server", "<bk>/<srv>", Level.ADMIN,
                    "remove a server in maintenance, until the next reload", RosterCommands::remove),
            Command.of("enable dynamic-cookie backend", "<bk>", Level.ADMIN,
                    "enable dynamic cookies on a specific backend", i -> cookies(i, true)),
            Command.of("disable dynamic-cookie backend", "<bk>", Level.ADMIN,
                    "disable dynamic cookies on a specific backend", i -> cookies(i, false)),
            Command.of("set dynamic-cookie-key backend", "<bk> <k>", Level.ADMIN,
                    "change a backend secret key for dynamic cookies", RosterCommands::key));

    private static final Logger LOG = LoggerFactory.getLogger(RosterCommands.class);

    private RosterCommands() { }

    private record ServerPath(String backend, String server) { }

    private static ServerPath path(Invocation invocation) throws CommandException {
        String text = invocation.argument(0);
        int slash = text.indexOf('/');
        if (slash < 0 || slash == text.length() - 1) {
            throw new CommandException("Require 'backend/server'.");
        }
        return new ServerPath(text.substring(0, slash), text.substring(slash + 1));
    }

    private static String add(Invocation invocation) throws CommandException {
        ServerPath path = path(invocation);
        List<String> rest = invocation.arguments().subList(1, invocation.arguments().size());
        change(invocation, servers -> servers.add(path.backend, (serving, backend) -> {
            AddedServer read = AddedServer.read(serving, backend, path.server, rest, Path.of("").toAbsolutePath());
            return read.server().orElseThrow(() -> new ChangeRefused(String.join("\n", read.errors())));
        }));
        LOG.info("Server {}/{} is added by the administrator, until the next reload", path.backend, path.server);
        return "New server registered.\n";
    }

    private static String remove(Invocation invocation) throws CommandException {
        ServerPath path = path(invocation);
        change(invocation, servers -> servers.remove(path.backend, path.server));
        LOG.info("Server {}/{} is removed by the administrator, until the next reload", path.backend, path.server);
        return "Server deleted.\n";
    }

    private static String cookies(Invocation invocation, boolean on) throws CommandException {
        String backend = backend(invocation);
        change(invocation, servers -> servers.setDynamicCookie(backend, on));
        LOG.info("Dynamic cookies of backend {} are switched {} by the administrator", backend, on ? "on" : "off");
        return "";
    }

    private static String key(Invocation invocation) throws CommandException {
        String backend = backend(invocation);
        String key = invocation.argument(1);
        if (key.isEmpty()) {
            throw new CommandException("String value expected.");
        }
        change(invocation, servers -> servers.setDynamicCookieKey(backend, key));
        LOG.info("The key of dynamic cookies of backend {} is changed by the administrator", backend);
        return "";
    }

    private static String backend(Invocation invocation) throws CommandException {
        if (invocation.argument(0).isEmpty()) {
            throw new CommandException("A backend name is expected.");
        }
        return invocation.argument(0);
    }

    /** A change that the engine may refuse. */
    interface Change {
        void make(ServerChanges servers) throws ChangeRefused;
    }

    static void change(Invocation invocation, Change change) throws CommandException {
        ServerChanges servers = invocation.daemon().engine().serverChanges()
                .orElseThrow(() -> new CommandException("this daemon has no servers that could be changed"));
        try {
            change.make(servers);
        } catch (ChangeRefused e) {
            throw new CommandException(e.getMessage());
        }
    }
}
