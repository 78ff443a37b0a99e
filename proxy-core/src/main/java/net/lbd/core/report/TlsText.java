package net.lbd.core.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.lbd.core.listen.Frontend;
import net.lbd.core.stats.TlsCounters;

/**
 * What the Prometheus exporter tells of TLS under names of our own, HAProxy having none: handshakes of each frontend's clients, those that
 * failed by their reasons, and when certificates end. A family without a sample is left out. Pure functions.
 */
final class TlsText {

    private TlsText() { }

    /** Handshakes; a reason that never came is a sample of 0, so that an alert can look at its growth. */
    static void handshakes(StringBuilder out, List<Frontend> frontends) {
        List<Frontend> speaking = frontends.stream().filter(TlsText::speaksTls).toList();
        if (speaking.isEmpty()) {
            return;
        }
        head(out, "lbd_frontend_tls_handshakes_total", "TLS handshakes that succeeded", "counter");
        speaking.forEach(f -> sample(out, "lbd_frontend_tls_handshakes_total", f, "", f.counters().tls.handshakes.sum()));
        head(out, "lbd_frontend_tls_resumed_total", "TLS handshakes that resumed a session", "counter");
        speaking.forEach(f -> sample(out, "lbd_frontend_tls_resumed_total", f, "", f.counters().tls.resumed.sum()));
        head(out, "lbd_frontend_tls_failures_total", "TLS handshakes that failed, by the reason", "counter");
        for (Frontend frontend : speaking) {
            for (TlsCounters.Failure reason : TlsCounters.Failure.values()) {
                sample(out, "lbd_frontend_tls_failures_total", frontend, ",reason=\"" + reason.name().toLowerCase(Locale.ROOT) + '"',
                        frontend.counters().tls.failures(reason).sum());
            }
        }
    }

    private static boolean speaksTls(Frontend frontend) {
        return frontend.counters().tls.handshakes.sum() > 0
                || List.of(TlsCounters.Failure.values()).stream().anyMatch(reason -> frontend.counters().tls.failures(reason).sum() > 0);
    }

    /** @param ends by the certificates' files */
    static void certificates(StringBuilder out, Map<String, Instant> ends, Instant now) {
        if (ends.isEmpty()) {
            return;
        }
        head(out, "lbd_certificate_end_seconds", "When the certificate of a file ends, in seconds since 1970", "gauge");
        ends.forEach((file, end) -> out.append("lbd_certificate_end_seconds{file=").append(PrometheusText.quoted(file)).append("} ")
                .append(end.getEpochSecond()).append('\n'));
        head(out, "lbd_certificate_days_left", "Whole days that the certificate of a file is still valid; below 0 once it has ended", "gauge");
        ends.forEach((file, end) -> out.append("lbd_certificate_days_left{file=").append(PrometheusText.quoted(file)).append("} ")
                .append(Math.floorDiv(Duration.between(now, end).getSeconds(), 86_400)).append('\n'));
    }

    private static void head(StringBuilder out, String name, String doc, String type) {
        out.append("# HELP ").append(name).append(' ').append(doc).append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void sample(StringBuilder out, String name, Frontend frontend, String more, long value) {
        out.append(name).append("{proxy=").append(PrometheusText.quoted(frontend.name())).append(more).append("} ").append(value).append('\n');
    }
}
