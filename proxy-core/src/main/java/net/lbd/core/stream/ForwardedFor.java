package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.config.model.ForwardFor;
import net.lbd.core.http.Ascii;
import net.lbd.core.session.Peer;

/**
 * {@code option forwardfor} and {@code option originalto}: tell the server who the client is, and what it came to, each in a header of
 * its own behind those that the client may have sent. Either side may ask for it: the backend's name of the header counts before the
 * frontend's, either exception keeps it out, and it is added to what is there unless both say {@code if-none}. Pure functions. Source:
 * HAProxy manual, "option forwardfor", "option originalto".
 */
final class ForwardedFor {

    private static final byte[] DEFAULT_NAME = Ascii.bytes("X-Forwarded-For");
    private static final byte[] DEFAULT_LOWER = Ascii.bytes("x-forwarded-for");

    private ForwardedFor() { }

    static void add(Stream stream) {
        add(stream, stream.frontend().policy().forwardFor(), stream.backend().policy().forwardFor(), stream.session().source());
    }

    static void addOriginalTo(Stream stream) {
        add(stream, stream.frontend().policy().http().originalTo(), stream.backend().policy().http().originalTo(),
                stream.session().destination());
    }

    private static void add(Stream stream, Optional<ForwardFor> ofFrontend, Optional<ForwardFor> ofBackend, Peer peer) {
        if (ofFrontend.isEmpty() && ofBackend.isEmpty() || !peer.isIp() || isExcepted(ofFrontend, peer) || isExcepted(ofBackend, peer)) {
            return;
        }
        ForwardFor option = ofBackend.isPresent() ? ofBackend.get() : ofFrontend.orElseThrow();
        boolean usual = option.header() == ForwardFor.DEFAULT.header();
        byte[] name = usual ? DEFAULT_NAME : Ascii.bytes(option.header());
        boolean onlyIfNone = (ofFrontend.isEmpty() || ofFrontend.get().onlyIfNone()) && (ofBackend.isEmpty() || ofBackend.get().onlyIfNone());
        if (onlyIfNone && stream.request().find(usual ? DEFAULT_LOWER : lower(name), 0) >= 0) {
            return;
        }
        stream.request().add(name, peer.text());
    }

    private static boolean isExcepted(Optional<ForwardFor> option, Peer peer) {
        return option.isPresent() && option.get().except().isPresent() && option.get().except().get().contains(peer.address());
    }

    private static byte[] lower(byte[] name) {
        byte[] lower = name.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Ascii.lower(lower[i]);
        }
        return lower;
    }
}
