package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.syntax.Code;

/** The checks that speak one protocol. Source: HAProxy manual, "option smtpchk" and its kin. */
public final class CheckOptions {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            option("option smtpchk", "[{ HELO | EHLO } <domain>]", """
                    Checks mail servers: a greeting of 2xx, an answer of 2xx to HELO or EHLO, and to QUIT. Default: HELO
                    localhost. Difference: answers of several lines are read whole.""",
                    CheckOptions::smtp),
            option("option ldap-check", "", "Checks LDAP servers: an anonymous bind must succeed.",
                    (arguments, draft) -> plain(arguments, draft, CheckSpec.Kind.LDAP)),
            option("option mysql-check", "[user <name> [{ post-41 | pre-41 }]]", """
                    Checks MySQL servers: their greeting, and with a user the login, which needs an account without a password.""",
                    CheckOptions::mysql),
            option("option pgsql-check", "user <name>", "Checks PostgreSQL servers: they ask for a login or take the user.",
                    (arguments, draft) -> {
                        arguments.oneOf("user", List.of("user"));
                        String user = arguments.next("a name", ArgumentType.TEXT);
                        arguments.end();
                        choose(arguments, draft, CheckSpec.Kind.PGSQL, List.of(user));
                    }),
            option("option redis-check", "", "Checks Redis servers: PING must be answered with +PONG.",
                    (arguments, draft) -> plain(arguments, draft, CheckSpec.Kind.REDIS)),
            option("option ssl-hello-chk", "", """
                    Checks servers with a hello of SSL 3: an answer that is TLS passes, a refusal too. 'check-ssl' proves more.""",
                    (arguments, draft) -> plain(arguments, draft, CheckSpec.Kind.SSL_HELLO)),
            option("option spop-check", "", "Checks agents of SPOE, which lbd does not speak.", (arguments, draft) -> arguments.end())
                    .support(Support.refused("lbd does not speak SPOE; 'option tcp-check' sees whether an agent listens")),
            option("option external-check", "", """
                    Checks servers with a program, which exits with 0 if the server is well. Needs 'external-check' and
                    'insecure-fork-wanted' in global; see external-check command for its arguments.""",
                    (arguments, draft) -> plain(arguments, draft, CheckSpec.Kind.EXTERNAL)),
            Directive.<ProxyDraft>of("external-check command", BACK, "<program>", """
                    The program of option external-check. It is given the address and port of the proxy, or NOT_USED, and
                    of the server, and the environment variables that HAProxy's manual names.""",
                    (arguments, draft) -> {
                        arguments.next("a program", ArgumentType.TEXT);
                        draft.check().command(arguments.last());
                        arguments.end();
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("external-check path", BACK, "<path>", "The PATH of the program of option external-check.",
                    (arguments, draft) -> {
                        arguments.next("a path", ArgumentType.TEXT);
                        draft.check().path(arguments.last());
                        arguments.end();
                    }).ignoredElsewhere());

    private CheckOptions() { }

    private static Directive<ProxyDraft> option(String name, String syntax, String doc, Directive.Parser<ProxyDraft> parser) {
        return Directive.of(name, BACK, syntax, doc, parser).ignoredElsewhere();
    }

    /** The last of several kinds counts. */
    static void choose(Arguments arguments, ProxyDraft draft, CheckSpec.Kind kind, List<String> words) {
        draft.check().choose(kind, arguments.keyword(), words);
    }

    private static void plain(Arguments arguments, ProxyDraft draft, CheckSpec.Kind kind) {
        arguments.end();
        choose(arguments, draft, kind, List.of());
    }

    private static void smtp(Arguments arguments, ProxyDraft draft) {
        String greeting = "HELO localhost";
        if (arguments.hasNext()) {
            String word = arguments.next("HELO or EHLO").text();
            boolean known = word.equals("HELO") || word.equals("EHLO");
            if (known && arguments.hasNext()) {
                greeting = word + " " + arguments.next("a domain", ArgumentType.TEXT);
            } else {
                // HAProxy takes the default, without a word.
                arguments.warn(Code.NO_EFFECT, arguments.keyword(), "'option smtpchk " + word + "': "
                        + (known ? "a domain belongs behind it" : "greetings are HELO and EHLO") + "; HELO localhost is sent");
                arguments.rest();
            }
            arguments.end();
        }
        choose(arguments, draft, CheckSpec.Kind.SMTP, List.of(greeting));
    }

    private static void mysql(Arguments arguments, ProxyDraft draft) {
        if (!arguments.hasNext()) {
            plain(arguments, draft, CheckSpec.Kind.MYSQL);
            return;
        }
        arguments.oneOf("user", List.of("user"));
        String user = arguments.next("a name", ArgumentType.TEXT);
        String dialect = arguments.hasNext() ? arguments.oneOf("a version", List.of("post-41", "pre-41")) : "post-41";
        arguments.end();
        choose(arguments, draft, CheckSpec.Kind.MYSQL, List.of(user, dialect));
    }
}
