package net.lbd.config.lint;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import net.lbd.config.draft.SectionText;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Statement;

/** TLS and protocols against the logins of Exchange. */
final class TlsLints {

    static final List<Lint> ROWS = List.of(TlsLints::offloading, TlsLints::http2);

    private TlsLints() { }

    private static void offloading(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            boolean tls = frontend.binds().stream().anyMatch(b -> b.settings().get(BindSettings.SSL));
            if (!tls || scope.routes().ofFrontend(frontend.name()).isEmpty()) {
                continue;
            }
            for (String name : backendsOf(frontend)) {
                Optional<BackendSpec> backend = scope.configuration().backend(name);
                Optional<ServerSpec> plain = backend.stream().flatMap(b -> b.servers().stream())
                        .filter(s -> !s.settings().get(ServerSettings.SSL)).findFirst();
                if (plain.isPresent() && !scope.routes().ofBackend(name).isEmpty()) {
                    scope.notice(Code.ADVICE_OFFLOADING, plain.get().location(), "clients of backend '" + name
                            + "' come with TLS, its servers are spoken to without: Exchange refuses such logins where Extended Protection is on",
                            "connect with 'ssl' and give frontend and Exchange the same certificate, or switch Extended Protection off");
                }
            }
        }
    }

    private static TreeSet<String> backendsOf(FrontendSpec frontend) {
        TreeSet<String> names = new TreeSet<>();
        frontend.switching().stream().map(BackendSwitchSpec::backend).flatMap(b -> b.asLiteral().stream()).forEach(names::add);
        frontend.defaultBackend().ifPresent(names::add);
        return names;
    }

    private static void http2(LintScope scope) {
        for (SectionText section : scope.sectionsWith("bind")) {
            if (!section.kind().hasFrontend() || scope.routes().ofFrontend(section.name()).isEmpty()) {
                continue;
            }
            for (Statement line : section.lines()) {
                for (int i = 1; line.first().is("bind") && i + 1 < line.words().size(); i++) {
                    if (line.words().get(i).is("alpn") && List.of(line.words().get(i + 1).text().split(",")).contains("h2")) {
                        scope.notice(Code.ADVICE_HTTP2_NTLM, line.words().get(i + 1).location(),
                                "frontend '" + section.name() + "' carries Exchange: NTLM, Kerberos and RPC over HTTP do not work over HTTP/2",
                                "write 'alpn http/1.1'");
                    }
                }
            }
        }
    }
}
