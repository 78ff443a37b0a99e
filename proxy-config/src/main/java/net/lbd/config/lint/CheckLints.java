package net.lbd.config.lint;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.draft.SectionText;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.ExchangeService;
import net.lbd.config.model.PcreSyntax;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Word;

/** Health checks that say less, or something else, than they seem to. */
final class CheckLints {

    static final List<Lint> ROWS = List.of(
            CheckLints::rstatus, CheckLints::mailPort, CheckLints::chained, CheckLints::serverPort, CheckLints::host);

    /** Answers of a server that is broken or not ours. */
    private static final List<String> BAD_STATUSES = List.of("400", "403", "404", "500", "502", "503", "504");

    private static final Set<Integer> MAIL_PORTS = Set.of(25, 110, 143, 465, 587, 993, 995);

    private CheckLints() { }

    private static void rstatus(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            for (CheckStep step : backend.check().steps()) {
                if (step instanceof CheckStep.HttpExpect expect && expect.match() == CheckStep.HttpMatch.RSTATUS
                        && !expect.negated()) {
                    rstatus(scope, expect);
                }
            }
        }
    }

    private static void rstatus(LintScope scope, CheckStep.HttpExpect expect) {
        Matcher anywhere = Pattern.compile(PcreSyntax.toJava(expect.pattern())).matcher("");
        List<String> surprising = BAD_STATUSES.stream()
                .filter(status -> anywhere.reset(status).find() && !anywhere.reset(status).lookingAt()).toList();
        if (!surprising.isEmpty()) {
            String pattern = expect.pattern();
            String anchored = pattern.startsWith("(") && pattern.endsWith(")") ? "^" + pattern : "^(" + pattern + ")";
            scope.warn(Code.ADVICE_RSTATUS, expect.location(), pattern,
                    "'rstatus " + pattern + "' is looked for anywhere in the status, so " + String.join(", ", surprising)
                            + " pass as well", "anchor it: rstatus " + anchored);
        }
    }

    private static void mailPort(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            if (backend.check().kind() != CheckSpec.Kind.HTTP) {
                continue;
            }
            for (ServerSpec server : backend.servers()) {
                int port = server.settings().find(ServerSettings.CHECK_PORT).orElse(port(server.address()));
                if (server.settings().get(ServerSettings.CHECK) && MAIL_PORTS.contains(port)) {
                    scope.warn(Code.ADVICE_MAIL_PORT_CHECK, server.location(), "server '" + server.name()
                            + "' is checked with HTTP on port " + port + ", where a mail server listens; it is always down",
                            "check the banner with 'option tcp-check' and 'tcp-check expect string', or leave 'option httpchk' out");
                }
            }
        }
    }

    private static void chained(LintScope scope) {
        for (SectionText section : scope.sectionsWith("tcp-check")) {
            Word request = null;
            boolean expected = false;
            for (Statement line : section.lines()) {
                if (line.words().size() < 2 || !line.first().is("tcp-check")) {
                    continue;
                }
                switch (line.words().get(1).text()) {
                    case "connect" -> {
                        request = null;
                        expected = false;
                    }
                    case "expect" -> expected = request != null;
                    case "send" -> {
                        if (line.words().size() > 2 && line.words().get(2).text().contains(" HTTP/1.")) {
                            if (expected) {
                                Word second = line.words().get(2);
                                scope.notice(Code.ADVICE_CHAINED_CHECK, second.location(), "this request follows the one at "
                                        + request.location().fileAndLine() + " on one connection: the rest of the first answer"
                                        + " can satisfy what is expected of the second",
                                        "put 'tcp-check connect' before each request, or use http-check connect, send and expect");
                                expected = false;
                            }
                            request = line.words().get(2);
                        }
                    }
                    default -> { }
                }
            }
        }
    }

    private static void serverPort(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            for (ServerSpec server : backend.servers()) {
                if (backend.mode() == ProxyMode.HTTP && hasNoPort(server.address())) {
                    scope.notice(Code.ADVICE_SERVER_PORT, server.location(), "server '" + server.name()
                            + "' has no port: it is connected to on the port that its client asked for",
                            "write '" + server.address().text() + ":80' or ':443 ssl'");
                }
            }
        }
    }

    private static void host(LintScope scope) {
        for (BackendSpec backend : scope.configuration().backends()) {
            for (CheckStep step : backend.check().steps()) {
                if (!(step instanceof CheckStep.HttpSend request)) {
                    continue;
                }
                boolean named = request.headers().stream().anyMatch(h -> h.name().toLowerCase(Locale.ROOT).equals("host"));
                if (!named && ExchangeService.ofPath(request.uri()).isPresent()) {
                    scope.notice(Code.ADVICE_CHECK_HOST, request.location(), "the check of '" + request.uri() + "' sends no Host header",
                            "add 'http-check send hdr Host' and the name that users type");
                }
            }
        }
    }

    static boolean hasNoPort(AddressSpec address) {
        if (address instanceof AddressSpec.Ip ip) {
            return ip.port() instanceof PortSpec.None;
        }
        return address instanceof AddressSpec.Host host && host.port() instanceof PortSpec.None;
    }

    private static int port(AddressSpec address) {
        PortSpec port = address instanceof AddressSpec.Ip ip ? ip.port()
                : address instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
        return port instanceof PortSpec.Fixed fixed ? fixed.port() : -1;
    }
}
