package net.lbd.core.runtime;

import java.util.List;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.log.LogFormat;
import net.lbd.core.log.ProxyMessages;
import net.lbd.core.sample.RuntimeNames;

/** Makes the logs of proxies. */
final class LogSetup {

    ProxyMessages messages(List<LogTargetSpec> targets) {
        return new ProxyMessages();
    }

    FrontendLog frontend(FrontendSpec spec, RuntimeNames names) {
        LogFormat format = spec.settings().find(ProxySettings.LOG_FORMAT)
                .map(f -> LogFormat.compile(f, LogFormat.Use.LOG, names))
                .orElseGet(() -> LogFormat.withoutFormat(spec.mode(), names));
        return new FrontendLog(List.of(), format, false, false, false, false);
    }
}
