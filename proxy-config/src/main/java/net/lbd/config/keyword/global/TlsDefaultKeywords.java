package net.lbd.config.keyword.global;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.BindDraft;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Parameter;
import net.lbd.config.grammar.ParameterLines;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.TlsVersions;
import net.lbd.config.keyword.bind.BindKeywords;
import net.lbd.config.keyword.server.ServerKeywords;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.syntax.Word;

/** Defaults for TLS on both sides. Source: HAProxy manual, "ssl-default-bind-options" and its kin. */
public final class TlsDefaultKeywords {

    private static final Set<SectionKind> HERE = Set.of(SectionKind.GLOBAL);

    private static final List<String> OPTIONS = List.of("ssl-min-ver", "ssl-max-ver", "no-sslv3", "no-tlsv10", "no-tlsv11",
            "no-tlsv12", "no-tlsv13", "force-sslv3", "force-tlsv10", "force-tlsv11", "force-tlsv12", "force-tlsv13",
            "no-tls-tickets", "prefer-client-ciphers", "strict-sni");

    /** Flags of bind lines that may stand here too, and are as much carried out. */
    private static final List<String> BIND_FLAGS = List.of("no-tls-tickets", "prefer-client-ciphers", "strict-sni");

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            Directive.<GlobalDraft>of("ssl-default-bind-options", HERE, "<option>…", "Options of every bind line with ssl.",
                    (arguments, draft) -> options(arguments, draft.bindDefaults(), BindSettings.SSL_MIN_VER,
                            BindSettings.SSL_MAX_VER, true)),
            Directive.<GlobalDraft>of("ssl-default-server-options", HERE, "<option>…", "Options of every server line with ssl.",
                    (arguments, draft) -> options(arguments, draft.serverDefaults(), ServerSettings.SSL_MIN_VER,
                            ServerSettings.SSL_MAX_VER, false)),
            bind("ssl-default-bind-ciphers", BindSettings.CIPHERS, "Cipher suites of every bind line with ssl, TLS 1.2 and older."),
            bind("ssl-default-bind-ciphersuites", BindSettings.CIPHERSUITES, "TLS 1.3 suites of every bind line with ssl."),
            bind("ssl-default-bind-curves", BindSettings.CURVES, "Curves of every bind line with ssl."),
            server("ssl-default-server-ciphers", ServerSettings.CIPHERS, "Cipher suites of every server line with ssl, TLS 1.2 and older."),
            server("ssl-default-server-ciphersuites", ServerSettings.CIPHERSUITES, "TLS 1.3 suites of every server line with ssl."));

    private TlsDefaultKeywords() { }

    private static Directive<GlobalDraft> bind(String name, Setting<String> setting, String doc) {
        return Directive.of(name, HERE, "<names>", doc, (arguments, draft) -> {
            String value = arguments.next("names", ArgumentType.TEXT);
            arguments.end();
            draft.bindDefaults().put(setting, value, arguments.location());
        });
    }

    private static Directive<GlobalDraft> server(String name, Setting<String> setting, String doc) {
        return Directive.of(name, HERE, "<names>", doc, (arguments, draft) -> {
            String value = arguments.next("names", ArgumentType.TEXT);
            arguments.end();
            draft.serverDefaults().put(setting, value, arguments.location());
        });
    }

    private static void options(
            Arguments arguments, Settings.Builder settings, Setting<TlsVersion> min, Setting<TlsVersion> max, boolean bind) {
        if (!arguments.hasNext()) {
            throw arguments.missing("an option");
        }
        while (arguments.hasNext()) {
            Word word = arguments.next("an option");
            String text = word.text();
            if (text.equals("ssl-min-ver")) {
                settings.put(min, arguments.next("a version", TlsVersions.VERSION), word.location());
            } else if (text.equals("ssl-max-ver")) {
                settings.put(max, arguments.next("a version", TlsVersions.VERSION), word.location());
            } else if (text.equals("no-sslv3")) {
                // SSL 3 is never spoken.
                continue;
            } else if (text.startsWith("no-tlsv1") && OPTIONS.contains(text)) {
                TlsVersions.without(version(text), min, max, settings, word.location());
            } else if (text.startsWith("force-tlsv1") && OPTIONS.contains(text)) {
                TlsVersions.only(version(text), min, max, settings, word.location());
            } else if (bind && BIND_FLAGS.contains(text)) {
                Parameter<BindDraft> row = BindKeywords.TABLE.find(text).orElseThrow();
                if (text.equals("no-tls-tickets")) {
                    settings.put(BindSettings.NO_TLS_TICKETS, true, word.location());
                } else if (text.equals("strict-sni")) {
                    settings.put(BindSettings.STRICT_SNI, true, word.location());
                }
                ParameterLines.note(arguments, word, row.support());
            } else if (text.equals("no-tls-tickets")) {
                ParameterLines.note(arguments, word, ServerKeywords.TABLE.find(text).orElseThrow().support());
            } else {
                throw arguments.unknown(word, "option", OPTIONS);
            }
        }
    }

    private static TlsVersion version(String option) {
        return TlsVersion.values()[option.charAt(option.length() - 1) - '0'];
    }
}
