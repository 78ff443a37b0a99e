package net.lbd.config.lint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ExchangeService;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.SourceLocation;

/** Timeouts against the long requests of Exchange. */
final class TimeoutLints {

    static final List<Lint> ROWS = List.of(TimeoutLints::longPolls, TimeoutLints::clientSide);

    /** Outlook's next request comes within seconds; a new connection costs a login. */
    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(10);
    private static final Duration SHORTEST_CLIENT = Duration.ofMinutes(5);

    private TimeoutLints() { }

    /** The backends whose timeout one line gives, so that a line of defaults is told of once. */
    private static void longPolls(LintScope scope) {
        Map<SourceLocation, List<String>> cut = new LinkedHashMap<>();
        Map<SourceLocation, Duration> values = new LinkedHashMap<>();
        for (BackendSpec backend : scope.configuration().backends()) {
            Settings settings = backend.settings();
            Optional<Duration> timeout = settings.find(ProxySettings.TIMEOUT_SERVER);
            if (timeout.isEmpty() || timeout.get().isZero() || backend.servers().isEmpty()
                    || scope.routes().ofBackend(backend.name()).isEmpty()) {
                continue;
            }
            List<String> services = scope.routes().ofBackend(backend.name()).stream()
                    .filter(s -> s.longestPoll().compareTo(timeout.get()) > 0).map(ExchangeService::title).toList();
            if (!services.isEmpty()) {
                SourceLocation at = settings.origin(ProxySettings.TIMEOUT_SERVER);
                cut.computeIfAbsent(at, l -> new ArrayList<>()).add("backend '" + backend.name() + "' (" + String.join(", ", services) + ")");
                values.put(at, timeout.get());
            }
        }
        cut.forEach((at, backends) -> scope.notice(Code.ADVICE_LONG_POLL, at, "after " + text(values.get(at))
                + " without an answer requests end with 504, but they may rightly wait longer in " + String.join(", ", backends),
                "ActiveSync wants 'timeout server' of 15m and more, MAPI and RPC 10m and more"));
    }

    private static void clientSide(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            if (!scope.routes().ofFrontend(frontend.name()).isEmpty()) {
                shorter(scope, frontend, ProxySettings.TIMEOUT_HTTP_KEEP_ALIVE, SHORTEST_KEEP_ALIVE,
                        "clients must log in with NTLM again behind every pause", "5m");
                shorter(scope, frontend, ProxySettings.TIMEOUT_CLIENT, SHORTEST_CLIENT,
                        "the waiting requests of ActiveSync, MAPI and RPC end with it", "15m");
            }
        }
    }

    private static void shorter(
            LintScope scope, FrontendSpec frontend, Setting<Duration> setting, Duration least, String effect, String better) {
        Optional<Duration> value = frontend.settings().find(setting);
        if (value.isPresent() && !value.get().isZero() && value.get().compareTo(least) < 0) {
            scope.notice(Code.ADVICE_CLIENT_TIMEOUT, frontend.settings().origin(setting), "'" + setting.name() + " " + text(value.get())
                    + "' is short for Exchange in frontend '" + frontend.name() + "': " + effect, "write '" + setting.name() + " " + better + "'");
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
