package net.lbd.core.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import net.lbd.core.session.TlsFaults;

/**
 * Why a TLS handshake has failed, by the numbers and words of OpenSSL 3, which administrators look up, whatever library speaks TLS
 * here. Pure functions. Source: {@code openssl errstr}; HAProxy manual, "ssl_fc_err".
 */
public final class HandshakeFault {

    /** The library "SSL routines" in a number of OpenSSL 3. */
    private static final long SSL = 20L << 23;
    /** Alerts of the peer are this above their number (RFC 8446 §6). */
    private static final int ALERT = 1000;
    private static final Pattern BORINGSSL = Pattern.compile("error:([0-9a-fA-F]{8}):[^:]*:[^:]*:([A-Z0-9_]+)");
    private static final long REASON = 0xfff;

    private record Reason(int number, String text) { }

    private static final Reason HTTP = new Reason(156, "http request");
    private static final Reason WRONG_VERSION = new Reason(267, "wrong version number");
    private static final Reason VERIFY = new Reason(134, "certificate verify failed");
    /** Our own refusal of a name, which HAProxy makes in a callback of the library. */
    private static final Reason CALLBACK = new Reason(234, "callback failed");
    private static final Reason HANDSHAKE = new Reason(229, "ssl handshake failure");

    /** BoringSSL's names of reasons, where OpenSSL has another number or name. */
    private static final Map<String, Reason> REASONS = Map.ofEntries(
            Map.entry("HTTP_REQUEST", HTTP), Map.entry("HTTPS_PROXY_REQUEST", new Reason(155, "https proxy request")),
            Map.entry("WRONG_VERSION_NUMBER", WRONG_VERSION), Map.entry("WRONG_SSL_VERSION", new Reason(266, "wrong ssl version")),
            Map.entry("UNSUPPORTED_PROTOCOL", new Reason(258, "unsupported protocol")),
            Map.entry("NO_SHARED_CIPHER", new Reason(193, "no shared cipher")),
            Map.entry("NO_SHARED_GROUP", new Reason(101, "no suitable key share")),
            Map.entry("NO_COMMON_SIGNATURE_ALGORITHMS", new Reason(118, "no suitable signature algorithm")),
            Map.entry("PEER_DID_NOT_RETURN_A_CERTIFICATE", new Reason(199, "peer did not return a certificate")),
            Map.entry("CERTIFICATE_VERIFY_FAILED", VERIFY),
            Map.entry("INAPPROPRIATE_FALLBACK", new Reason(373, "inappropriate fallback")),
            Map.entry("NO_APPLICATION_PROTOCOL", new Reason(235, "no application protocol")),
            Map.entry("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", new Reason(281, "decryption failed or bad record mac")),
            Map.entry("BAD_SIGNATURE", new Reason(123, "bad signature")), Map.entry("DIGEST_CHECK_FAILED", new Reason(149, "digest check failed")),
            Map.entry("UNEXPECTED_MESSAGE", new Reason(244, "unexpected message")), Map.entry("UNEXPECTED_RECORD", new Reason(245, "unexpected record")),
            Map.entry("EXCESSIVE_MESSAGE_SIZE", new Reason(152, "excessive message size")),
            Map.entry("LENGTH_MISMATCH", new Reason(159, "length mismatch")), Map.entry("DECODE_ERROR", new Reason(159, "length mismatch")));

    private HandshakeFault() { }

    /** What went wrong; {@link TlsFaults#NONE} for a peer that has just gone, and for what is no matter of TLS. */
    public static TlsFaults of(Throwable cause) {
        if (!(cause instanceof SSLException)) {
            return TlsFaults.NONE;
        }
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof CertificateException) {
                return faults(VERIFY);
            }
        }
        if (cause instanceof NotSslRecordException) {
            return faults(isHttp(String.valueOf(cause.getMessage())) ? HTTP : WRONG_VERSION);
        }
        Matcher matcher = BORINGSSL.matcher(String.valueOf(cause.getMessage()));
        if (!matcher.find()) {
            return faults(cause instanceof UnknownNameException ? CALLBACK : HANDSHAKE);
        }
        Reason known = REASONS.get(matcher.group(2));
        if (known != null) {
            return faults(known);
        }
        int number = (int) (Long.parseLong(matcher.group(1), 16) & REASON);
        // An alert has the same number in both; of the rest the words must do.
        return faults(new Reason(number > ALERT ? number : 0, matcher.group(2).toLowerCase(Locale.ROOT).replace('_', ' ')));
    }

    /** Netty tells the bytes in hexadecimal: a method begins with a capital letter. */
    private static boolean isHttp(String message) {
        int at = message.lastIndexOf(' ') + 1;
        return at + 8 <= message.length() && message.substring(at, at + 8).matches("(474554|504f53|484541|505554|4f5054|434f4e|44454c|544241|545241)..");
    }

    private static TlsFaults faults(Reason reason) {
        long error = SSL | reason.number;
        return new TlsFaults(error, String.format(Locale.ROOT, "error:%08X:SSL routines::%s", error, reason.text), 0, 0, 0, 0);
    }
}
