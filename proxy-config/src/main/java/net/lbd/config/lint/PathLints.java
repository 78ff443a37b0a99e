package net.lbd.config.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import net.lbd.config.keyword.rule.HttpActionKeywords;
import net.lbd.config.keyword.rule.ReplyActionKeywords;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.ConditionSpec;
import net.lbd.config.model.ExchangeService;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.syntax.Code;

/** Paths and host names that compare other than they read. */
final class PathLints {

    static final List<Lint> ROWS =
            List.of(PathLints::trailingSlash, PathLints::encoded, PathLints::redirectPort, PathLints::hostPort);

    private PathLints() { }

    private static void trailingSlash(LintScope scope) {
        if (!scope.routes().areNamed()) {
            return;
        }
        eachTest(scope, test -> {
            if (!test.sample().fetch().keyword().equals("path") || test.method() != MatchMethod.BEG) {
                return;
            }
            for (PatternSpec pattern : test.patterns()) {
                String text = pattern instanceof PatternSpec.Text path ? path.text() : "";
                if (text.endsWith("/") && text.length() > 1 && ExchangeService.ofPath(text).isPresent()) {
                    String bare = text.substring(0, text.length() - 1);
                    scope.notice(Code.ADVICE_PATH_SLASH, test.location(), text, "'" + text + "' holds for neither '" + bare + "' nor '/"
                            + text + "'", "leave the slash out, or add '" + bare + "' with 'path -i'; 'lbctl explain' shows where a target goes");
                }
            }
        });
    }

    private static void encoded(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            boolean exchange = !scope.routes().ofFrontend(frontend.name()).isEmpty();
            for (RuleSpec rule : frontend.rules()) {
                if (!(rule.action() instanceof ReplyActionKeywords.Deny) || rule.condition().isEmpty()
                        || rule.condition().get().unless()) {
                    continue;
                }
                terms(rule.condition().get()).stream().filter(t -> !t.negated()).flatMap(t -> t.acl().tests().stream())
                        .filter(t -> Set.of("path", "url", "pathq").contains(t.sample().fetch().keyword())
                                && t.sample().converters().isEmpty() && !texts(t).isEmpty()
                                && (exchange || texts(t).get(0).toLowerCase(Locale.ROOT).endsWith("healthcheck.htm")))
                        .forEach(t -> scope.warn(Code.ADVICE_ENCODED_PATH, t.location(), "'" + texts(t).get(0)
                                + "' is compared undecoded: '" + encode(texts(t).get(0)) + "' passes the deny rule at "
                                + rule.location().fileAndLine(), "decode first: " + t.sample().fetch().keyword() + ",url_dec -m "
                                + t.method().keyword()));
            }
        }
    }

    /** With its first letter as %XX. */
    private static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isLetter(text.charAt(i)) && text.charAt(i) < 128) {
                return text.substring(0, i) + String.format(Locale.ROOT, "%%%02X", (int) text.charAt(i)) + text.substring(i + 1);
            }
        }
        return text;
    }

    private static void redirectPort(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            if (scope.routes().ofFrontend(frontend.name()).isEmpty()) {
                continue;
            }
            for (RuleSpec rule : frontend.rules()) {
                if (rule.action() instanceof HttpActionKeywords.Redirect redirect
                        && redirect.kind() == HttpActionKeywords.Redirect.Kind.SCHEME) {
                    scope.notice(Code.ADVICE_REDIRECT_PORT, rule.location(),
                            "the redirection keeps a port of the Host header: 'Host: mail:80' leads to https://mail:80/",
                            "'redirect prefix https://NAME' names the host without a port");
                }
            }
        }
    }

    private static void hostPort(LintScope scope) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            if (scope.routes().ofFrontend(frontend.name()).isEmpty()) {
                continue;
            }
            for (AclSpec.Test test : scope.tests(frontend)) {
                boolean host = test.sample().fetch().keyword().equals("req.hdr") && test.sample().converters().isEmpty()
                        && test.sample().text().toLowerCase(Locale.ROOT).endsWith("hdr(host)");
                if (host && test.method() == MatchMethod.STR && texts(test).stream().noneMatch(t -> t.contains(":"))) {
                    scope.notice(Code.ADVICE_HOST_PORT, test.location(), "a Host header with a port ('" + texts(test).stream().findFirst().orElse("mail")
                            + ":443') does not match", "write " + test.sample().text() + ",field(1,:)");
                }
            }
        }
    }

    private static void eachTest(LintScope scope, Consumer<AclSpec.Test> consumer) {
        for (FrontendSpec frontend : scope.configuration().frontends()) {
            scope.tests(frontend).forEach(consumer);
        }
    }

    private static List<ConditionSpec.Term> terms(ConditionSpec condition) {
        return condition.anyOf().stream().flatMap(List::stream).toList();
    }

    private static List<String> texts(AclSpec.Test test) {
        List<String> texts = new ArrayList<>();
        test.patterns().forEach(p -> {
            if (p instanceof PatternSpec.Text text) {
                texts.add(text.text());
            }
        });
        return texts;
    }
}
