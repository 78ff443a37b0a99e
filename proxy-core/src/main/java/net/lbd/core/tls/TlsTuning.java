package net.lbd.core.tls;

import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Settings;

/**
 * The {@code tune.ssl} words. Immutable. Source: HAProxy manual, "Performance tuning".
 *
 * @param cacheEntries sessions that a certificate of a bind keeps, of clients that take no tickets; 0: none
 * @param lifetimeSeconds how long sessions of TLS 1.2 and older can be resumed
 * @param maxRecordBytes the most of a message that goes into one record; 0: as the protocol has it
 * @param captureBytes how much is kept of what clients' hellos offer; 0: nothing
 */
record TlsTuning(int cacheEntries, int lifetimeSeconds, int maxRecordBytes, int captureBytes) {

    static TlsTuning of(Settings global) {
        return new TlsTuning(global.get(GlobalSettings.SSL_CACHE_SIZE), (int) Math.max(1, global.get(GlobalSettings.SSL_LIFETIME).toSeconds()),
                smaller(global.get(GlobalSettings.SSL_MAX_RECORD), global.get(GlobalSettings.SSL_HARD_MAX_RECORD)), global.get(GlobalSettings.SSL_CAPTURE));
    }

    /** 0 stands for no limit. */
    private static int smaller(int a, int b) {
        return a == 0 || b == 0 ? Math.max(a, b) : Math.min(a, b);
    }
}
