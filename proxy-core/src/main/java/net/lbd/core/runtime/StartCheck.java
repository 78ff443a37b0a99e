package net.lbd.core.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsFiles;
import net.lbd.core.tls.TlsSources;

/**
 * What a start of a valid configuration would stumble over, found without starting: for {@code lbd -c}.
 * Reads certificates, keys and authorities; loads neither Netty nor a TLS library, opens no socket and
 * resolves no name. The start itself says the same in the same words. Used by one thread.
 */
public final class StartCheck {

    /** What decides about the TLS of a line; lines that agree in all of it are judged once. */
    private static final List<Setting<?>> OF_BINDS = List.of(BindSettings.CRT, BindSettings.CRT_LIST,
            BindSettings.CA_FILE, BindSettings.CA_VERIFY_FILE, BindSettings.CRL_FILE,
            BindSettings.VERIFY, BindSettings.CIPHERS, BindSettings.CIPHERSUITES, BindSettings.CURVES,
            BindSettings.SSL_MIN_VER, BindSettings.SSL_MAX_VER, BindSettings.TLS_TICKET_KEYS);
    private static final List<Setting<?>> OF_SERVERS = List.of(ServerSettings.CRT, ServerSettings.CA_FILE, ServerSettings.CRL_FILE,
            ServerSettings.VERIFY, ServerSettings.CIPHERS, ServerSettings.CIPHERSUITES, ServerSettings.SSL_MIN_VER,
            ServerSettings.SSL_MAX_VER);

    private final Configuration configuration;
    private final Problems problems = new Problems();
    /** Each file is read once. */
    private TlsSources sources = TlsSources.toCheckAlone();
    private final Map<List<Object>, Judgement> judged = new HashMap<>();

    /** What a line came to: an error, or what is not carried out as written. */
    private record Judgement(Optional<String> error, List<String> notes) { }

    /** Reads the files that a line names. */
    private interface Judge {
        List<String> judge(Settings settings, TlsSources sources) throws TlsException;
    }

    private StartCheck(Configuration configuration) {
        this.configuration = Objects.requireNonNull(configuration, "configuration");
    }

    /** Whether any proxy listens or the kernel forwards; a configuration with neither is valid and does not start. */
    public static boolean hasListener(Configuration configuration) {
        return !configuration.directors().isEmpty()
                || configuration.frontends().stream().anyMatch(frontend -> !frontend.binds().isEmpty()
                        && !frontend.settings().get(ProxySettings.DISABLED));
    }

    /** What a start without a listener is refused with; no line is to blame. */
    public static Diagnostic noListener() {
        Problems problems = new Problems();
        problems.error(Problems.NO_LISTENER, SourceLocation.BUILT_IN,
                "the configuration has no listener: no frontend or listen section has a 'bind' line", "");
        return problems.list().get(0);
    }

    /** Errors that would refuse the start, and notices of what is not carried out as written. */
    public static List<Diagnostic> of(Configuration configuration) {
        StartCheck check = new StartCheck(configuration);
        check.run();
        return check.problems.list();
    }

    private void run() {
        Settings global = configuration.global().settings();
        try {
            sources = TlsSources.toCheck(global);
        } catch (TlsException e) {
            problems.error(Problems.TLS, global.origin(GlobalSettings.ISSUERS_CHAIN_PATH), e.getMessage(), "");
        }
        for (FrontendSpec frontend : configuration.frontends()) {
            for (BindSpec bind : frontend.binds()) {
                Settings settings = EffectiveSettings.of(global, bind);
                if (settings.get(BindSettings.SSL)) {
                    tell(bind.location(), "", judge(settings, OF_BINDS, TlsFiles::checkBind));
                }
            }
        }
        Settings shared = global.get(GlobalSettings.SSL_DEFAULT_SERVER);
        boolean sharesTls = shared.isSet(ServerSettings.SSL) || shared.isSet(ServerSettings.CHECK_SSL);
        for (BackendSpec backend : configuration.serverGroups()) {
            for (ServerSpec server : backend.servers()) {
                if (!sharesTls && !server.settings().isSet(ServerSettings.SSL) && !server.settings().isSet(ServerSettings.CHECK_SSL)) {
                    // As most are, and there may be thousands: nothing is put together for them.
                    continue;
                }
                Settings settings = EffectiveSettings.of(global, server);
                if (EffectiveSettings.usesTls(settings)) {
                    tell(server.location(), "server '" + server.name() + "': ",
                            judge(settings, OF_SERVERS, TlsFiles::checkServer));
                }
            }
        }
    }

    private Judgement judge(Settings settings, List<Setting<?>> deciding, Judge judge) {
        List<Object> key = new ArrayList<>();
        deciding.forEach(setting -> key.add(settings.find(setting)));
        key.add(deciding);
        Judgement known = judged.get(key);
        if (known == null) {
            try {
                known = new Judgement(Optional.empty(), judge.judge(settings, sources));
            } catch (TlsException e) {
                known = new Judgement(Optional.of(e.getMessage()), List.of());
            }
            judged.put(key, known);
        }
        return known;
    }

    private void tell(SourceLocation where, String subject, Judgement judgement) {
        judgement.error.ifPresent(error -> problems.error(Problems.TLS, where, subject + error, ""));
        judgement.notes.forEach(note -> problems.notice(Problems.TLS, where, subject + note, ""));
    }
}
