package net.lbd.core.http;

import java.util.Locale;
import java.util.Optional;

/** What {@code Accept-Encoding} of a request takes. Pure functions. Source: RFC 9110 §12.5.3. */
final class AcceptedCodings {

    private static final byte[] ACCEPT_ENCODING = Ascii.bytes("accept-encoding");

    private AcceptedCodings() { }

    /** Whether the request takes content with these codings, parted by commas. */
    static boolean takes(HttpMessage request, String codings) {
        Optional<String> header = CachedResponse.text(request, ACCEPT_ENCODING);
        if (header.isEmpty()) {
            return false;
        }
        for (String coding : codings.split(",")) {
            if (!takesOne(header.get(), coding.strip().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    private static boolean takesOne(String header, String coding) {
        boolean any = false;
        for (String part : header.split(",")) {
            String[] words = part.split(";");
            String name = words[0].strip().toLowerCase(Locale.ROOT);
            boolean taken = words.length < 2 || !words[1].strip().matches("(?i)q=0(\\.0*)?");
            if (name.equals(coding) || name.equals("x-" + coding)) {
                return taken;
            }
            any |= name.equals("*") && taken;
        }
        return any;
    }
}
