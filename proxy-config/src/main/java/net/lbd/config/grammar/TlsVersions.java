package net.lbd.config.grammar;

import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.model.TlsVersion;
import net.lbd.config.syntax.SourceLocation;

/** The many words that bound the versions of TLS. Stateless. */
public final class TlsVersions {

    private TlsVersions() { }

    public static final ArgumentType<TlsVersion> VERSION = text -> TlsVersion.byKeyword(text).orElseThrow(() ->
            new ValueException(text.equals("SSLv3")
                    ? "SSLv3 is not supported; use TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"
                    : "'" + text + "' is not a version; use TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3"));

    /** {@code no-tlsvNN}: takes one version off an end of the range. */
    public static void without(
            TlsVersion version, Setting<TlsVersion> min, Setting<TlsVersion> max, Settings.Builder settings,
            SourceLocation location) {
        TlsVersion lowest = settings.find(min).map(Settings.Sourced::value).orElse(min.defaultValue().orElseThrow());
        TlsVersion highest = settings.find(max).map(Settings.Sourced::value).orElse(max.defaultValue().orElseThrow());
        TlsVersion[] all = TlsVersion.values();
        if (version == highest && highest.ordinal() > 0) {
            settings.put(max, all[highest.ordinal() - 1], location);
        } else if (version.compareTo(lowest) >= 0 && version.compareTo(highest) < 0) {
            settings.put(min, all[version.ordinal() + 1], location);
        }
    }

    /** {@code force-tlsvNN}. */
    public static void only(
            TlsVersion version, Setting<TlsVersion> min, Setting<TlsVersion> max, Settings.Builder settings,
            SourceLocation location) {
        settings.put(min, version, location);
        settings.put(max, version, location);
    }
}
