package net.lbd.cli.command;

import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.ExchangeBackends;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/**
 * The services of Exchange against every server, from one run of the checks. HealthCheck.htm answers {@code 200 OK} and the
 * name of the server; a component that the administrator has set inactive makes it answer 503.
 */
final class ExchangeCommands {

    static final List<Command> TABLE = List.of(Command.of("show exchange", "", Level.OPERATOR,
            "the services of Exchange on every server, checked at once", ExchangeCommands::show));

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** The body of HealthCheck.htm: {@code 200 OK<br/>EX1.EXAMPLE.LOCAL}. */
    private static final Pattern BODY = Pattern.compile("200 OK<br\\s*/?>\\s*([A-Za-z0-9._-]+)");

    private ExchangeCommands() { }

    /** One cell: a service of a server, and its check. */
    private record Cell(String service, Backend backend, Server server, Optional<Future<CheckResult>> check, Seen seen) { }

    /** What a check received. Written on the loop of the checks, read when it is over. */
    private static final class Seen implements CheckTrace {
        private final StringBuilder received = new StringBuilder();

        @Override
        public void connecting(SocketAddress address, boolean tls) {
            // Only the answers count.
        }

        @Override
        public synchronized void bytes(boolean sent, byte[] bytes) {
            if (!sent && received.length() < 65_536) {
                received.append(HealthCommands.Transcript.plain(bytes));
            }
        }

        @Override
        public void step(int number, String description, String failure) {
            // The result says it.
        }

        synchronized String received() {
            return received.toString();
        }
    }

    private static String show(Invocation invocation) {
        List<Cell> cells = new ArrayList<>();
        invocation.daemon().engine().runtime().ifPresent(runtime -> {
            for (Backend backend : runtime.backends()) {
                Optional<BackendSpec> spec = runtime.configuration().backend(backend.name());
                Set<String> services = spec.map(ExchangeBackends::services).orElse(Set.of());
                for (Server server : services.isEmpty() ? List.<Server>of() : backend.servers()) {
                    Seen seen = new Seen();
                    Optional<Future<CheckResult>> check = invocation.daemon().engine().checks().probe(server, seen);
                    services.forEach(service -> cells.add(new Cell(service, backend, server, check, seen)));
                }
            }
        });
        StringBuilder out = new StringBuilder("# service\tbackend\tserver\tstate\tname\tdetail\n");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Cell cell : cells) {
            cell.check().ifPresent(check -> check.awaitUninterruptibly(
                    Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            out.append(String.join("\t", row(cell))).append('\n');
        }
        return out.toString();
    }

    private static List<String> row(Cell cell) {
        ServerState state = cell.server().state();
        Optional<CheckResult> result = cell.check().filter(Future::isSuccess).map(Future::getNow);
        Matcher body = BODY.matcher(cell.seen().received());
        String name = body.find() ? body.group(1) : "";
        String detail = result.map(r -> r.status() + " " + r.reason().replaceAll(", check duration: .*", "")).orElse("");
        return List.of(cell.service(), cell.backend().name(), cell.server().name(), verdict(state, result, cell.seen().received()), name, detail.replace('\t', ' '));
    }

    /** In a word: ok, inactive, broken, maint, drain, unchecked. */
    private static String verdict(ServerState state, Optional<CheckResult> result, String received) {
        if (state.admin() == ServerState.Admin.MAINT) {
            return "maint";
        }
        if (result.isEmpty()) {
            return "unchecked";
        }
        if (!result.get().passed()) {
            boolean inactive = result.get().code().equals(OptionalInt.of(503)) || received.matches("(?s).*HTTP/1\\.[01] 503 .*")
                    || result.get().info().toLowerCase(Locale.ROOT).contains("inactive");
            return inactive ? "inactive" : "broken";
        }
        return state.admin() == ServerState.Admin.DRAIN ? "drain" : state.isStopping() ? "inactive" : "ok";
    }
}
