package net.lbd.core.stats;

import java.util.concurrent.atomic.LongAdder;
import net.lbd.core.session.TlsFaults;

/** TLS handshakes with the clients of a frontend, and why they failed. Survives reloads. Thread-safe: adders. */
public final class TlsCounters {

    /** Why a handshake has failed. */
    public enum Failure {
        /** The client closed in the middle of it. */
        CLOSED,
        /** It took too long. */
        TIMEOUT,
        /** What came was no TLS. */
        NOT_TLS,
        /** No version in common. */
        VERSION,
        /** No cipher, curve or signature in common. */
        CIPHER,
        /** The client showed no certificate where one is wanted. */
        NO_CERTIFICATE,
        /** The client's certificate is not trusted. */
        CERTIFICATE,
        /** No certificate for the name that the client asked for, under strict-sni. */
        NAME,
        /** The client refused, as when it does not trust our certificate. */
        ALERT,
        OTHER;

        /** The kind of a failure that OpenSSL's number tells. */
        public static Failure of(TlsFaults faults) {
            int reason = (int) (faults.error() & 0x7fffff);
            if (faults.certificate() != 0 || faults.authority() != 0) {
                return CERTIFICATE;
            }
            return switch (reason) {
                case 155, 156, 266, 267 -> NOT_TLS;
                case 258, 373 -> VERSION;
                case 101, 118, 193 -> CIPHER;
                case 199 -> NO_CERTIFICATE;
                case 134 -> CERTIFICATE;
                case 234 -> NAME;
                default -> reason > ALERTS ? ALERT : OTHER;
            };
        }

        private static final int ALERTS = 1000;
    }

    /** Handshakes that succeeded. */
    public final LongAdder handshakes = new LongAdder();
    /** Those of them that resumed a session. */
    public final LongAdder resumed = new LongAdder();
    private final LongAdder[] failures = new LongAdder[Failure.values().length];

    public TlsCounters() {
        for (int i = 0; i < failures.length; i++) {
            failures[i] = new LongAdder();
        }
    }

    /** Handshakes that failed for this reason. */
    public LongAdder failures(Failure reason) {
        return failures[reason.ordinal()];
    }
}
