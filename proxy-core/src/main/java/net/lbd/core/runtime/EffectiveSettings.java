package net.lbd.core.runtime;

import net.lbd.config.model.BindSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.model.Verify;

/** The settings of a line over what {@code global} says for all such lines. Pure functions. */
final class EffectiveSettings {

    private EffectiveSettings() { }

    static Settings of(Settings global, BindSpec bind) {
        return Settings.builder().putAll(global.get(GlobalSettings.UNIX_BIND))
                .putAll(global.get(GlobalSettings.SSL_DEFAULT_BIND)).putAll(bind.settings()).build();
    }

    static Settings of(Settings global, ServerSpec server) {
        Settings.Builder builder = Settings.builder();
        if (global.get(GlobalSettings.SSL_SERVER_VERIFY) == Verify.NONE) {
            builder.put(ServerSettings.VERIFY, Verify.NONE, global.origin(GlobalSettings.SSL_SERVER_VERIFY));
        }
        return builder.putAll(global.get(GlobalSettings.SSL_DEFAULT_SERVER)).putAll(server.settings()).build();
    }

    /** Whether anything of a server, its traffic or its check, speaks TLS. */
    static boolean usesTls(Settings server) {
        return server.get(ServerSettings.SSL)
                || server.get(ServerSettings.CHECK) && server.get(ServerSettings.CHECK_SSL);
    }
}
