package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACKEND;
import static net.lbd.config.grammar.SectionKind.DEFAULTS;
import static net.lbd.config.grammar.SectionKind.FRONTEND;
import static net.lbd.config.grammar.SectionKind.LISTEN;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.draft.ProxyDraft.NameUse;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Word;

/** Mails about the state of servers. Source: HAProxy manual, "email-alert from". */
public final class EmailAlertKeywords {

    private static final Set<SectionKind> PROXIES = Set.of(DEFAULTS, FRONTEND, LISTEN, BACKEND);

    /** What stands in a command of SMTP must not end it, nor begin another. */
    private static final ArgumentType<String> SAFE = text -> {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == '<' || c == '>')) {
            throw new ValueException("'" + text + "' cannot stand in a command of SMTP");
        }
        return text;
    };

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.value(ProxySettings.EMAIL_ALERT_FROM, PROXIES, "<address>", SAFE, """
                    The sender of mails about the servers. They need 'email-alert mailers' and 'email-alert to' as well."""),
            Rows.value(ProxySettings.EMAIL_ALERT_LEVEL, PROXIES, "<level>", ArgumentType.oneOf(Level.class), """
                    From which level on mails are sent. Default: alert. A server that goes down is told at alert, one that comes up or
                    changes otherwise at notice, a check that is logged at info."""),
            Directive.<ProxyDraft>of("email-alert mailers", PROXIES, "<section>", "The mailers section to send through.",
                    (arguments, draft) -> {
                        Word section = arguments.next("<section>");
                        arguments.end();
                        draft.nameUses().add(new NameUse(NameKind.MAILERS, section));
                        draft.settings().put(ProxySettings.EMAIL_ALERT_MAILERS, section.text(), arguments.location());
                    }).ignoredElsewhere(),
            Rows.value(ProxySettings.EMAIL_ALERT_MYHOSTNAME, PROXIES, "<name>", SAFE, """
                    The name to greet mail servers with. Default: that of the machine."""),
            Rows.value(ProxySettings.EMAIL_ALERT_TO, PROXIES, "<address>", SAFE, "Who gets the mails."));

    private EmailAlertKeywords() { }
}
