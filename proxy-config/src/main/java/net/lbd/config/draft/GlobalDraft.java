package net.lbd.config.draft;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.model.ControlSockets;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.GlobalSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.model.Verify;
import net.lbd.config.syntax.SourceLocation;

/** The {@code global} sections, taken together. Not thread-safe. */
public final class GlobalDraft {

    private final Settings.Builder settings = Settings.builder();
    private final Settings.Builder bindDefaults = Settings.builder();
    private final Settings.Builder serverDefaults = Settings.builder();
    private final List<LogTargetSpec> logTargets = new ArrayList<>();
    private final List<ControlSockets.Socket> sockets = new ArrayList<>();

    public Settings.Builder settings() {
        return settings;
    }

    /** What {@code ssl-default-bind-…} lines say. */
    public Settings.Builder bindDefaults() {
        return bindDefaults;
    }

    /** What {@code ssl-default-server-…} lines say. */
    public Settings.Builder serverDefaults() {
        return serverDefaults;
    }

    public List<LogTargetSpec> logTargets() {
        return logTargets;
    }

    public List<ControlSockets.Socket> sockets() {
        return sockets;
    }

    public Verify serverVerify() {
        return settings.find(GlobalSettings.SSL_SERVER_VERIFY).map(Settings.Sourced::value).orElse(Verify.REQUIRED);
    }

    public GlobalSpec toSpec() {
        putIfAny(GlobalSettings.SSL_DEFAULT_BIND, bindDefaults);
        putIfAny(GlobalSettings.SSL_DEFAULT_SERVER, serverDefaults);
        if (!sockets.isEmpty()) {
            settings.put(GlobalSettings.STATS_SOCKETS, new ControlSockets(sockets), sockets.get(0).location());
        }
        return new GlobalSpec(logTargets, settings.build());
    }

    private void putIfAny(net.lbd.config.model.Setting<Settings> setting, Settings.Builder values) {
        Settings built = values.build();
        if (!built.keys().isEmpty()) {
            SourceLocation first = built.origin(built.keys().iterator().next());
            settings.put(setting, built, first);
        }
    }
}
