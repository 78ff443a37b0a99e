package net.lbd.core.http;

import java.util.List;
import java.util.Optional;
import net.lbd.config.model.CompressionSpec;
import net.lbd.config.model.CompressionSpec.Algorithm;

/**
 * Whether and how a response is compressed, as the lines of one proxy say it. Immutable. Source: HAProxy manual, "compression";
 * RFC 9110 §12.5.3; compared with HAProxy 2.6.
 */
public final class CompressionPolicy {

    private static final byte[] ACCEPT_ENCODING = Ascii.bytes("accept-encoding");
    private static final byte[] USER_AGENT = Ascii.bytes("user-agent");
    private static final byte[] CONTENT_ENCODING = Ascii.bytes("content-encoding");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] ETAG = Ascii.bytes("etag");
    private static final byte[] NO_TRANSFORM = Ascii.bytes("no-transform");
    private static final byte[] MULTIPART = Ascii.bytes("multipart");
    private static final int FULL_QUALITY = 1000;

    private final Algorithm[] algorithms;
    private final byte[][] types;
    private final int minimumBytes;
    private final boolean offload;

    private CompressionPolicy(CompressionSpec spec) {
        algorithms = spec.algorithms().toArray(Algorithm[]::new);
        types = spec.types().stream().map(t -> Ascii.bytes(t.toLowerCase(java.util.Locale.ROOT))).toArray(byte[][]::new);
        minimumBytes = spec.minimumBytes();
        offload = spec.offload();
    }

    /** Empty if nothing is compressed. */
    public static Optional<CompressionPolicy> of(CompressionSpec spec) {
        return spec.algorithms().isEmpty() ? Optional.empty() : Optional.of(new CompressionPolicy(spec));
    }

    public boolean isOffload() {
        return offload;
    }

    /** Takes from a request what would let the server compress. */
    public static void hideAcceptance(HttpMessage request) {
        request.removeAll(ACCEPT_ENCODING);
    }

    /** The algorithm that the client likes best; of several that it likes equally, the one it names first. */
    public Optional<Algorithm> choose(HttpMessage request) {
        if (!request.isAtLeast11() || isOldBrowser(request)) {
            return Optional.empty();
        }
        Algorithm best = null;
        int bestQuality = 0;
        for (int h = request.find(ACCEPT_ENCODING, 0); h >= 0; h = request.find(ACCEPT_ENCODING, h + 1)) {
            String value = Ascii.text(request.bytes(), request.valueOffset(h), request.valueLength(h));
            for (String element : value.split(",")) {
                String[] parts = element.split(";", 2);
                int quality = parts.length > 1 ? quality(parts[1].strip()) : FULL_QUALITY;
                Algorithm found = quality > bestQuality ? named(parts[0].strip()) : null;
                if (found != null) {
                    best = found;
                    bestQuality = quality;
                }
            }
        }
        return best != null ? Optional.of(best) : List.of(algorithms).contains(Algorithm.IDENTITY)
                ? Optional.of(Algorithm.IDENTITY) : Optional.empty();
    }

    /** The last line that names it counts, as in HAProxy. */
    private Algorithm named(String coding) {
        for (int i = algorithms.length - 1; i >= 0; i--) {
            if (coding.equals("*") || coding.equalsIgnoreCase(algorithms[i].coding())) {
                return algorithms[i];
            }
        }
        return null;
    }

    private static int quality(String parameter) {
        if (!parameter.matches("[qQ]=[01](\\.[0-9]{0,3})?")) {
            return FULL_QUALITY;
        }
        return (int) Math.round(Math.min(1, Double.parseDouble(parameter.substring(2))) * FULL_QUALITY);
    }

    /** Netscape and early Internet Explorers claim more than they can. */
    private static boolean isOldBrowser(HttpMessage request) {
        int h = request.find(USER_AGENT, 0);
        if (h < 0) {
            return false;
        }
        String agent = Ascii.text(request.bytes(), request.valueOffset(h), request.valueLength(h));
        if (!agent.startsWith("Mozilla/4")) {
            return false;
        }
        int msie = agent.indexOf("MSIE ");
        if (msie < 0) {
            return true;
        }
        String version = agent.substring(msie + 5).replaceAll("[^0-9].*", "");
        int major = version.isEmpty() || version.length() > 3 ? 0 : Integer.parseInt(version);
        return major < 6 || major == 6 && !agent.contains("SV1");
    }

    /**
     * Whether this response may be compressed.
     *
     * @param framing as {@link MessageFraming} has it
     */
    public boolean takes(HttpMessage response, long framing) {
        boolean sized = framing > 0 && framing >= minimumBytes || framing == MessageFraming.CHUNKED;
        int status = response.status();
        if (!sized || !response.isAtLeast11() || status < 200 || status > 203 || response.find(CONTENT_ENCODING, 0) >= 0
                || !hasUsableTag(response)) {
            return false;
        }
        for (int h = response.find(CACHE_CONTROL, 0); h >= 0; h = response.find(CACHE_CONTROL, h + 1)) {
            if (holds(response.bytes(), response.valueOffset(h), response.valueLength(h), NO_TRANSFORM)) {
                return false;
            }
        }
        int type = response.find(CONTENT_TYPE, 0);
        if (type < 0) {
            return types.length == 0;
        }
        if (begins(response, type, MULTIPART)) {
            return false;
        }
        for (byte[] wanted : types) {
            if (begins(response, type, wanted)) {
                return true;
            }
        }
        return types.length == 0;
    }

    private static boolean begins(HttpMessage head, int h, byte[] lower) {
        return head.valueLength(h) >= lower.length && Ascii.equalsIgnoreCase(head.bytes(), head.valueOffset(h), lower);
    }

    private static boolean holds(byte[] bytes, int offset, int length, byte[] lower) {
        for (int i = offset; i + lower.length <= offset + length; i++) {
            if (Ascii.equalsIgnoreCase(bytes, i, lower)) {
                return true;
            }
        }
        return false;
    }

    /** No tag, or one of the form that RFC 9110 §8.8.3 has. */
    private static boolean hasUsableTag(HttpMessage response) {
        int tag = response.find(ETAG, 0);
        if (tag < 0) {
            return true;
        }
        byte[] bytes = response.bytes();
        int at = response.valueOffset(tag);
        int end = at + response.valueLength(tag);
        if (end - at >= 2 && bytes[at] == 'W' && bytes[at + 1] == '/') {
            at += 2;
        }
        return response.find(ETAG, tag + 1) < 0 && end - at >= 2 && bytes[at] == '"' && bytes[end - 1] == '"';
    }

    /** Says in the head of a response that it is compressed. */
    public static void announce(HttpMessage response, Algorithm algorithm) {
        if (algorithm == Algorithm.IDENTITY) {
            return;
        }
        int tag = response.find(ETAG, 0);
        if (tag >= 0 && response.bytes()[response.valueOffset(tag)] != 'W') {
            // The bytes are not the same any more.
            byte[] weak = new byte[response.valueLength(tag) + 2];
            weak[0] = 'W';
            weak[1] = '/';
            System.arraycopy(response.bytes(), response.valueOffset(tag), weak, 2, response.valueLength(tag));
            response.remove(tag);
            response.add(Ascii.bytes("ETag"), weak);
        }
        if (response.find(KnownHeader.TRANSFER_ENCODING, 0) < 0) {
            response.removeKnown(KnownHeader.CONTENT_LENGTH);
            response.add(Ascii.bytes("Transfer-Encoding"), Ascii.bytes("chunked"));
        }
        response.add(Ascii.bytes("Vary"), Ascii.bytes("Accept-Encoding"));
        response.add(Ascii.bytes("Content-Encoding"), Ascii.bytes(algorithm.coding()));
    }
}
