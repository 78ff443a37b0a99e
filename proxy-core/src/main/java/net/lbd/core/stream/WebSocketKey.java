package net.lbd.core.stream;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.WebSocketAccept;

/**
 * The key by which an HTTP/1 server proves that it speaks WebSocket, for a client whose version of HTTP has none. Immutable.
 * Source: RFC 6455 §4, RFC 8441 §5.
 */
final class WebSocketKey {

    private static final byte[] KEY = Ascii.bytes("sec-websocket-key");
    private static final byte[] ACCEPT = Ascii.bytes("sec-websocket-accept");
    private static final byte[] UPGRADE = Ascii.bytes("upgrade");
    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    WebSocketKey() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        key = Base64.getEncoder().encode(nonce);
    }

    /** Puts the headers of an upgrade into a request. */
    void ask(HttpMessage request) {
        request.removeAll(KEY);
        request.add(UPGRADE, WEBSOCKET);
        request.add(KEY, key);
    }

    /** Whether a 101 answers to this key. Takes the proof out: the client has not asked for one. */
    boolean isAnsweredBy(HttpMessage response) {
        int at = response.find(ACCEPT, 0);
        if (at < 0) {
            return false;
        }
        byte[] bytes = response.bytes();
        byte[] proof = Arrays.copyOfRange(bytes, response.valueOffset(at), response.valueOffset(at) + response.valueLength(at));
        response.removeAll(ACCEPT);
        return Arrays.equals(proof, WebSocketAccept.of(key));
    }
}
