package net.lbd.core.runtime;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import net.lbd.config.model.CookieCapture;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.log.LogFormat;
import net.lbd.core.log.LogFormats;
import net.lbd.core.http.Ascii;
import net.lbd.core.log.LogIdentity;
import net.lbd.core.log.LogTarget;
import net.lbd.core.log.LogWriter;
import net.lbd.core.log.ProxyMessages;
import net.lbd.core.log.ServerMessages;
import net.lbd.core.mail.MailAlerts;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.sample.RuntimeNames;

/** Makes the logs of the proxies of one configuration. Used by one thread. */
final class LogSetup {

    private final LogWriter writer;
    private final Settings global;
    private final ProcessFacts process;
    private final List<LogTarget> targets = new ArrayList<>();

    LogSetup(LogWriter writer, Settings global, ProcessFacts process) {
        this.writer = Objects.requireNonNull(writer, "writer");
        this.global = Objects.requireNonNull(global, "global");
        this.process = Objects.requireNonNull(process, "process");
    }

    /**
     * Where a backend tells what happens to its servers.
     *
     * @param kind what the messages call it: {@code backend}, or {@code proxy} for a listen section
     */
    ProxyMessages messages(String kind, List<LogTargetSpec> specs, Settings proxy, Optional<MailAlerts> mails) {
        return new ProxyMessages(new ServerMessages(writer, kind, open(specs, proxy, false)), proxy.get(ProxySettings.LOG_HEALTH_CHECKS), mails);
    }

    FrontendLog frontend(FrontendSpec spec, RuntimeNames names) {
        Settings settings = spec.settings();
        LogFormat format = settings.find(ProxySettings.LOG_FORMAT)
                .map(f -> LogFormat.compile(f, LogFormat.Use.LOG, names))
                .orElseGet(() -> LogFormat.withoutFormat(spec.mode(), names));
        Optional<LogFormat> data = settings.find(ProxySettings.LOG_FORMAT_SD).map(f -> LogFormat.compile(f, LogFormat.Use.LOG, names));
        LogFormats formats = new LogFormats(format,
                settings.find(ProxySettings.ERROR_LOG_FORMAT).map(f -> LogFormat.compile(f, LogFormat.Use.LOG, names)), data,
                settings.find(ProxySettings.UNIQUE_ID_FORMAT).map(f -> LogFormat.compile(f, LogFormat.Use.VALUE, names)),
                settings.find(ProxySettings.UNIQUE_ID_HEADER).map(Ascii::bytes),
                settings.find(ProxySettings.CAPTURE_COOKIE).map(cookie -> new CookieCapture(cookie.beginning(),
                        Math.min(cookie.lengthBytes(), global.get(GlobalSettings.COOKIE_LENGTH)))));
        // Structured data exists in lines of RFC 5424 only.
        Predicate<LogTargetSpec> structured = target -> data.isPresent() && target.format() == LogTargetSpec.Format.RFC5424;
        List<LogTargetSpec> targets = spec.logTargets();
        return new FrontendLog(open(targets.stream().filter(structured.negate()).toList(), settings, false),
                open(targets.stream().filter(structured).toList(), settings, true), formats,
                settings.get(ProxySettings.DONTLOGNULL), settings.get(ProxySettings.DONTLOG_NORMAL),
                settings.get(ProxySettings.LOGASAP), settings.get(ProxySettings.LOG_SEPARATE_ERRORS), writer);
    }

    /** Every target made so far: what no configuration uses any more can be closed. */
    List<LogTarget> targets() {
        return List.copyOf(targets);
    }

    private List<LogTarget> open(List<LogTargetSpec> specs, Settings proxy, boolean structured) {
        String tag = proxy.find(ProxySettings.LOG_TAG).orElseGet(() -> global.get(GlobalSettings.LOG_TAG));
        Optional<String> hostname = global.find(GlobalSettings.LOG_SEND_HOSTNAME)
                .map(name -> name.isEmpty() ? process.hostname() : name);
        LogIdentity identity = new LogIdentity(tag, process.pid(), hostname, ZoneId.systemDefault(), structured);
        List<LogTarget> opened = specs.stream().map(spec -> writer.target(spec, identity)).toList();
        targets.addAll(opened);
        return opened;
    }
}
