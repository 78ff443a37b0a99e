package net.lbd.cli.command;

import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.lint.ExchangeService;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/**
 * The services of Exchange against every server, from one run of the checks. Which backend is which service is told by the
 * targets of its check, else by the ports of its servers, else by its name. HealthCheck.htm answers {@code 200 OK} and the
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
                Set<String> services = spec.map(ExchangeCommands::services).orElse(Set.of());
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

    /** The services of a backend; none if it has nothing to do with Exchange. */
    static Set<String> services(BackendSpec backend) {
        Set<String> found = new LinkedHashSet<>();
        for (CheckStep step : backend.check().steps()) {
            if (step instanceof CheckStep.HttpSend send) {
                ExchangeService.ofPath(send.uri()).map(ExchangeService::title).ifPresent(found::add);
            } else if (step instanceof CheckStep.TcpSend send) {
                String[] words = send.data().text().split(" ");
                if (words.length > 1) {
                    ExchangeService.ofPath(words[1]).map(ExchangeService::title).ifPresent(found::add);
                }
            } else if (step instanceof CheckStep.Connect connect) {
                connect.port().flatMap(ExchangeCommands::mail).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            for (ServerSpec server : backend.servers()) {
                server.settings().find(ServerSettings.CHECK_PORT).or(() -> port(server.address()))
                        .flatMap(ExchangeCommands::mail).ifPresent(found::add);
            }
        }
        if (found.isEmpty()) {
            byName(backend.name()).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Integer> port(AddressSpec address) {
        PortSpec port = address instanceof AddressSpec.Ip ip ? ip.port() : address instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
        return port instanceof PortSpec.Fixed fixed ? Optional.of(fixed.port()) : Optional.empty();
    }

    private static Optional<String> mail(int port) {
        return switch (port) {
            case 25, 465, 587 -> Optional.of("SMTP");
            case 110, 995 -> Optional.of("POP3");
            case 143, 993 -> Optional.of("IMAP4");
            default -> Optional.empty();
        };
    }

    private static Optional<String> byName(String backend) {
        String name = backend.toLowerCase(Locale.ROOT);
        if (name.endsWith("_oa") || name.contains("outlook_anywhere")) {
            return Optional.of(ExchangeService.RPC.title());
        }
        if (name.contains("activesync") || name.endsWith("_eas") || name.endsWith("_as")) {
            return Optional.of(ExchangeService.ACTIVESYNC.title());
        }
        for (String mail : List.of("imap", "pop", "smtp")) {
            if (name.matches(".*(^|[_-])" + mail + "s?[0-9]?([_-]|$).*")) {
                return Optional.of(mail.equals("imap") ? "IMAP4" : mail.equals("pop") ? "POP3" : "SMTP");
            }
        }
        for (ExchangeService service : ExchangeService.values()) {
            if (name.matches(".*(^|[_-])" + service.name().toLowerCase(Locale.ROOT) + "([_-]|$).*")) {
                return Optional.of(service.title());
            }
        }
        return Optional.empty();
    }
}
