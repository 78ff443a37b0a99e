package net.lbd.core.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;

/** The credentials of a request's Authorization header, scheme Basic. Immutable. Source: RFC 7617 §2. */
public record Credentials(String user, String password) {

    private static final byte[] BASIC = Ascii.bytes("basic");

    /** Empty if there are none, or they are not well formed. One character for each byte. */
    public static Optional<Credentials> of(HttpMessage request) {
        int header = request.isPresent() ? request.credentials() : -1;
        if (header < 0) {
            return Optional.empty();
        }
        byte[] bytes = request.bytes();
        int from = request.valueOffset(header);
        int end = from + request.valueLength(header);
        if (end - from <= BASIC.length || !Ascii.equalsIgnoreCase(bytes, from, BASIC) || bytes[from + BASIC.length] != ' ') {
            return Optional.empty();
        }
        String encoded = Ascii.text(bytes, from + BASIC.length, end - from - BASIC.length).strip();
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            // Not Base64: whoever sent it has no credentials.
            return Optional.empty();
        }
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return user;
    }
}
