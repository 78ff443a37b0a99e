package net.lbd.config.dump;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.draft.SectionText;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;

/** What holds in a section because no line says otherwise, as comments. Stateless. */
final class BuiltIn {

    private BuiltIn() { }

    /** Texts without comment signs, such as {@code retries 3}. */
    static List<String> of(SectionText section, Configuration configuration) {
        List<String> lines = new ArrayList<>();
        if (section.kind() == SectionKind.GLOBAL) {
            Settings settings = configuration.global().settings();
            for (Setting<Integer> setting : List.of(GlobalSettings.BUFSIZE, GlobalSettings.MAXREWRITE, GlobalSettings.MAXHDR)) {
                plain(lines, settings, setting);
            }
            return lines;
        }
        if (section.kind().hasFrontend()) {
            configuration.frontend(section.name()).ifPresent(f -> frontend(lines, f));
        }
        if (section.kind().hasBackend()) {
            configuration.backend(section.name()).ifPresent(b -> backend(lines, b));
        }
        return lines;
    }

    private static void frontend(List<String> lines, FrontendSpec frontend) {
        Settings settings = frontend.settings();
        Optional<Duration> client = derived(lines, settings, ProxySettings.TIMEOUT_CLIENT, Optional.empty(), "none: it waits without end");
        if (frontend.mode() == ProxyMode.HTTP) {
            Optional<Duration> request = derived(lines, settings, ProxySettings.TIMEOUT_HTTP_REQUEST, client, "as timeout client");
            derived(lines, settings, ProxySettings.TIMEOUT_HTTP_KEEP_ALIVE, request, "as timeout http-request");
            mode(lines, settings);
        }
        if (!settings.isSet(ProxySettings.MAXCONN)) {
            lines.add("maxconn  as that of global");
        }
    }

    private static void backend(List<String> lines, BackendSpec backend) {
        if (backend.servers().isEmpty()) {
            return;
        }
        Settings settings = backend.settings();
        Optional<Duration> connect = derived(lines, settings, ProxySettings.TIMEOUT_CONNECT,
                ProxySettings.TIMEOUT_CONNECT.defaultValue(), "");
        derived(lines, settings, ProxySettings.TIMEOUT_QUEUE, connect, "as timeout connect");
        derived(lines, settings, ProxySettings.TIMEOUT_SERVER, Optional.empty(), "none: it waits without end");
        plain(lines, settings, ProxySettings.RETRIES);
        if (backend.balance().location().isBuiltIn()) {
            lines.add("balance " + backend.balance().algorithm());
        }
        if (backend.mode() == ProxyMode.HTTP) {
            if (!settings.isSet(ProxySettings.HTTP_REUSE)) {
                lines.add("http-reuse " + settings.get(ProxySettings.HTTP_REUSE).name().toLowerCase(Locale.ROOT));
            }
            mode(lines, settings);
        }
        lines.add("default-server inter " + text(ServerSettings.INTER.defaultValue().orElseThrow()) + " rise "
                + ServerSettings.RISE.defaultValue().orElseThrow() + " fall " + ServerSettings.FALL.defaultValue().orElseThrow()
                + " weight " + ServerSettings.WEIGHT.defaultValue().orElseThrow() + "  unless a line above says otherwise");
    }

    private static void mode(List<String> lines, Settings settings) {
        if (!settings.isSet(ProxySettings.CONNECTION_MODE) && settings.get(ProxySettings.CONNECTION_MODE) == ConnectionMode.KEEP_ALIVE
                && !lines.contains("option http-keep-alive")) {
            lines.add("option http-keep-alive");
        }
    }

    private static void plain(List<String> lines, Settings settings, Setting<Integer> setting) {
        if (!settings.isSet(setting)) {
            setting.defaultValue().ifPresent(value -> lines.add(setting.name() + " " + value));
        }
    }

    /** @return what holds */
    private static Optional<Duration> derived(
            List<String> lines, Settings settings, Setting<Duration> setting, Optional<Duration> otherwise, String why) {
        if (settings.isSet(setting)) {
            return settings.find(setting);
        }
        lines.add(setting.name() + otherwise.map(d -> " " + text(d)).orElse("") + (why.isEmpty() ? "" : "  " + why));
        return otherwise;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
