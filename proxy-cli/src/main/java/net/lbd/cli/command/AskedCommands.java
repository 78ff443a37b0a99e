package net.lbd.cli.command;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.command.ServerCommands.Target;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Asked;
import net.lbd.core.runtime.ServerChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of {@code set server} that say where a server's checks and its agent are asked, what the agent is sent, and whether connections
 * speak TLS; a reload takes them back. Source: HAProxy manual, management guide, "set server"; the answers were read off HAProxy 2.6.
 */
final class AskedCommands {

    private static final Logger LOG = LoggerFactory.getLogger(AskedCommands.class);

    private AskedCommands() { }

    /** {@code agent-addr} and {@code check-addr ADDRESS [port PORT]}. */
    static String setAddress(Invocation invocation, Target target, boolean agent) throws CommandException {
        String what = agent ? "agent-addr" : "check-addr";
        wants(invocation, target, agent);
        String text = invocation.argument(2);
        if (text.isEmpty()) {
            throw new CommandException("set server <b>/<s> " + what + " requires an address and optionally a port.");
        }
        if (!NetUtil.isValidIpV4Address(text) && !NetUtil.isValidIpV6Address(text)) {
            throw new CommandException("invalid addr '" + text + "'");
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        String word = invocation.argument(3);
        if (!word.isEmpty() && !word.equals("port")) {
            throw new CommandException("'" + word + "' stands where 'port' was expected.");
        }
        Asked asked = asked(target, agent).at(address);
        set(target, agent, word.isEmpty() ? asked : asked.on(port(invocation.argument(4))));
        return "";
    }

    /** {@code agent-port} and {@code check-port PORT}. */
    static String setPort(Invocation invocation, Target target, boolean agent) throws CommandException {
        wants(invocation, target, agent);
        if (invocation.argument(2).isEmpty()) {
            throw new CommandException("set server <b>/<s> " + (agent ? "agent-port" : "check-port") + " requires a port.");
        }
        set(target, agent, asked(target, agent).on(port(invocation.argument(2))));
        return "";
    }

    /** {@code agent-send TEXT}; it may be empty. */
    static String setQuestion(Invocation invocation, Target target) throws CommandException {
        wants(invocation, target, true);
        RosterCommands.change(invocation, servers ->
                servers.setAgentQuestion(target.backend().name(), target.server().name(), invocation.argument(2)));
        LOG.info("The agent of server {}/{} is sent something else, as the administrator says", target.backend(), target.server());
        return "";
    }

    /** {@code ssl on|off}. */
    static String setTls(Invocation invocation, Target target) throws CommandException {
        boolean configured = HealthCommands.spec(invocation, target.backend(), target.server()).map(ServerChanges::knowsTls).orElse(false);
        if (!configured) {
            throw new CommandException(ServerChanges.NO_TLS);
        }
        String value = invocation.argument(2);
        if (!value.equals("on") && !value.equals("off")) {
            throw new CommandException("'set server <srv> ssl' expects 'on' or 'off'.");
        }
        RosterCommands.change(invocation, servers ->
                servers.setTls(target.backend().name(), target.server().name(), value.equals("on")));
        LOG.info("TLS to server {}/{} is switched {} by the administrator", target.backend(), target.server(), value);
        return "server ssl setting updated.\n";
    }

    private static void wants(Invocation invocation, Target target, boolean agent) throws CommandException {
        Setting<Boolean> setting = agent ? ServerSettings.AGENT_CHECK : ServerSettings.CHECK;
        if (!HealthCommands.spec(invocation, target.backend(), target.server()).map(s -> s.settings().get(setting)).orElse(false)) {
            throw new CommandException((agent ? "agent" : "health") + " checks are not enabled on this server");
        }
    }

    private static int port(String text) throws CommandException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new CommandException("provided port is not an integer");
        }
        int port = Integer.parseInt(text);
        // HAProxy takes 0, and cannot connect then.
        if (port < 1 || port > 65535) {
            throw new CommandException("provided port is invalid");
        }
        return port;
    }

    private static Asked asked(Target target, boolean agent) {
        ServerState state = target.server().state();
        return agent ? state.agentAsked() : state.checkAsked();
    }

    private static void set(Target target, boolean agent, Asked asked) {
        ServerState state = target.server().state();
        if (agent) {
            state.setAgentAsked(asked);
        } else {
            state.setCheckAsked(asked);
        }
        LOG.info("{} of server {}/{} is asked at {}, port {}, as the administrator says", agent ? "The agent" : "The check", target.backend(),
                target.server(), asked.address().map(InetAddress::getHostAddress).orElse("its own address"),
                asked.port().map(String::valueOf).orElse("its own"));
    }
}
