package net.lbd.core.sample;

import java.nio.charset.StandardCharsets;

/**
 * Text of the configuration as the bytes that it is compared with on the wire. Files are read as UTF-8,
 * so that is what the bytes are. Pure functions.
 */
public final class ConfiguredText {

    private ConfiguredText() { }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same bytes as one character each, for a {@link ByteRegex}. */
    static String asBytes(String text) {
        return new String(bytes(text), StandardCharsets.ISO_8859_1);
    }
}
