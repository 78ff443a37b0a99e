package net.lbd.core.stream;

import java.util.Optional;
import net.lbd.config.model.CompressionSpec.Algorithm;
import net.lbd.core.http.CompressionPolicy;
import net.lbd.core.http.Compressor;
import net.lbd.core.http.HttpMessage;

/** Decides for an exchange whether its response is compressed: the backend's lines count before the frontend's. Pure functions. */
final class Compression {

    private Compression() { }

    private static Optional<CompressionPolicy> policy(HttpStream stream) {
        Optional<CompressionPolicy> backend = stream.backend().policy().http().compression();
        return backend.isPresent() ? backend : stream.frontend().policy().http().compression();
    }

    /** Looks at the request before it goes to the server. */
    static void prepare(HttpStream stream) {
        Optional<CompressionPolicy> policy = policy(stream);
        if (policy.isEmpty()) {
            return;
        }
        Optional<Algorithm> algorithm = policy.get().choose(stream.request());
        stream.responseSide().setCompression(algorithm);
        if (algorithm.isPresent() && policy.get().isOffload()) {
            CompressionPolicy.hideAcceptance(stream.request());
        }
    }

    /**
     * Begins to compress a response, if it is one that may be, and says so in its head.
     *
     * @param chunked the client's version of HTTP has chunks
     */
    static Optional<Compressor> begin(HttpStream stream, Algorithm algorithm, HttpMessage response, long framing, boolean chunked) {
        boolean taken = policy(stream).filter(p -> p.takes(response, framing)).isPresent();
        if (!taken || algorithm == Algorithm.IDENTITY) {
            return Optional.empty();
        }
        CompressionPolicy.announce(response, algorithm);
        return Optional.of(new Compressor(algorithm, chunked));
    }
}
