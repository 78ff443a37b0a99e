package net.lbd.core.rule;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.keyword.rule.ServiceActionKeywords;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.report.PrometheusText;
import net.lbd.core.report.PrometheusText.Scope;
import net.lbd.core.report.ReportDesk;
import net.lbd.core.stream.Verdict;

/** The services that answer requests in the process. Source: HAProxy manual, "http-request use-service". */
final class ServiceActions {

    private static final List<LocalReply.Header> HEADERS = List.of(
            new LocalReply.Header(Ascii.bytes("Cache-Control"), Ascii.bytes("no-cache")),
            new LocalReply.Header(Ascii.bytes("Content-Type"), Ascii.bytes("text/plain; version=0.0.4")));

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(ServiceActionKeywords.PrometheusExporter.class, (action, set, names) -> {
                ReportDesk desk = names.process().reports();
                return stream -> {
                    Optional<Wanted> wanted = Wanted.of(query(stream.request()));
                    return wanted.isEmpty()
                            ? new Verdict.Reply(ErrorPages.reply(stream, 400), 400)
                            : new Verdict.Service(desk, () -> new LocalReply(200, HEADERS,
                                    desk.prometheus(wanted.get().scopes(), wanted.get().withoutMaintenance()).getBytes(StandardCharsets.UTF_8), true));
                };
            }));

    /** What the query of a request asks the exporter for. */
    private record Wanted(Set<Scope> scopes, boolean withoutMaintenance) {

        /** Empty for a query that cannot be understood. Words that are no {@code scope} are not for us. */
        static Optional<Wanted> of(String query) {
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            boolean chosen = false;
            boolean withoutMaintenance = false;
            for (String part : query.split("&")) {
                if (part.equals("no-maint") || part.startsWith("no-maint=")) {
                    withoutMaintenance = true;
                } else if (part.startsWith("scope=")) {
                    chosen = true;
                    String name = part.substring("scope=".length());
                    if (name.equals("*")) {
                        scopes.addAll(PrometheusText.ALL);
                    } else if (!name.isEmpty() && !name.equals("sticktable")) {
                        Optional<Scope> scope = scope(name);
                        if (scope.isEmpty()) {
                            return Optional.empty();
                        }
                        scopes.add(scope.get());
                    }
                } else if (part.equals("scope")) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Wanted(chosen ? scopes : PrometheusText.ALL, withoutMaintenance));
        }

        private static Optional<Scope> scope(String name) {
            return PrometheusText.ALL.stream().filter(s -> s.name().toLowerCase(Locale.ROOT).equals(name)).findFirst();
        }
    }

    private ServiceActions() { }

    /** What stands behind the question mark. */
    static String query(HttpMessage request) {
        int length = request.hasPath() ? request.pathAndQueryLength() - request.pathLength() : 0;
        return length <= 1 ? "" : new String(request.bytes(), request.pathOffset() + request.pathLength() + 1, length - 1,
                StandardCharsets.US_ASCII);
    }
}
