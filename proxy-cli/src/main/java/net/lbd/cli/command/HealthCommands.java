package net.lbd.cli.command;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.health.Watch;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/** Commands about the checks of servers. */
final class HealthCommands {

    /** Longer than a check may take that anybody would wait for. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHOWN_BYTES = 4096;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    static final List<Command> TABLE = List.of(
            Command.of("enable health", "<bk>/<srv>", Level.ADMIN, "enable health checks", i -> toggle(i, false, true)),
            Command.of("disable health", "<bk>/<srv>", Level.ADMIN, "disable health checks", i -> toggle(i, false, false)),
            Command.of("enable agent", "<bk>/<srv>", Level.ADMIN, "enable agent checks", i -> toggle(i, true, true)),
            Command.of("disable agent", "<bk>/<srv>", Level.ADMIN, "disable agent checks", i -> toggle(i, true, false)),
            Command.of("show health", "[<bk>/<srv>]", Level.USER, "the last 20 transitions of each server, or of one", HealthCommands::show),
            Command.of("check now", "<bk>/<srv>", Level.OPERATOR, "run one check at once and tell every step", HealthCommands::checkNow));

    private HealthCommands() { }

    private static String toggle(Invocation invocation, boolean agent, boolean on) throws CommandException {
        ServerCommands.Target target = ServerCommands.target(invocation);
        boolean configured = spec(invocation, target.backend(), target.server())
                .map(s -> s.settings().get(agent ? ServerSettings.AGENT_CHECK : ServerSettings.CHECK)).orElse(false);
        if (!configured && on) {
            throw new CommandException((agent ? "Agent was" : "Health check was") + " not configured on this server, cannot enable.");
        }
        if (configured) {
            invocation.daemon().engine().checks().setChecked(target.server(), agent, on);
        }
        return "";
    }

    static void force(Invocation invocation, Backend backend, Server server, String value) throws CommandException {
        Watch.Forced wanted = switch (value) {
            case "up" -> Watch.Forced.UP;
            case "stopping" -> Watch.Forced.STOPPING;
            case "down" -> Watch.Forced.DOWN;
            default -> throw new CommandException("'set server <srv> health' expects 'up', 'stopping', or 'down'.");
        };
        if (spec(invocation, backend, server).flatMap(s -> s.settings().find(ServerSettings.TRACK)).isPresent()) {
            throw new CommandException("cannot change health on a tracking server.");
        }
        if (!invocation.daemon().engine().checks().force(server, wanted)) {
            throw new CommandException("Server '" + backend + "/" + server + "' is not checked; use 'state maint' to take it out.");
        }
    }

    static void forceAgent(Invocation invocation, Server server, String value) throws CommandException {
        if (!value.equals("up") && !value.equals("down")) {
            throw new CommandException("'set server <srv> agent' expects 'up' or 'down'.");
        }
        if (!invocation.daemon().engine().checks().forceAgent(server, value.equals("up"))) {
            throw new CommandException("agent checks are not enabled on this server.");
        }
    }

    static Optional<ServerSpec> spec(Invocation invocation, Backend backend, Server server) {
        return invocation.daemon().engine().runtime().flatMap(r -> r.configuration().backend(backend.name()))
                .flatMap(b -> b.server(server.name()));
    }

    private static String show(Invocation invocation) throws CommandException {
        StringBuilder out = new StringBuilder();
        if (!invocation.argument(0).isEmpty()) {
            ServerCommands.Target target = ServerCommands.target(invocation);
            append(out, target.server());
            return out.isEmpty() ? "No transition of " + target.backend() + "/" + target.server() + " since the start.\n" : out.toString();
        }
        invocation.daemon().engine().runtime().ifPresent(runtime ->
                runtime.backends().forEach(backend -> backend.servers().forEach(server -> append(out, server))));
        return out.isEmpty() ? "No transition of any server since the start.\n" : out.toString();
    }

    private static void append(StringBuilder out, Server server) {
        for (ServerState.Event event : server.state().events()) {
            out.append(TIME.format(event.at())).append("  ").append(event.text()).append('\n');
        }
    }

    private static String checkNow(Invocation invocation) throws CommandException {
        ServerCommands.Target target = ServerCommands.target(invocation);
        Transcript transcript = new Transcript();
        CheckResult result = probe(invocation, target.server(), transcript)
                .orElseThrow(() -> new CommandException("Server '" + target.backend() + "/" + target.server()
                        + "' has no check that runs: it has none, is in maintenance, or its checks are disabled."));
        return transcript.text() + (result.passed() ? "passed: " : "failed: ") + result.status() + " " + result.reason()
                + (result instanceof CheckResult.Failed failed && !failed.detail().isEmpty() ? " (" + failed.detail() + ")" : "") + "\n";
    }

    /** Runs one check and waits for it; empty if the server is not checked. */
    static Optional<CheckResult> probe(Invocation invocation, Server server, CheckTrace trace) throws CommandException {
        Optional<Future<CheckResult>> running = invocation.daemon().engine().checks().probe(server, trace);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        if (!running.get().awaitUninterruptibly(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new CommandException("The check has not ended within " + PATIENCE.toSeconds() + " seconds.");
        }
        return Optional.of(running.get().getNow());
    }

    /** The steps of a check as text. Written on the loop of the checks, read when the check is over. */
    static final class Transcript implements CheckTrace {
        private final StringBuilder text = new StringBuilder();
        private final long started = System.nanoTime();

        @Override
        public synchronized void connecting(SocketAddress address, boolean tls) {
            String where = address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : address.toString();
            line("connect to " + where + (tls ? " with TLS" : ""));
        }

        @Override
        public synchronized void bytes(boolean sent, byte[] bytes) {
            line((sent ? "sent " : "received ") + bytes.length + " bytes: " + escape(bytes));
        }

        @Override
        public synchronized void step(int number, String description, String failure) {
            line("step " + number + " " + description + (failure.isEmpty() ? "" : ": " + failure));
        }

        private void line(String what) {
            text.append(String.format("%6d ms  ", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started))).append(what).append('\n');
        }

        synchronized String text() {
            return text.toString();
        }

        /** Bytes that do not print, as a configuration would write them. */
        private static String escape(byte[] bytes) {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < Math.min(bytes.length, SHOWN_BYTES); i++) {
                int b = bytes[i] & 0xff;
                switch (b) {
                    case '\r' -> out.append("\\r");
                    case '\n' -> out.append("\\n");
                    case '\\' -> out.append("\\\\");
                    default -> out.append(b >= 0x20 && b < 0x7f ? String.valueOf((char) b) : String.format("\\x%02x", b));
                }
            }
            return out + (bytes.length > SHOWN_BYTES ? "…" : "");
        }

        /** Unprintable bytes aside, what the server sent. */
        static String plain(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
