package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.config.model.ForwardFor;
import net.lbd.config.model.PatternSpec;
import net.lbd.core.http.Ascii;
import net.lbd.core.session.Peer;

/**
 * {@code option forwardfor}: tells the server who the client is, in a header of its own behind those
 * that the client may have sent. Pure functions. Source: HAProxy manual, "option forwardfor".
 */
final class ForwardedFor {

    private static final byte[] DEFAULT_NAME = Ascii.bytes("X-Forwarded-For");
    private static final byte[] DEFAULT_LOWER = Ascii.bytes("x-forwarded-for");

    private ForwardedFor() { }

    /** The backend's option counts before the frontend's, as in HAProxy. */
    static void add(Stream stream) {
        Optional<ForwardFor> option = stream.backend().policy().forwardFor();
        if (option.isEmpty()) {
            option = stream.frontend().policy().forwardFor();
        }
        Peer source = stream.session().source();
        if (option.isEmpty() || !source.isIp()) {
            return;
        }
        ForwardFor forward = option.get();
        if (forward.except().isPresent() && contains(forward.except().get(), source.address())) {
            return;
        }
        boolean usual = forward == ForwardFor.DEFAULT;
        byte[] name = usual ? DEFAULT_NAME : Ascii.bytes(forward.header());
        if (forward.onlyIfNone()) {
            byte[] lower = usual ? DEFAULT_LOWER : lower(name);
            if (stream.request().find(lower, 0) >= 0) {
                return;
            }
        }
        stream.request().add(name, source.text());
    }

    private static byte[] lower(byte[] name) {
        byte[] lower = name.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Ascii.lower(lower[i]);
        }
        return lower;
    }

    private static boolean contains(PatternSpec.Network network, byte[] address) {
        byte[] base = network.address().getAddress();
        if (base.length != address.length) {
            return false;
        }
        int bits = network.prefixLength();
        for (int i = 0; i < base.length && bits > 0; i++, bits -= 8) {
            int mask = bits >= 8 ? 0xff : 0xff << 8 - bits & 0xff;
            if ((base[i] & mask) != (address[i] & mask)) {
                return false;
            }
        }
        return true;
    }
}
