package net.lbd.health.check;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What to do about a TLS handshake with a server that failed, by what the engine says of it. The texts of BoringSSL and of the JDK name the
 * fault and nobody's line of the configuration. Pure functions.
 */
final class HandshakeAdvice {

    private static final String VERSION = "the server speaks none of the versions of TLS that are offered: switch TLS 1.2 on there,"
            + " or write 'ssl-min-ver TLSv1.0' on its server line";
    private static final String SUITES = "the server takes none of the cipher suites that are offered ('ciphers'), or wants a client certificate ('crt')";
    private static final String NO_TLS = "what answers there speaks no TLS: is it the right port?";
    private static final String AUTHORITY = "its certificate is not signed by an authority of 'ca-file', or it does not send those in between";

    /** Parts of the engines' messages. */
    private static final Map<String, String> BY_FAULT = new TreeMap<>(Map.of(
            "ALERT_PROTOCOL_VERSION", VERSION, "UNSUPPORTED_PROTOCOL", VERSION, "protocol_version", VERSION,
            "ALERT_HANDSHAKE_FAILURE", SUITES, "handshake_failure", SUITES,
            "not an SSL/TLS record", NO_TLS, "WRONG_VERSION_NUMBER", NO_TLS,
            "valid certification path", AUTHORITY));

    private HandshakeAdvice() { }

    /** The message, and behind it what to do if that is known. */
    static String explain(String message) {
        Optional<String> advice = BY_FAULT.entrySet().stream().filter(e -> message.contains(e.getKey())).map(Map.Entry::getValue).findFirst();
        return advice.map(text -> message + "; " + text).orElse(message);
    }
}
