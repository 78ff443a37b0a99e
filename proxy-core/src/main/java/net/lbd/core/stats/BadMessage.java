package net.lbd.core.stats;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * A request or response that was refused, for {@code show errors}. Immutable. The values of headers that hold credentials are
 * overwritten with asterisks before anything is kept: what an administrator shows around must not log anybody in.
 *
 * @param server empty for a request
 * @param reason in words
 * @param bytes from the first byte of the message on; at most {@link #MAX_BYTES}
 * @param length of the message as far as it was read
 * @param position of the byte that was refused
 */
public record BadMessage(Instant when, boolean response, String frontend, String backend, String server, String client, long event,
        String reason, byte[] bytes, int length, int position) {

    public static final int MAX_BYTES = 64 * 1024;
    private static final String[] SECRET = {"authorization:", "proxy-authorization:", "cookie:", "set-cookie:"};

    public BadMessage {
        Objects.requireNonNull(when, "when");
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(bytes, "bytes");
    }

    /** A copy of a message's bytes in which no credentials stand; every byte keeps its place. */
    public static byte[] masked(byte[] from, int offset, int length) {
        byte[] copy = new byte[Math.min(length, MAX_BYTES)];
        System.arraycopy(from, offset, copy, 0, copy.length);
        boolean secret = false;
        int lineStart = 0;
        for (int i = 0; i < copy.length; i++) {
            if (i == lineStart && !(secret && (copy[i] == ' ' || copy[i] == '\t'))) {
                // A line that begins with a blank goes on with the header before it.
                secret = false;
            }
            if (copy[i] == '\n') {
                lineStart = i + 1;
            } else if (secret && copy[i] != '\r') {
                copy[i] = '*';
            } else if (copy[i] == ':' && isSecret(copy, lineStart, i + 1)) {
                secret = true;
            }
        }
        return copy;
    }

    private static boolean isSecret(byte[] bytes, int from, int end) {
        String name = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1).replaceAll("[ \\t]", "").toLowerCase(Locale.ROOT);
        for (String each : SECRET) {
            if (name.equals(each)) {
                return true;
            }
        }
        return false;
    }
}
