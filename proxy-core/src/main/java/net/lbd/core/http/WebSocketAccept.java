package net.lbd.core.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** How a server of HTTP/1 proves that it speaks WebSocket. Pure function. Source: RFC 6455 §4.2.2. */
public final class WebSocketAccept {

    private static final byte[] GUID = Ascii.bytes("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");

    private WebSocketAccept() { }

    /** The Sec-WebSocket-Accept that answers to a Sec-WebSocket-Key. */
    public static byte[] of(byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(key);
            digest.update(GUID);
            return Base64.getEncoder().encode(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
